import { once } from "node:events";
import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { dirname } from "node:path";
import type { Readable } from "node:stream";
import type { Database, Table } from "./database.ts";
import { ReceiverError } from "./receiver-error.ts";

/** What a question on the socket is answered with, one JSON line. */
type Answer = { readonly table: Table } | { readonly error: string };

/** A path of a Unix socket has room for 108 bytes with its NUL (unix(7)). */
const longestPath = 107;

/** A question is never longer than this, in bytes. */
const longestQuestion = 1024 * 1024;

/**
 * Lets people on this machine ask the database through the receiver: one statement a connection, in a read-only transaction. It is
 * what makes PGlite readable from outside, which only one process can open. The socket is for its owner alone.
 */
export async function serveSql(path: string, database: Database): Promise<AsyncDisposable> {
  checkPath(path);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  if (await isAnswering(path)) throw new ReceiverError("RECEIVER_RUNNING", `another receiver answers on ${path}`);
  rmSync(path, { force: true });
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.once("close", () => sockets.delete(socket));
    void answer(socket, database);
  });
  server.listen(path);
  await once(server, "listening");
  chmodSync(path, 0o600);
  return {
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/**
 * Asks a running receiver one question.
 *
 * @throws ReceiverError `RECEIVER_NOT_RUNNING` when nobody answers, `RECEIVER_SQL` when the database refuses the statement.
 */
export async function askSql(path: string, statement: string): Promise<Table> {
  checkPath(path);
  const socket = connect(path);
  try {
    await once(socket, "connect");
    socket.end(JSON.stringify({ sql: statement }));
    const reply: unknown = JSON.parse(await text(socket, Infinity));
    return tableOf(reply);
  } catch (error) {
    if (error instanceof ReceiverError) throw error;
    throw new ReceiverError("RECEIVER_NOT_RUNNING", `no receiver answers on ${path}`, { cause: error });
  } finally {
    socket.destroy();
  }
}

async function answer(socket: Socket, database: Database): Promise<void> {
  let line: string;
  try {
    const table = await database.readOnly(statementOf(await text(socket, longestQuestion)));
    // Inside, because a text may become too long for JavaScript.
    line = written({ table });
  } catch (error) {
    line = written({ error: error instanceof Error ? error.message : String(error) });
  }
  socket.end(line);
}

function written(reply: Answer): string {
  return `${JSON.stringify(reply, showable)}\n`;
}

function statementOf(question: string): string {
  const asked: unknown = JSON.parse(question);
  if (typeof asked === "object" && asked !== null && "sql" in asked && typeof asked.sql === "string") return asked.sql;
  throw new ReceiverError("RECEIVER_USAGE", 'a question is {"sql":"..."}');
}

function tableOf(reply: unknown): Table {
  if (typeof reply === "object" && reply !== null) {
    if ("error" in reply) throw new ReceiverError("RECEIVER_SQL", String(reply.error));
    if ("table" in reply) return reply.table as Table;
  }
  throw new ReceiverError("RECEIVER_NOT_RUNNING", "what answers on the socket is no receiver");
}

/** Values JSON cannot say: bytes as PostgreSQL writes them, whole numbers beyond a double as text. */
function showable(this: unknown, key: string, value: unknown): unknown {
  // JSON.stringify asks a Buffer for its JSON form first, so look at the holder's own value.
  const own: unknown = typeof this === "object" && this !== null ? Reflect.get(this, key) : value;
  if (own instanceof Uint8Array) return `\\x${Buffer.from(own).toString("hex")}`;
  return typeof own === "bigint" ? own.toString() : value;
}

async function text(stream: Readable, longest: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > longest) throw new ReceiverError("RECEIVER_USAGE", "the statement is too long");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

async function isAnswering(path: string): Promise<boolean> {
  const socket = connect(path);
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

function checkPath(path: string): void {
  if (Buffer.byteLength(path) > longestPath) {
    throw new ReceiverError("RECEIVER_SOCKET_PATH", `the path of the socket is too long: ${path}`);
  }
}
