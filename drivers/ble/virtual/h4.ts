/** Packet types of HCI over UART (Core Specification, Vol 4, Part A, 2), with where their header ends and where it says their length. */
const packetTypes: Readonly<Record<number, { readonly header: number; readonly length: number }>> = {
  0x01: { header: 4, length: 3 }, // command
  0x04: { header: 3, length: 2 }, // event
};

/** An HCI command of the host. */
export interface HciCommand {
  readonly opcode: number;
  readonly parameters: Uint8Array;
}

/** Splits a byte stream into H4 packets, whatever the chunks. Bytes that begin no command or event are skipped. Holds one packet at most. */
export class H4Reader {
  #buffer: Buffer = Buffer.alloc(0);

  /** The packets that `bytes` completes, in order, each with its type before it. */
  feed(bytes: Uint8Array): readonly Uint8Array[] {
    this.#buffer = this.#buffer.length === 0 ? Buffer.from(bytes) : Buffer.concat([this.#buffer, bytes]);
    const packets: Uint8Array[] = [];
    let at = 0;
    while (at < this.#buffer.length) {
      const type = packetTypes[this.#buffer[at] ?? 0];
      if (!type) {
        at += 1;
        continue;
      }
      const length = this.#buffer[at + type.length];
      const end = at + type.header + (length ?? 0);
      if (length === undefined || end > this.#buffer.length) break;
      packets.push(Uint8Array.from(this.#buffer.subarray(at, end)));
      at = end;
    }
    this.#buffer = this.#buffer.subarray(at);
    return packets;
  }
}

/** Reads a packet as a command; `undefined` when it is none. */
export function asCommand(packet: Uint8Array): HciCommand | undefined {
  if (packet[0] !== 0x01) return undefined;
  return { opcode: (packet[1] ?? 0) | ((packet[2] ?? 0) << 8), parameters: packet.subarray(4) };
}

/** A command, as a packet (Vol 4, Part E, 5.4.1). */
export function commandPacket({ opcode, parameters }: HciCommand): Uint8Array {
  return Uint8Array.of(0x01, opcode & 0xff, opcode >> 8, parameters.length, ...parameters);
}

/** The event Command Complete (Vol 4, Part E, 7.7.14). `returned` follows the status. */
export function commandComplete(opcode: number, status: number, returned: readonly number[]): Uint8Array {
  return Uint8Array.of(0x04, 0x0e, returned.length + 4, 0x01, opcode & 0xff, opcode >> 8, status, ...returned);
}

/** What is on the air. */
export interface AirAdvert {
  /** `aa:bb:cc:dd:ee:ff`. */
  readonly address: string;
  readonly isRandomAddress: boolean;
  /** AD structures, 31 bytes at most. */
  readonly bytes: Uint8Array;
  readonly rssiDbm: number;
}

/** The event LE Advertising Report with one report of a non-connectable advert (Vol 4, Part E, 7.7.65.2). */
export function advertisingReport({ address, isRandomAddress, bytes, rssiDbm }: AirAdvert): Uint8Array {
  const packet = Buffer.alloc(15 + bytes.length);
  packet.set([0x04, 0x3e, packet.length - 3, 0x02, 0x01, 0x03, isRandomAddress ? 1 : 0]);
  packet.set(Buffer.from(address.replaceAll(":", ""), "hex").reverse(), 7);
  packet[13] = bytes.length;
  packet.set(bytes, 14);
  packet.writeInt8(rssiDbm, 14 + bytes.length);
  return packet;
}
