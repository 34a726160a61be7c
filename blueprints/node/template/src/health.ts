import type { FastifyInstance } from "fastify";

/** Whether requests are still welcome. */
export class Health {
  draining = false;
}

export const PROBES: ReadonlySet<string> = new Set(["/livez", "/readyz"]);

/** Adds what a container platform asks. */
export function addProbes(app: FastifyInstance, health: Health): void {
  // It asks no dependency: a restart, which is what its failure leads to, would not mend one.
  app.get("/livez", async () => "ok\n");
  app.get("/readyz", async (_request, reply) => {
    if (health.draining) {
      reply.code(503);
      return "draining\n";
    }
    return "ok\n";
  });
}
