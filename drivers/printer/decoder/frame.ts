/**
 * Length of the command that starts at `at`, in bytes and including its prefix, as far as `bytes` up to `end` tell:
 * `undetermined` when more bytes are needed to say, `impossible` when no command looks like this.
 */
export type Frame = (bytes: Uint8Array, at: number, end: number) => number;

/** More bytes are needed to know the length. */
export const undetermined = 0;

/** The bytes cannot be this command. */
export const impossible = -1;

/** Longest payload taken for real; a longer length field is noise (a full A4 page at 203 dpi is under 4 MiB). */
const maxPayload = 16 * 1024 * 1024;

/** Longest data that runs up to a NUL. */
const maxTerminated = 255;

/** A command of `total` bytes. */
export function fixed(total: number): Frame {
  return () => total;
}

/** A switch, `n` on or off. Where a new command begins in its place, the parameter was lost: no encoder switches with 0x1B to 0x1D. */
export const flag: Frame = by(2, (n) => fixed(n >= 0x1b && n <= 0x1d ? 2 : 3));

/** A command whose length the byte at `index` decides. */
export function by(index: number, choose: (value: number) => Frame): Frame {
  return (bytes, at, end) => {
    const value = bytes[at + index];
    return at + index >= end || value === undefined ? undetermined : choose(value)(bytes, at, end);
  };
}

/**
 * `header` bytes, the last two being a 16-bit little-endian count, times `unit` bytes of data. A count above `most` is noise: the lower
 * it is known to be, the less of what follows is lost to it.
 */
export function count16(header: number, unit = 1, most = 0xffff): Frame {
  return computed(header, (bytes, at) => {
    const count = word(bytes, at + header - 2);
    return count <= most ? header + unit * count : impossible;
  });
}

/** `header` bytes, the last four being a 32-bit little-endian count of data bytes. */
export function count32(header: number): Frame {
  return computed(header, (bytes, at) => header + word(bytes, at + header - 4) + 65_536 * word(bytes, at + header - 2));
}

/** `header` bytes from which the whole length follows. */
export function computed(header: number, length: (bytes: Uint8Array, at: number) => number): Frame {
  return (bytes, at, end) => {
    if (end - at < header) return undetermined;
    const total = length(bytes, at);
    return total <= maxPayload ? total : impossible;
  };
}

/** `header` bytes, then data up to and including `terminator`. */
export function terminated(header: number, terminator = 0): Frame {
  return (bytes, at, end) => {
    const limit = Math.min(end, at + header + maxTerminated);
    for (let i = at + header; i < limit; i += 1) if (bytes[i] === terminator) return i + 1 - at;
    return limit < end ? impossible : undetermined;
  };
}

/** The 16-bit little-endian number at `at`. */
export function word(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) + 256 * (bytes[at + 1] ?? 0);
}
