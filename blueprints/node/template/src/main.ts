/** Without an argument it serves; with `healthcheck` it asks whether the running service is alive. */

import { healthcheck } from "./healthcheck.ts";

async function main(command: string): Promise<number> {
  if (command === "healthcheck") {
    return healthcheck(process.env);
  }
  const signal = firstSignal();
  // Only now: a health check, which runs every few seconds, would spend most of its time on loading Fastify.
  const { run } = await import("./run.ts");
  return run(command, process.env, signal);
}

/** Resolves with the first SIGTERM or SIGINT; whoever sends a second one does not want to wait. */
function firstSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let asked = false;
    const stop = (signal: NodeJS.Signals): void => {
      if (asked) {
        process.exit(1);
      }
      asked = true;
      resolve(signal);
    };
    process.on("SIGTERM", stop).on("SIGINT", stop);
  });
}

void main(process.argv.slice(2).join(" ")).then((code) => {
  process.exit(code);
});
