import { dataOf } from "../apdu.ts";
import type { SendApdu } from "./applet.ts";

/** Where a Type 4 tag keeps its message, as its capability container has it (NFC Forum Type 4 Tag 2.0, 5.1). */
export interface NdefFilePlace {
  readonly fileId: number;
  /** Bytes of the file, with its length field. */
  readonly maxBytes: number;
  /** What READ BINARY may ask for. */
  readonly maxReadBytes: number;
}

const containerFileId = 0xe103;
const containerBytes = 15;
/** NDEF File Control TLV. */
const fileControl = { tag: 0x04, length: 6 } as const;
const lengthBytes = 2;

/** What readers carry in one frame: the PN532 behind the ACR122U takes 255 bytes with its own header. */
const frameBytes = 240;
/** Longer messages than a shopper's tag has any use for are not read. */
const maxMessageBytes = 2_048;

/** Reads the capability container; `undefined` when it is of another major version, or the file is not free to read. */
export function parseContainer(bytes: Uint8Array): NdefFilePlace | undefined {
  if (bytes.length < containerBytes) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const major = view.getUint8(2) >> 4;
  const isFile = view.getUint8(7) === fileControl.tag && view.getUint8(8) === fileControl.length;
  if ((major !== 2 && major !== 3) || !isFile || view.getUint8(13) !== 0x00) return undefined;
  const place = { fileId: view.getUint16(9), maxBytes: view.getUint16(11), maxReadBytes: view.getUint16(3) };
  return place.maxBytes > lengthBytes && place.maxReadBytes > lengthBytes ? place : undefined;
}

/**
 * Reads the NDEF message of a Type 4 tag whose application is selected (Type 4 Tag 2.0, 7.2), in at most 240 bytes an APDU. `undefined`
 * when there is none, it is longer than 2 KiB, or the card does not answer as it should.
 */
export async function readNdefFile(send: SendApdu): Promise<Uint8Array | undefined> {
  if (!(await selectFile(send, containerFileId))) return undefined;
  const container = await readBinary(send, 0, containerBytes);
  const place = container && parseContainer(container);
  if (!place || !(await selectFile(send, place.fileId))) return undefined;
  const step = Math.min(place.maxReadBytes, frameBytes);
  let file = await readBinary(send, 0, Math.min(step, place.maxBytes));
  if (!file || file.length < lengthBytes) return undefined;
  const end = lengthBytes + Buffer.from(file).readUInt16BE(0);
  if (end === lengthBytes || end > place.maxBytes || end > maxMessageBytes) return undefined;
  while (file.length < end) {
    const more: Uint8Array | undefined = await readBinary(send, file.length, Math.min(step, end - file.length));
    if (!more || more.length === 0) return undefined;
    file = Buffer.concat([file, more]);
  }
  return file.subarray(lengthBytes, end);
}

/** SELECT by file identifier, without an answer (ISO/IEC 7816-4, 11.2.2; Type 4 Tag 2.0, 5.4.2). */
async function selectFile(send: SendApdu, fileId: number): Promise<boolean> {
  const response = await send(Uint8Array.of(0x00, 0xa4, 0x00, 0x0c, 0x02, fileId >> 8, fileId & 0xff));
  return dataOf(response) !== undefined;
}

async function readBinary(send: SendApdu, offset: number, length: number): Promise<Uint8Array | undefined> {
  return dataOf(await send(Uint8Array.of(0x00, 0xb0, offset >> 8, offset & 0xff, length), length + 2));
}
