const ESC = 0x1b;
const GS = 0x1d;

/** Paper and drawer status in print order: paper there, drawer closed (ESC/POS, GS r n; ESC v, ESC u on older models). */
const inOrderHealthy = Uint8Array.of(0x00);

/**
 * Automatic Status Back, 4 bytes: online, no error, paper there. Bit 4 of the first byte is fixed to 1, bits 0 to 3 of the last as well
 * (ESC/POS, GS a n).
 */
const automaticHealthy = Uint8Array.of(0x10, 0x00, 0x00, 0x0f);

/** Identification in one byte (ESC/POS, GS I n): model, type (has a cutter), firmware. */
const shortIds: Readonly<Record<number, number>> = { 1: 0x20, 2: 0x02, 3: 0x01 };

/** Identification in text (ESC/POS, GS I n): firmware, maker, model, serial number, extra fonts. */
const textIds: Readonly<Record<number, string>> = {
  65: "1.00 STORELOOP",
  66: "EPSON",
  67: "TM-T88V",
  68: "STORELOOP0",
  69: "CHINA GB18030",
};

/**
 * What a healthy Epson printer answers, in print order, to the command of `length` bytes at `at`; `undefined` for a command that has no
 * answer, or a value it does not know. Numbers follow the ESC/POS command reference. Real-time commands are not among them.
 */
export function healthyReply(bytes: Uint8Array, at: number, length: number): Uint8Array | undefined {
  const command = bytes.subarray(at, at + length);
  const [lead, code, n] = command;
  if (lead === GS) return gsReply(command);
  return lead === ESC && isPaperSensor(code, n) ? inOrderHealthy : undefined;
}

function isPaperSensor(code: number | undefined, n: number | undefined): boolean {
  return code === 0x76 || (code === 0x75 && (n === 0 || n === 0x30));
}

function gsReply(command: Uint8Array): Uint8Array | undefined {
  const [, code, n = 0] = command;
  switch (code) {
    case 0x72: // GS r n: numbers may also be sent as digits.
      return [1, 2, 4].includes(digit(n)) ? inOrderHealthy : undefined;
    case 0x49: // GS I n
      return identification(n);
    case 0x61: // GS a n: any bit set switches it on, and the present status is sent at once.
      return n === 0 ? undefined : automaticHealthy;
    case 0x28: // GS ( X
      return n === 0x48 ? processId(command) : undefined;
    default:
      return undefined;
  }
}

function identification(n: number): Uint8Array | undefined {
  const short = shortIds[digit(n)];
  if (short !== undefined) return Uint8Array.of(short);
  const text = textIds[n];
  return text === undefined ? undefined : Buffer.from(`_${text}\0`, "latin1");
}

/** `GS ( H 6 0 48 48 d1 d2 d3 d4`: the id comes back once everything before it is printed (ESC/POS, GS ( H, function 48). */
function processId(command: Uint8Array): Uint8Array | undefined {
  const [, , , pL, pH, fn, m] = command;
  if (pL !== 6 || pH !== 0 || digit(fn ?? 0) !== 0 || digit(m ?? 0) !== 0) return undefined;
  return Uint8Array.of(0x37, 0x22, ...command.subarray(7, 11), 0x00);
}

/** ESC/POS takes many parameters both as a number and as its ASCII digit. */
function digit(n: number): number {
  return n >= 0x30 && n <= 0x39 ? n - 0x30 : n;
}
