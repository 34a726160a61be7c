import { get } from "node:http";
import { DEFAULT_PORT } from "./about.ts";

// Shorter than the timeout of the image's HEALTHCHECK, so that the reason is reported rather than a kill.
const TIMEOUT = 2_000;

/** Asks the service that runs with the same environment whether it is alive. Returns the exit code. */
export async function healthcheck(environment: NodeJS.ProcessEnv): Promise<number> {
  // To connect to 0.0.0.0 or :: is to connect to this host.
  const host = environment["HOST"] || "0.0.0.0";
  const port = environment["PORT"] || String(DEFAULT_PORT);
  const error = await status(host, port).then(
    (code) => (code === 200 ? "" : `status ${code}`),
    (reason: Error) => reason.message,
  );
  if (error) {
    const line = { time: new Date().toISOString(), level: "ERROR", msg: "healthcheck", host, port, error };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  }
  return error ? 1 : 0;
}

function status(host: string, port: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(TIMEOUT);
    get({ host, port, path: "/livez", agent: false, signal }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on("error", reject);
  });
}
