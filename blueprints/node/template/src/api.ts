import type { FastifyInstance } from "fastify";
import { DESCRIPTION, NAME, VERSION } from "./about.ts";

/** What the service offers over HTTP. Add your routes here. */
export async function api(app: FastifyInstance): Promise<void> {
  app.get("/", async () => ({ service: NAME, version: VERSION, message: DESCRIPTION }));
}
