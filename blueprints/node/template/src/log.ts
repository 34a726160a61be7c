import { type Logger, pino } from "pino";
import type { LogLevel } from "./config.ts";

/** Returns a log that writes one JSON object a line to stdout. */
export function createLogger(level: LogLevel): Logger {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label.toUpperCase() }) },
  });
}
