declare module "npos/lib/parser/index.js" {
  /** The parser of npos 0.1.19, as far as it is measured against. */
  export default class Parser {
    /** Cuts a stream into commands; `error` when there is one it does not know. */
    analyze(bytes: Buffer): { readonly error?: Error };
    /** Cuts a stream into commands and reads text and pictures from them. Calls back before it returns. */
    parse(bytes: Buffer, options: object, done: (error: Error | null) => void): void;
  }
}
