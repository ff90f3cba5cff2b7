import { connect, createServer, type AddressInfo } from "node:net";

/** The least that a TCP relay can be: both ways into each other, nothing else. Its argument is the port to connect to; it says its own. */
const target = Number(process.argv[2]);
const server = createServer({ noDelay: true }, (pos) => {
  const printer = connect({ host: "127.0.0.1", port: target, noDelay: true });
  pos.pipe(printer).pipe(pos);
  for (const socket of [pos, printer]) socket.on("error", () => undefined);
});
server.listen(0, "127.0.0.1", () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
