import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { FastifyInstance } from "fastify";
import { DESCRIPTION, NAME } from "../src/about.ts";
import { createApp } from "../src/app.ts";
import { Health } from "../src/health.ts";
import { createLogger } from "../src/log.ts";

const health = new Health();
let app: FastifyInstance;

before(async () => {
  const log = createLogger("info");
  log.level = "silent";
  app = await createApp(health, log);
});
after(() => app.close());

test("the root says what the service is", async () => {
  const response = await app.inject("/");
  assert.deepEqual(response.json(), { service: NAME, version: "dev", message: DESCRIPTION });
});

test("the caller's request id comes back, unless it cannot go into a log", async () => {
  const ask = async (id: string): Promise<unknown> =>
    (await app.inject({ url: "/", headers: { "x-request-id": id } })).headers["x-request-id"];
  assert.equal(await ask("abc-1"), "abc-1");
  assert.match(String(await ask("a b")), /^[0-9a-f-]{36}$/);
  assert.match(String(await ask("x".repeat(65))), /^[0-9a-f-]{36}$/);
});

test("while it drains, readiness is refused, liveness is not, and connections end", async () => {
  assert.equal((await app.inject("/readyz")).statusCode, 200);
  health.draining = true;
  const ready = await app.inject("/readyz");
  assert.equal(ready.statusCode, 503);
  assert.equal(ready.headers.connection, "close");
  assert.equal((await app.inject("/livez")).statusCode, 200);
  health.draining = false;
});
