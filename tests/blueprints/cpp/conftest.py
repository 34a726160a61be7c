"""The C++ blueprint."""

from __future__ import annotations

import pytest

from tests.blueprints.conftest import Template


@pytest.fixture(scope="session")
def template(templates: dict[str, Template]) -> Template:
    """The blueprint of this folder."""
    return templates["cpp"]
