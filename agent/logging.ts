import { pino, type DestinationStream, type Logger as Pino } from "pino";

/** Fields that are never written, wherever they stand: raw identifiers and secrets. The test of the log plants one in each. */
const secretFields = ["uid", "ndef", "uri", "text", "memberId", "password", "regionKey", "secret", "token", "bytes"];

/** The one root of all loggers: JSON lines on standard output, times in ISO 8601, secret fields removed. */
export function rootLogger(level: string, destination?: DestinationStream): Pino {
  const paths = secretFields.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);
  const options = {
    level,
    base: {},
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths, censor: "[redacted]" },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
