import { type FastifyBaseLogger, type FastifyInstance, fastify } from "fastify";
import { api } from "./api.ts";
import { addProbes, type Health } from "./health.ts";
import { RequestLog, requestId } from "./requests.ts";

// No request may hold a connection for ever.
const HEAD_TIMEOUT = 5_000;
const REQUEST_TIMEOUT = 30_000;
const CHECKING_INTERVAL = 1_000;
// Longer than load balancers keep a connection, which is mostly 60 s: they would send a request on one that is about
// to be closed.
const KEEP_ALIVE_TIMEOUT = 75_000;

/** Returns the application with its routes; `health` is what its probes tell. */
export async function createApp(health: Health, log: FastifyBaseLogger): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: log,
    logController: new RequestLog(),
    genReqId: requestId,
    requestTimeout: REQUEST_TIMEOUT,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT,
    http: { headersTimeout: HEAD_TIMEOUT, connectionsCheckingInterval: CHECKING_INTERVAL },
  });
  app.addHook("onRequest", async (request, reply) => {
    reply.header("x-request-id", request.id);
  });
  app.addHook("onSend", async (_request, reply) => {
    if (health.draining) {
      // The client is to open a new connection, which another instance will get.
      reply.header("connection", "close");
    }
  });
  addProbes(app, health);
  await app.register(api);
  await app.ready();
  return app;
}
