"""The languages: our image on each base beside what a user would take instead, of the same app, in one run.

The peers are the Dockerfiles under bench/peers/, a folder a language; each says what it does as whom.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from bench.builds import Measured, measure
from scaffold.catalog.blueprint import Blueprint
from scaffold.engines.model import Engine
from scaffold.languages import LANGUAGES
from scaffold.network import network
from scaffold.run import run

_PEERS = Path(__file__).parent / "peers"
_CHANGES = 3
_DEPENDENCY_SECONDS = 300
_COLUMNS = {
    "image": "---",
    "MB": "---:",
    "compressed": "---:",
    "layers": "---:",
    "cold, s": "---:",
    "one line, s": "---:",
    "dependency, s": "---:",
    "ready, s": "---:",
    "resident, MB": "---:",
    "user": "---",
    "shell": "---",
    "findings": "---:",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One image: what its builds took, and what `scaffold verify` measured.

    `ready` (seconds) and `resident` (bytes) are None where it does not start with a read-only root.
    """

    built: Measured
    compressed: int
    ready: float | None
    resident: int | None
    findings: int


def compare_language(engine: Engine, blueprint: Blueprint, folder: Path) -> list[Row]:
    """Measure the project of a blueprint on each base, then with each peer's Dockerfile."""
    rows = []
    # All are made before the first is measured, which changes its files: a peer is a copy of ours as it was.
    for name, project in list(_projects(blueprint, folder)):
        verified = _verify(project)
        language = LANGUAGES[blueprint.language]
        built = measure(
            engine,
            name,
            project,
            changes=_CHANGES,
            language=language,
            add_dependency=partial(_add_dependency, engine, blueprint),
        )
        facts = verified["facts"]
        rows.append(
            Row(
                built=built,
                compressed=facts["compressed_bytes"],
                ready=facts.get("seconds_to_ready"),
                resident=facts.get("resident_bytes"),
                findings=sum(len(result["findings"]) for result in verified["results"]),
            )
        )
    return rows


def table(blueprint: Blueprint, rows: list[Row]) -> str:
    """Return the rows as a table of Markdown."""
    lines = [_cells(_COLUMNS), _cells(_COLUMNS.values()), *map(_line, rows)]
    return "\n".join([f"## {blueprint.title}", "", *lines, ""])


def _line(row: Row) -> str:
    built = row.built
    dependency = "–" if built.dependency is None else f"{built.dependency:.1f}"
    ready = "–" if row.ready is None else f"{row.ready:.2f}"
    resident = "–" if row.resident is None else f"{row.resident / 1e6:.1f}"
    cells = [
        *(built.name, f"{built.size / 1e6:.1f}", f"{row.compressed / 1e6:.1f}", str(built.layers)),
        *(f"{built.cold:.1f}", f"{built.rebuilt:.2f}", dependency, ready, resident),
        *(built.user, "yes" if built.shell else "no", str(row.findings)),
    ]
    return _cells(cells)


def _cells(texts: Iterable[str]) -> str:
    return f"| {' | '.join(texts)} |"


def _projects(blueprint: Blueprint, folder: Path) -> Iterator[tuple[str, Path]]:
    for offer in blueprint.bases:
        project = folder / f"{blueprint.name}-{offer.base.id}"
        words = ["new", str(project), "--blueprint", blueprint.name, "--base", offer.base.id]
        words += ["--defaults", "--no-git", "--data", "project_name=hello"]
        subprocess.run([sys.executable, "-m", "scaffold", *words], check=True, capture_output=True)
        yield f"ours, {offer.base.id}", project
    for dockerfile in sorted((_PEERS / blueprint.name).glob("*.Dockerfile")):
        peer = dockerfile.name.removesuffix(".Dockerfile")
        copy = Path(shutil.copytree(project, folder / f"{blueprint.name}-{peer}"))
        shutil.copyfile(dockerfile, copy / "Dockerfile")
        # What the checks know of our own bases says nothing of this one.
        answers = copy / ".copier-answers.yml"
        answers.write_text(re.sub(r"(?m)^base: .*$", "base: none", answers.read_text("utf-8")), "utf-8")
        yield peer, copy


def _verify(project: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "scaffold", "verify", str(project), "--json", "--skip", "warm"]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    result: dict[str, Any] = json.loads(said.stdout)["result"]
    return result


def _add_dependency(engine: Engine, blueprint: Blueprint, project: Path) -> None:
    """Let the language's own tools add a dependency.

    bench/peers/NAME/add-dependency.sh does so, in the image that its first line names.
    """
    script = _PEERS / blueprint.name / "add-dependency.sh"
    image = script.read_text("utf-8").splitlines()[0].removeprefix("# ")
    mounts = ["--volume", f"{project}:/src", "--volume", f"{script}:/add-dependency.sh:ro"]
    if bundle := network().ca_bundle:
        mounts += ["--volume", f"{bundle}:/etc/ssl/certs/ca-certificates.crt:ro"]
    command = [
        engine.program,
        "run",
        "--rm",
        *mounts,
        "--workdir",
        "/src",
        image,
        "sh",
        "-e",
        "/add-dependency.sh",
    ]
    run(command, timeout=_DEPENDENCY_SECONDS)
