import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { probePcscd } from "../../../../drivers/nfc/pcscd-probe.ts";
import { TempFolder } from "../../../support/temp-folder.ts";

const never = new AbortController().signal;

/** What the probe makes of something that listens and does this with a connection. */
async function probe(serve: (socket: Socket) => void, timeoutMs = 5_000): Promise<string> {
  using folder = new TempFolder();
  const path = folder.file("pcscd.comm");
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    serve(socket);
  }).listen(path);
  await once(server, "listening");
  const state = await probePcscd(path, timeoutMs, never);
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
  return state;
}

describe("the look at pcscd", () => {
  it("finds one that answers", async () => {
    expect(await probe((socket) => socket.on("data", () => socket.write(Buffer.alloc(12))))).toBe("answers");
  });

  it("sends what pcscd takes for a version request", async () => {
    const received: Buffer[] = [];
    await probe((socket) =>
      socket.on("data", (bytes: Buffer) => {
        received.push(bytes);
        socket.write("x");
      }),
    );
    expect(Buffer.concat(received)).toHaveLength(20);
  });

  it("finds a hung one silent", async () => {
    expect(await probe(() => undefined, 50)).toBe("silent");
  });

  it("finds one denied that hangs up without a word", async () => {
    expect(await probe((socket) => socket.end())).toBe("denied");
  });

  it("finds none where there is no socket, no listener, or no more time", async () => {
    using folder = new TempFolder();
    expect(await probePcscd(folder.file("none"), 5_000, never)).toBe("absent");
    expect(await probePcscd(folder.path, 5_000, never)).toBe("absent");
    expect(await probePcscd(folder.file("none"), 5_000, AbortSignal.abort())).toBe("absent");
  });
});
