import type { FastifyBaseLogger } from "fastify";
import { createApp } from "./app.ts";
import { ConfigError, readConfig } from "./config.ts";
import { Health } from "./health.ts";
import { createLogger } from "./log.ts";
import { Server } from "./server.ts";

/** Serves until `signal` resolves, and shuts down. Returns the exit code. */
export async function run(command: string, environment: NodeJS.ProcessEnv, signal: Promise<unknown>): Promise<number> {
  const log = createLogger("info");
  logUncaught(log);
  if (command !== "") {
    log.fatal({ command }, "unknown command: there is only healthcheck, or nothing");
    return 2;
  }
  try {
    const config = readConfig(environment);
    log.level = config.logLevel;
    const health = new Health();
    const server = new Server(await createApp(health, log), config, health);
    await server.listen();
    await signal;
    return (await server.shutDown()) ? 0 : 1;
  } catch (error) {
    // Of a wrong setting the message says all; where in the code it was found helps nobody.
    log.fatal(error instanceof ConfigError ? { error: error.message } : { err: error }, "exit");
    return 1;
  }
}

function logUncaught(log: FastifyBaseLogger): void {
  process.on("uncaughtException", (err) => {
    log.fatal({ err }, "exit");
    process.exit(1);
  });
}
