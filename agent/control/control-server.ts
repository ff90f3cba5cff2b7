import { chmodSync, mkdirSync, unlinkSync } from "node:fs";
import type { Server } from "node:http";
import { connect } from "node:net";
import { dirname } from "node:path";
import { StoreloopError } from "../core/errors.ts";
import { answer } from "./control-routes.ts";
import type { ControlSource } from "./control-source.ts";
import { controlSocketPath } from "./socket-path.ts";

// Not imported: an ES import of node:http also loads what hangs on it, a whole WebSocket client, 4 MB.
const { createServer } = process.getBuiltinModule("node:http");

/** More than a few terminals and a page never ask at once; the rest would only cost memory. */
const mostClients = 32;

/**
 * Opens the control socket `<dataDir>/control.sock` (mode 0600) and serves `source` on it, as HTTP over a unix socket, until
 * disposed. What a dead daemon left there is replaced. Open it after the ledger: the ledger's own lock is what rules out two daemons;
 * a socket that answers is only the friendlier message.
 *
 * Errors: `LEDGER_LOCKED` when another daemon answers there, `CONTROL_SOCKET_PATH` when the path is too long,
 * `LEDGER_UNWRITABLE` when the folder refuses.
 */
export async function openControl(source: ControlSource, dataDir: string): Promise<AsyncDisposable> {
  const path = controlSocketPath(dataDir);
  const closing = new AbortController();
  const server = createServer((request, response) => answer(source, request, response, closing.signal));
  server.maxConnections = mostClients;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    await listen(server, path);
    chmodSync(path, 0o600);
  } catch (error) {
    if (error instanceof StoreloopError) throw error;
    throw new StoreloopError(
      "LEDGER_UNWRITABLE",
      { "zh-CN": `无法建立控制套接字 ${path}`, en: `cannot open the control socket ${path}` },
      { cause: error },
    );
  }
  return {
    [Symbol.asyncDispose]: async () => {
      closing.abort();
      await close(server);
    },
  };
}

async function listen(server: Server, path: string): Promise<void> {
  try {
    await tryListen(server, path);
  } catch (error) {
    if (!isCode(error, "EADDRINUSE")) throw error;
    if (await isAlive(path))
      throw new StoreloopError(
        "LEDGER_LOCKED",
        { "zh-CN": `${path} 上已有守护进程在运行`, en: `a daemon answers on ${path}` },
        { cause: error },
      );
    unlinkSync(path);
    await tryListen(server, path);
  }
}

function tryListen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    // The socket file is made inside listen(): with this mask nobody else can open it even for a moment.
    const before = process.umask(0o177);
    try {
      server.listen(path, () => {
        server.off("error", reject);
        resolve();
      });
    } finally {
      process.umask(before);
    }
  });
}

/** Whether somebody accepts connections there. A socket file nobody listens on refuses them (unix(7), ECONNREFUSED). */
function isAlive(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path);
    const done = (alive: boolean): void => {
      probe.destroy();
      resolve(alive);
    };
    probe.once("connect", () => done(true));
    // Any other failure (no permission, too many clients) means that there may be somebody: leave the file alone.
    probe.once("error", (error) => done(!isCode(error, "ECONNREFUSED") && !isCode(error, "ENOENT")));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && "code" in error && error.code === code;
