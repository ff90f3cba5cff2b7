import { connect } from "node:net";
import { join } from "node:path";
import { pcscdSocketPath, probePcscd } from "../drivers/nfc/pcscd-probe.ts";
import type { CardService } from "./cli/found-device.ts";

const waitMs = 2_000;

/**
 * How the pcscd of the machine whose folders begin at `root` is doing, and which readers it has. Takes at most 4 seconds; never
 * rejects. No reader is opened.
 */
export async function askPcscd(root: string, signal: AbortSignal): Promise<CardService> {
  const path = join(root, pcscdSocketPath);
  const state = await probePcscd(path, waitMs, signal);
  const readers = state === "answers" ? await readerNames(path, signal) : undefined;
  return { state, ...(readers !== undefined && { readers }) };
}

/**
 * CMD_VERSION 4.4 and CMD_GET_READERS_STATE of the PC/SC-lite client protocol (winscard_msg.h): header with body size and command, then
 * the body, all 32 bit in host order. Later versions of pcscd go on answering this version.
 */
const request = Buffer.from(Uint32Array.of(12, 0x11, 4, 4, 0, 0, 0x12).buffer);

/** Answers have no header: the version's body, then sixteen states (eventhandler.h, READER_STATE). */
const versionBytes = 12;
const nameBytes = 128;
const stateBytes = 184;
const states = 16;

/** `undefined` where pcscd does not answer in this form. */
function readerNames(path: string, signal: AbortSignal): Promise<readonly string[] | undefined> {
  const { promise, resolve } = Promise.withResolvers<readonly string[] | undefined>();
  let answer = Buffer.alloc(0);
  const socket = connect({ path, signal });
  socket.setTimeout(waitMs, () => resolve(undefined));
  socket.on("connect", () => socket.write(request));
  socket.on("data", (chunk) => {
    answer = Buffer.concat([answer, chunk]);
    if (answer.length >= versionBytes + states * stateBytes) resolve(namesIn(answer.subarray(versionBytes)));
  });
  socket.on("close", () => resolve(undefined));
  socket.on("error", () => resolve(undefined));
  return promise.finally(() => socket.destroy());
}

function namesIn(answer: Buffer): readonly string[] {
  return Array.from({ length: states }, (_, index) => {
    const field = answer.subarray(index * stateBytes, index * stateBytes + nameBytes);
    const end = field.indexOf(0);
    return field.toString("utf8", 0, end < 0 ? nameBytes : end);
  }).filter((name) => name !== "");
}
