import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import { NAME, REVISION, VERSION } from "./about.ts";
import type { Config } from "./config.ts";
import type { Health } from "./health.ts";

/** Runs an application the way a container platform expects it. */
export class Server {
  readonly #app: FastifyInstance;
  readonly #config: Config;
  readonly #health: Health;
  readonly #sockets = new Set<Socket>();

  constructor(app: FastifyInstance, config: Config, health: Health) {
    this.#app = app;
    this.#config = config;
    this.#health = health;
    app.server.on("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
    });
  }

  async listen(): Promise<void> {
    const { host, port } = this.#config;
    this.#app.server.listen({ host, port });
    await once(this.#app.server, "listening");
    const { address, family, port: bound } = this.#app.server.address() as AddressInfo;
    this.#app.log.info(
      {
        service: NAME,
        address: family === "IPv6" ? `[${address}]:${bound}` : `${address}:${bound}`,
        version: VERSION,
        revision: REVISION,
        node: process.version,
      },
      "listening",
    );
  }

  /**
   * Turns /readyz to 503 and serves on during `drainDelay`, so that load balancers look away; then accepts no
   * connection any more and finishes within `shutdownTimeout` the requests that have begun. Returns whether all were
   * finished.
   */
  async shutDown(): Promise<boolean> {
    const { drainDelay, shutdownTimeout } = this.#config;
    this.#health.draining = true;
    this.#app.log.info({ delay_ms: drainDelay, timeout_ms: shutdownTimeout }, "draining");
    await sleep(drainDelay);
    const finished = await Promise.race([this.#finish(), sleep(shutdownTimeout, false)]);
    if (finished) {
      this.#app.log.info("stopped");
    } else {
      this.#app.log.error({ connections: this.#sockets.size }, "requests were cut off");
      this.#app.server.closeAllConnections();
    }
    await this.#app.close();
    return finished;
  }

  async #finish(): Promise<true> {
    // It also closes the connections that wait for a next request; half a request is one that has begun.
    const closed = once(this.#app.server, "close");
    this.#app.server.close();
    // For Node, a connection on which nothing has come yet is a request that has begun.
    for (const socket of this.#sockets) {
      if (socket.bytesRead === 0) {
        socket.destroy();
      }
    }
    await closed;
    return true;
  }
}
