import { asCommand, commandComplete } from "./h4.ts";

const reset = 0x0c03;
const setScanEnable = 0x200c;

/**
 * Return parameters after the status, of the commands that a host needs to scan (Core Specification, Vol 4, Part E, 7): an LE controller
 * of version 4.2 without extended advertising.
 */
const answers: Readonly<Record<number, readonly number[]>> = {
  [reset]: [],
  0x0c01: [], // Set Event Mask
  0x2001: [], // LE Set Event Mask
  0x1001: [0x08, 0x00, 0x00, 0x08, 0xff, 0xff, 0x00, 0x00], // Read Local Version Information
  0x1009: [0x01, 0x00, 0x00, 0x00, 0xfe, 0xca], // Read BD_ADDR
  0x1005: [0xfb, 0x00, 0x00, 0x08, 0x00, 0x00, 0x00], // Read Buffer Size
  0x2002: [0xfb, 0x00, 0x08], // LE Read Buffer Size
  0x2003: [0, 0, 0, 0, 0, 0, 0, 0], // LE Read Local Supported Features
  0x0c6c: [0x01, 0x00], // Read LE Host Support
  0x0c6d: [], // Write LE Host Support
  0x200b: [], // LE Set Scan Parameters
  [setScanEnable]: [],
};

/** An emulated LE controller, as far as its commands go: answers those of a host that scans, and refuses every other as unknown (0x01). */
export class LeController {
  #isScanning = false;

  /** Whether the host has the scan enabled. */
  get isScanning(): boolean {
    return this.#isScanning;
  }

  /** The event that answers an H4 packet of the host, if it is a command. */
  answer(packet: Uint8Array): Uint8Array | undefined {
    const command = asCommand(packet);
    if (!command) return undefined;
    const { opcode, parameters } = command;
    const returned = answers[opcode];
    if (!returned) return commandComplete(opcode, 0x01, []);
    if (opcode === reset) this.#isScanning = false;
    if (opcode === setScanEnable) this.#isScanning = parameters[0] === 0x01;
    return commandComplete(opcode, 0x00, returned);
  }

  /** As another program on the host would, by a command of its own. */
  stopScan(): void {
    this.#isScanning = false;
  }
}
