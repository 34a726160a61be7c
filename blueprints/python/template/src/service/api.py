"""What the service offers over HTTP. Add your routes here."""

from fastapi import APIRouter
from pydantic import BaseModel

from service.about import DESCRIPTION, NAME, VERSION

router = APIRouter()


class About(BaseModel):
    """What the service says of itself."""

    service: str = NAME
    version: str = VERSION
    message: str = DESCRIPTION


@router.get("/")
async def about() -> About:
    """Say what this service is."""
    return About()
