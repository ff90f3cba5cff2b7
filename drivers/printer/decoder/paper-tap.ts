/**
 * Watches the decoder at work, for whoever draws the paper: which text went where, and every command between. Without one the decoder
 * spends nothing on it.
 */
export interface PaperTap {
  /** A command is about to take effect; all text before it was told of. What may be read of `bytes` is as for a token sink. */
  command(bytes: Uint8Array, at: number, length: number, offset: number): void;
  /** Text of `columns` columns (already scaled) was put at `column`, each character `scale` times as wide. */
  text(text: string, column: number, columns: number, scale: number): void;
  /** The line is complete; the decoder has a `line` event for it. */
  line(): void;
  /** The line so far was forgotten. */
  clear(): void;
}
