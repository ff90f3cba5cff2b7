import type { StatusRequest, StatusScanner } from "../print-line.ts";
import type { CommandRow } from "./decoder/command-row.ts";
import type { TokenSink } from "./decoder/token-sink.ts";
import { Tokenizer } from "./decoder/tokenizer.ts";
import { RealTimeScan } from "./real-time-scan.ts";
import { healthyReply } from "./status-replies.ts";

/**
 * Finds status requests. Those that are answered in print order are found by cutting the stream into commands, so that the same bytes
 * inside an image, a barcode or a symbol are not taken for one; real-time requests are found between any two bytes. Any split into
 * chunks gives the same requests.
 */
export class StreamStatusScanner implements StatusScanner {
  #found: StatusRequest[] = [];
  readonly #tokenizer: Tokenizer;
  readonly #realTime = new RealTimeScan();

  constructor() {
    const sink: TokenSink = {
      text: ignore,
      control: ignore,
      unknown: ignore,
      broken: ignore,
      command: (_row: CommandRow, bytes, at, length, offset) => this.#onCommand(bytes, at, length, offset),
    };
    this.#tokenizer = new Tokenizer(sink, { startOffset: 0 });
  }

  feed(bytes: Uint8Array): readonly StatusRequest[] {
    this.#tokenizer.feed(bytes);
    const found = this.#found;
    this.#found = [];
    return [...this.#realTime.feed(bytes), ...found].sort((one, other) => one.endOffset - other.endOffset);
  }

  #onCommand(bytes: Uint8Array, at: number, length: number, offset: number): void {
    const answer = healthyReply(bytes, at, length);
    if (answer !== undefined) this.#found.push({ when: "in-order", endOffset: offset + length, reply: answer });
  }
}

function ignore(): void {}
