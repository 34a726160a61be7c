/** The program as it is shipped: started, asked, and stopped by signals. */

import assert from "node:assert/strict";
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

type Line = Record<string, unknown>;

class Service {
  readonly port: number;
  readonly lines: Line[] = [];
  readonly #process: ChildProcessByStdio<null, Readable, null>;
  readonly #exited: Promise<unknown[]>;

  constructor(port: number, variables: NodeJS.ProcessEnv, ...command: string[]) {
    this.port = port;
    const env = { HOST: "127.0.0.1", PORT: String(port), ...variables };
    const program = [`${import.meta.dirname}/../src/main.ts`, ...command];
    this.#process = spawn(process.execPath, program, { env, stdio: ["ignore", "pipe", "inherit"] });
    this.#exited = once(this.#process, "close");
    createInterface(this.#process.stdout).on("line", (line) => this.lines.push(JSON.parse(line) as Line));
  }

  static async start(variables: NodeJS.ProcessEnv = {}): Promise<Service> {
    const service = new Service(await freePort(), variables);
    while (service.lines.length === 0) {
      await sleep(10);
    }
    assert.equal(service.lines[0]?.["msg"], "listening");
    return service;
  }

  async begin(request: string): Promise<Socket> {
    const socket = connect(this.port, "127.0.0.1");
    await once(socket, "connect");
    socket.write(request);
    return socket;
  }

  async get(path: string): Promise<string> {
    return text(await this.begin(`GET ${path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n`));
  }

  async refuses(): Promise<boolean> {
    try {
      (await this.begin("")).destroy();
      return false;
    } catch (error) {
      assert.equal((error as NodeJS.ErrnoException).code, "ECONNREFUSED");
      return true;
    }
  }

  terminate(): void {
    this.#process.kill("SIGTERM");
  }

  async exitCode(): Promise<unknown> {
    const [code] = await this.#exited;
    return code;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  assert(typeof address === "object" && address !== null);
  return address.port;
}

/** Waits for what comes at once, on a busy machine too. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) {
    await sleep(10);
  }
}

test("it answers, logs and stops", async () => {
  const service = await Service.start();
  assert.match(await service.get("/"), /^HTTP\/1.1 200 /);
  assert.match(await service.get("/nothing?word=secret"), /^HTTP\/1.1 404 /);
  service.terminate();
  assert.equal(await service.exitCode(), 0);
  const requests = service.lines.filter((line) => line["msg"] === "request");
  assert.deepEqual(
    requests.map((line) => [line["path"], line["status"]]),
    [
      ["/", 200],
      ["/nothing", 404],
    ],
  );
  assert.equal(service.lines.at(-1)?.["msg"], "stopped");
  assert(service.lines.every((line) => line["level"] === "INFO" && typeof line["time"] === "string"));
});

test("it drains before it stops, and finishes what has begun", async () => {
  const service = await Service.start({ DRAIN_DELAY: "2s" });
  const silent = await service.begin("");
  const half = await service.begin("GET / HTTP/1.1\r\nHost: te");
  await sleep(100);
  service.terminate();
  await until(async () => (await service.get("/readyz")).startsWith("HTTP/1.1 503 "));
  assert.match(await service.get("/livez"), /^HTTP\/1.1 200 /);
  await until(() => service.refuses());
  half.write("st\r\n\r\n");
  assert.match(await text(half), /^HTTP\/1.1 200 /);
  assert.equal(await service.exitCode(), 0);
  silent.destroy();
});

test("what takes too long is cut off", async () => {
  const service = await Service.start({ SHUTDOWN_TIMEOUT: "100ms" });
  const half = await service.begin("GET / HTTP/1.1\r\n");
  half.on("error", () => undefined);
  await sleep(100);
  service.terminate();
  assert.equal(await service.exitCode(), 1);
  assert.equal(service.lines.at(-1)?.["msg"], "requests were cut off");
});

test("a wrong setting ends it with one line that names it", async () => {
  const service = new Service(0, { PORT: "http" });
  assert.equal(await service.exitCode(), 1);
  assert.equal(service.lines.length, 1);
  assert.match(String(service.lines[0]?.["error"]), /^PORT is "http": /);
});

test("a port that is taken ends it with one line", async () => {
  const first = await Service.start();
  const second = new Service(first.port, {});
  assert.equal(await second.exitCode(), 1);
  assert.deepEqual(
    second.lines.map((line) => line["msg"]),
    ["exit"],
  );
  first.terminate();
  assert.equal(await first.exitCode(), 0);
});

test("the health check tells a service that answers from none", async () => {
  const service = await Service.start();
  assert.equal(await new Service(service.port, {}, "healthcheck").exitCode(), 0);
  service.terminate();
  await service.exitCode();
  const check = new Service(service.port, {}, "healthcheck");
  assert.equal(await check.exitCode(), 1);
  assert.match(String(check.lines[0]?.["error"]), /ECONNREFUSED/);
});

test("an unknown command is refused", async () => {
  const service = new Service(0, {}, "server");
  assert.equal(await service.exitCode(), 2);
  assert.equal(service.lines[0]?.["command"], "server");
});
