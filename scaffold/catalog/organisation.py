"""What an organisation sets for all projects from its catalog: the answers in `catalog.yml`.

The file lies at the top of a catalog and belongs to each release of each blueprint. Its `defaults` have the names
of questions: an image mirror, labels, the CI system, the licence, the owner, or whatever the blueprints ask.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from scaffold.catalog.archived import CATALOG_FILE
from scaffold.document import load


def organisation_answers(root: Path) -> dict[str, Any]:
    """Return the answers that the catalog of the release laid out at `root` gives; raises BlueprintError."""
    path = root / CATALOG_FILE
    if not path.is_file():
        return {}
    top = load(path)
    top.optional("title", str)
    section = top.section("defaults")
    top.finish()
    return {} if section is None else section.everything()
