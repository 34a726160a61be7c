import { isIP } from "node:net";
import { DEFAULT_PORT } from "./about.ts";

const LEVELS = ["debug", "info", "warn", "error"] as const;
const MILLISECONDS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};
const DURATION = /^(\d+(\.\d*)?(ns|us|µs|ms|s|m|h))+$/;
const PART = /([\d.]+)(\D+)/g;
// The longest that a timer of Node can wait.
const LONGEST = 2 ** 31 - 1;

export type LogLevel = (typeof LEVELS)[number];

/** A valid configuration; durations are in milliseconds. README.md describes the variables. */
export interface Config {
  readonly host: string;
  readonly port: number;
  readonly logLevel: LogLevel;
  readonly shutdownTimeout: number;
  readonly drainDelay: number;
}

/** Names every variable that does not hold, not only the first. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** Reads the variables; one that is empty counts as not set. Throws ConfigError. */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  const problems: string[] = [];
  const read = <T>(name: string, fallback: T, parse: (text: string) => T): T => {
    const text = environment[name];
    if (!text) {
      return fallback;
    }
    try {
      return parse(text);
    } catch (error) {
      problems.push(`${name} is ${JSON.stringify(text)}: ${(error as Error).message}`);
      return fallback;
    }
  };
  const config: Config = {
    host: read("HOST", "0.0.0.0", parseHost),
    port: read("PORT", DEFAULT_PORT, parsePort),
    logLevel: read("LOG_LEVEL", "info", parseLevel),
    shutdownTimeout: read("SHUTDOWN_TIMEOUT", 10_000, parseDuration),
    drainDelay: read("DRAIN_DELAY", 0, parseDuration),
  };
  if (problems.length > 0) {
    throw new ConfigError(problems.join("; "));
  }
  return config;
}

function parseHost(text: string): string {
  if (isIP(text) === 0) {
    throw new Error("want an IP address such as 0.0.0.0 or ::1");
  }
  return text;
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) {
    throw new Error("want a number from 1 to 65535");
  }
  return port;
}

function parseLevel(text: string): LogLevel {
  const level = LEVELS.find((one) => one === text.toLowerCase());
  if (level === undefined) {
    throw new Error("want debug, info, warn or error");
  }
  return level;
}

function parseDuration(text: string): number {
  if (text !== "0" && !DURATION.test(text)) {
    throw new Error("want a duration such as 0s, 1.5s or 2m");
  }
  const parts = [...text.matchAll(PART)];
  const duration = parts.reduce((sum, [, count, unit]) => sum + Number(count) * (MILLISECONDS[unit ?? ""] ?? 0), 0);
  if (duration > LONGEST) {
    throw new Error("want less than 596h");
  }
  return duration;
}
