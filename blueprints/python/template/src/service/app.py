"""The application: the routes, and what they run in."""

from typing import Final

from fastapi import FastAPI

from service import api
from service.about import DESCRIPTION, NAME, VERSION
from service.health import Health, probes

_MAX_BODY_BYTES: Final = 1024**2


def create_app(health: Health) -> FastAPI:
    """Return the application; `health` is what its probes tell."""
    app = FastAPI(title=NAME, description=DESCRIPTION, version=VERSION, max_body_size=_MAX_BODY_BYTES)
    app.include_router(probes(health))
    app.include_router(api.router)
    return app
