"""The probes that a container platform asks."""

from dataclasses import dataclass

from fastapi import APIRouter, Response, status
from fastapi.responses import PlainTextResponse


@dataclass(slots=True)
class Health:
    """Whether requests are still welcome."""

    draining: bool = False


def probes(health: Health) -> APIRouter:
    """Return the routes of the probes."""
    router = APIRouter(include_in_schema=False, default_response_class=PlainTextResponse)

    @router.get("/livez")
    async def live() -> str:
        # It asks no dependency: a restart, which is what its failure leads to, would not mend one.
        return "ok\n"

    @router.get("/readyz")
    async def ready(response: Response) -> str:
        if health.draining:
            response.status_code = status.HTTP_503_SERVICE_UNAVAILABLE
            return "draining\n"
        return "ok\n"

    return router
