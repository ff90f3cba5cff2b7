/** A record to be sent: header without its position, type, identifier, payload. */
interface Outgoing {
  readonly header: number;
  readonly type: string;
  readonly id: string;
  readonly payload: Uint8Array;
}

/** An external record (NDEF 1.0, 3.2.6), named by its type. */
export function external(type: string, ...payload: readonly Uint8Array[]): Outgoing {
  return { header: 0x04, type, id: "", payload: Buffer.concat(payload) };
}

/** A text without a language (RTD Text 1.0), named by its identifier. */
export function text(id: string, value: string): Outgoing {
  return { header: 0x01, type: "T", id, payload: Buffer.concat([Buffer.of(0), Buffer.from(value)]) };
}

/** Records as one NDEF message; payloads from 256 bytes on as long records. */
export function message(...records: readonly Outgoing[]): Buffer {
  const parts: Buffer[] = [];
  records.forEach(({ header, type, id, payload }, index) => {
    const isLong = payload.length > 255;
    let flags = header;
    if (index === 0) flags |= 0x80;
    if (index === records.length - 1) flags |= 0x40;
    if (!isLong) flags |= 0x10;
    if (id !== "") flags |= 0x08;
    const size = isLong ? Buffer.from(payload.length.toString(16).padStart(8, "0"), "hex") : Buffer.of(payload.length);
    parts.push(Buffer.of(flags, type.length), size, Buffer.from(id === "" ? [] : [id.length]));
    parts.push(Buffer.from(type + id, "latin1"), Buffer.from(payload));
  });
  return Buffer.concat(parts);
}

/** Types and payloads of the short records a reader sends, in order; stops at the first it cannot read. */
export function received(bytes: Buffer): readonly (readonly [type: string, payload: Buffer])[] {
  const records: [string, Buffer][] = [];
  for (let rest = bytes; rest.length >= 3 && (rest.readUInt8(0) & 0x18) === 0x10;) {
    const [typeBytes, payloadBytes] = [rest.readUInt8(1), rest.readUInt8(2)];
    const payloadAt = 3 + typeBytes;
    records.push([rest.toString("latin1", 3, payloadAt), rest.subarray(payloadAt, payloadAt + payloadBytes)]);
    rest = rest.subarray(payloadAt + payloadBytes);
  }
  return records;
}

/** The payload of one received record; empty when there is none. */
export function receivedAs(type: string, bytes: Buffer): Buffer {
  return received(bytes).find(([name]) => name === type)?.[1] ?? Buffer.alloc(0);
}
