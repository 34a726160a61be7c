import { type Logger, pino } from "pino";
import type { LogLevel } from "./config.ts";

/** Returns a log that writes one JSON object a line to stdout. */
export function createLogger(level: LogLevel): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label.toUpperCase() }) },
  };
  // Else a line that is still on its way when the process ends comes after the last one, or not at all.
  return pino(options, pino.destination({ dest: 1, sync: true }));
}
