import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULT_PORT } from "../src/about.ts";
import { ConfigError, readConfig } from "../src/config.ts";

test("an empty environment gives the defaults, and so do empty variables", () => {
  const defaults = {
    host: "0.0.0.0",
    port: DEFAULT_PORT,
    logLevel: "info",
    shutdownTimeout: 10_000,
    drainDelay: 0,
  };
  assert.deepEqual(readConfig({}), defaults);
  assert.deepEqual(readConfig({ HOST: "", PORT: "", LOG_LEVEL: "", SHUTDOWN_TIMEOUT: "", DRAIN_DELAY: "" }), defaults);
});

test("each variable is read", () => {
  const environment = { HOST: "::1", PORT: "1", LOG_LEVEL: "WARN", SHUTDOWN_TIMEOUT: "1m30s", DRAIN_DELAY: "1.5s" };
  assert.deepEqual(readConfig(environment), {
    host: "::1",
    port: 1,
    logLevel: "warn",
    shutdownTimeout: 90_000,
    drainDelay: 1_500,
  });
});

for (const [text, milliseconds] of [
  ["0", 0],
  ["500ms", 500],
  ["2m", 120_000],
  ["1h", 3_600_000],
] as const) {
  test(`a duration of ${text}`, () => {
    assert.equal(readConfig({ DRAIN_DELAY: text }).drainDelay, milliseconds);
  });
}

for (const [name, text] of [
  ["HOST", "localhost"],
  ["PORT", "http"],
  ["PORT", "0"],
  ["PORT", "65536"],
  ["PORT", "1e3"],
  ["LOG_LEVEL", "loud"],
  ["SHUTDOWN_TIMEOUT", "10"],
  ["DRAIN_DELAY", "-1s"],
  ["DRAIN_DELAY", "1s "],
  ["DRAIN_DELAY", "1.2.3s"],
  ["DRAIN_DELAY", "9999h"],
] as const) {
  test(`${name} refuses ${JSON.stringify(text)}`, () => {
    assert.throws(() => readConfig({ [name]: text }), new RegExp(`^ConfigError: ${name} is "`));
  });
}

test("all that is wrong is told at once", () => {
  assert.throws(
    () => readConfig({ PORT: "http", HOST: "nowhere" }),
    (error: unknown) =>
      error instanceof ConfigError && error.message.includes("PORT") && error.message.includes("HOST"),
  );
});
