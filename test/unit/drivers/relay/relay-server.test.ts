import { once } from "node:events";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { RelayServer } from "../../../../drivers/relay-server.ts";
import { TempFolder } from "../../../support/temp-folder.ts";

function serverAt(path: string): RelayServer {
  return new RelayServer(path, { onAgent: () => undefined, onRetire: () => undefined, onFarewell: () => undefined });
}

/** Whether an agent that connects is greeted. */
async function isGreeted(path: string): Promise<boolean> {
  const agent = connect(path);
  const [first] = (await once(agent, "data")) as [Buffer];
  agent.destroy();
  return first.length > 0;
}

describe("relay server", () => {
  it("makes its socket again where it was taken away, and is found there", async () => {
    using folder = new TempFolder();
    const path = folder.file("relay");
    const server = serverAt(path);
    expect(await server.listen()).toBe(true);
    rmSync(path);
    expect(server.isReachable).toBe(false);
    expect(await server.listen()).toBe(true);
    expect(server.isReachable).toBe(true);
    expect(await isGreeted(path)).toBe(true);
    await server.close();
    expect(existsSync(path)).toBe(false);
  });

  it("says so while its folder is gone, and is found once it is back", async () => {
    using folder = new TempFolder();
    const path = folder.file("data/relay");
    const server = serverAt(path);
    expect(await server.listen()).toBe(false);
    mkdirSync(folder.file("data"));
    expect(await server.listen()).toBe(true);
    await server.close();
  });

  it("leaves the socket of another relay that is in its place alone, also when it ends", async () => {
    using folder = new TempFolder();
    const path = folder.file("relay");
    const [first, second] = [serverAt(path), serverAt(path)];
    await first.listen();
    rmSync(path);
    await second.listen();
    expect(await first.listen()).toBe(false);
    await first.close();
    expect(second.isReachable).toBe(true);
    expect(await isGreeted(path)).toBe(true);
    await second.close();
  });
});
