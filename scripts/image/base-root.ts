import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { authorityPath } from "./stage.ts";

const mirror = "http://deb.debian.org/debian";

/** What stands in for an official image: Debian's smallest system with Node.js and npm below /usr/local, as that image has them. */
export function baseRoot(image: string, checkout: string): string {
  const [, release] = /^node:24-(\w+)-slim$/.exec(image) ?? [];
  if (release === undefined) throw new Error(`FROM ${image}: this check knows node:24-RELEASE-slim only`);
  const root = join(checkout, ".runtime/image-base", release);
  if (existsSync(root)) return root;
  const unfinished = `${root}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(dirname(root), { recursive: true });
  run("debootstrap", "--variant=minbase", release, unfinished, mirror);
  addNode(unfinished);
  cpSync("/etc/resolv.conf", join(unfinished, "etc/resolv.conf"));
  const authorities = process.env["NODE_EXTRA_CA_CERTS"];
  if (authorities !== undefined) cpSync(authorities, join(unfinished, authorityPath), { dereference: true });
  renameSync(unfinished, root);
  return root;
}

/** A copy of a root to build a stage in. */
export function copyRoot(from: string, to: string): void {
  run("cp", "-a", from, to);
}

/** This process's own Node.js with its headers, and the machine's npm. */
function addNode(root: string): void {
  const local = join(root, "usr/local");
  const installation = dirname(dirname(process.execPath));
  cpSync(process.execPath, join(local, "bin/node"));
  cpSync(join(installation, "include/node"), join(local, "include/node"), { recursive: true });
  const modules = execFileSync("npm", ["root", "--global"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  }).trim();
  const ownNpm = [join(modules, "npm"), "/usr/lib/node_modules/npm", "/usr/share/nodejs/npm"].find((path) =>
    existsSync(path),
  );
  if (ownNpm === undefined) throw new Error("no npm on this machine to put into the root");
  cpSync(ownNpm, join(local, "lib/node_modules/npm"), { recursive: true, dereference: true });
  symlinkSync("../lib/node_modules/npm/bin/npm-cli.js", join(local, "bin/npm"));
}

function run(command: string, ...args: readonly string[]): void {
  execFileSync(command, args, { stdio: ["ignore", "ignore", "inherit"] });
}
