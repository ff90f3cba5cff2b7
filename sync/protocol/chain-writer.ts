import { hash } from "node:crypto";

/** Bytes of a chain hash. */
const hashBytes = 32;

/** Room for some twenty entries. */
const memoryBytes = 64 * 1024;

/** An entry's bytes and the chain hash after it. */
export interface ChainedEvent {
  readonly bytes: Uint8Array;
  readonly hash: Uint8Array;
}

/**
 * Writes events that follow one another, and the hashes of their chain (PROTOCOL.md section 3), into one piece of memory: hash, event,
 * hash, event, hash. What is to be hashed stands together as it is, and an event takes no memory of its own.
 */
export class ChainWriter {
  #memory = Buffer.allocUnsafeSlow(memoryBytes);
  #end = 0;

  /** Begins after that hash. What was answered before is good no longer: its memory is used again. */
  begin(previous: Uint8Array): void {
    if (this.#memory.length > memoryBytes) this.#memory = Buffer.allocUnsafeSlow(memoryBytes);
    this.#memory.set(previous, 0);
    this.#end = hashBytes;
  }

  /** Adds the text of an event in UTF-8. */
  append(text: string): ChainedEvent {
    // No UTF-16 unit becomes more than three bytes.
    const most = 3 * text.length + hashBytes;
    if (this.#end + most > this.#memory.length) this.#turnOver(most);
    const memory = this.#memory;
    const start = this.#end;
    const end = start + memory.write(text, start, "utf8");
    // As text, because a hash in a buffer of its own takes half as long again.
    this.#end = end + memory.write(hash("sha256", memory.subarray(start - hashBytes, end), "binary"), end, "binary");
    return { bytes: memory.subarray(start, end), hash: memory.subarray(end, this.#end) };
  }

  /** Goes on in new memory; what was answered keeps the old. */
  #turnOver(most: number): void {
    const full = this.#memory;
    this.#memory = Buffer.allocUnsafeSlow(Math.max(memoryBytes, hashBytes + most));
    full.copy(this.#memory, 0, this.#end - hashBytes, this.#end);
    this.#end = hashBytes;
  }
}
