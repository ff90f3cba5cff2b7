import type { Logger } from "../../agent/core/logger.ts";
import type { LogLevel } from "../../drivers/host-protocol.ts";

/** One line that was logged. */
export interface LogLine {
  readonly level: LogLevel;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

/** A logger that keeps its lines for a test to look at. */
export class LogLines implements Logger {
  readonly lines: LogLine[] = [];
  readonly debug = this.#keep("debug");
  readonly info = this.#keep("info");
  readonly warn = this.#keep("warn");
  readonly error = this.#keep("error");

  /** The lines with a message, oldest first. */
  of(message: string): LogLine[] {
    return this.lines.filter((line) => line.message === message);
  }

  #keep(level: LogLevel): (fields: object, message: string) => void {
    return (fields, message) => this.lines.push({ level, fields: { ...fields }, message });
  }
}
