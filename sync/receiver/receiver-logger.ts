/** The part of a pino logger the receiver uses: constant message, particulars as fields. */
export interface ReceiverLogger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
