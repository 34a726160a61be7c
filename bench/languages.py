"""The languages: our image on each base beside what a user would take instead, of the same app, in one run.

The peers are the Dockerfiles under bench/peers/, a folder a language; each says what it does as whom.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from bench import starts
from bench.builds import Measured, least, measure
from bench.processes import Comparison
from bench.promised import PROMISED, Promised
from bench.results import markdown
from scaffold.catalog.blueprint import Blueprint
from scaffold.engines.model import Engine
from scaffold.languages import LANGUAGES
from scaffold.network import network
from scaffold.run import run
from tests.matrix.cells import unobtainable

_PEERS = Path(__file__).parent / "peers"
_CHANGES = 3
_DEPENDENCY_SECONDS = 300
# Said in the head of a peer's Dockerfile whose build does nothing with the sources but copy them.
_COPIES = "# It copies the sources and compiles nothing."
# What is promised of one language alone: of its project on the last base.
_OTHERS: dict[str, Callable[[Engine, Path], Comparison]] = {"java": starts.java}
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

    `ready` (seconds) and `resident` (bytes) are None where it does not start with a read-only root; `compiles` is
    whether its build does anything with the sources but copy them.
    """

    built: Measured
    compiles: bool
    compressed: int
    ready: float | None
    resident: int | None
    findings: int


@dataclass(frozen=True, slots=True)
class Compared:
    """The images of a language: ours, one a base, and those of the peers.

    `least` is what a rebuild takes that does nothing (seconds).
    `not_built` has the reason for each of ours that cannot be built on this machine; `others` are promises of one
    language.
    """

    ours: tuple[Row, ...]
    peers: tuple[Row, ...]
    promised: Promised
    least: float
    not_built: tuple[str, ...]
    others: tuple[Comparison, ...]

    def promises(self) -> list[Comparison]:
        """Return what is promised against the best peer: of our smallest image, and of each rebuild."""
        smallest = min(self.ours, key=lambda row: row.compressed)
        peer = min(self.peers, key=lambda row: row.compressed)
        size = Comparison(
            f"compressed, {smallest.built.name} / {peer.built.name}",
            smallest.compressed / 1e6,
            peer.compressed / 1e6,
            most=self.promised.size,
            unit="MB",
            form=".1f",
        )
        quickest = min((row for row in self.peers if row.compiles), key=lambda row: row.built.rebuilt)
        rebuilds = [
            Comparison(
                f"rebuild after a one-line change, {row.built.name} / {quickest.built.name}",
                row.built.rebuilt,
                quickest.built.rebuilt,
                most=self.promised.rebuild,
                form=".2f",
            )
            for row in self.ours
        ]
        return [size, *rebuilds, *self.others]

    def table(self) -> str:
        """Return the rows as a table of Markdown, and below it what is not there."""
        rows = markdown(_COLUMNS, map(_cells, [*self.ours, *self.peers]))
        copying = ", ".join(peer.built.name for peer in self.peers if not peer.compiles)
        notes = [f"Not built: {reason}.\n" for reason in self.not_built]
        if copying:
            notes.append(f"No rebuild is compared with that of {copying}, which only copies the sources.\n")
        notes.append(f"A rebuild that copies a file, runs `cp` and copies its result takes {self.least:.2f} s.\n")
        if self.promised.why:
            notes.append(f"{self.promised.why}\n")
        return "\n".join([rows, *notes])


def compare_language(engine: Engine, blueprint: Blueprint, folder: Path) -> Compared:
    """Measure the project of a blueprint on each base, then with each peer's Dockerfile."""
    # All are made before the first is measured, which changes its files: a peer is a copy of ours as it was.
    ours = list(_projects(blueprint, folder))
    peers = list(_peers(blueprint, ours[-1][1], folder))
    missing = {name: reason for name, project in ours if (reason := unobtainable(project / "Dockerfile"))}
    return Compared(
        tuple(_measured(engine, blueprint, *one) for one in ours if one[0] not in missing),
        tuple(_measured(engine, blueprint, *one) for one in peers),
        PROMISED.get(blueprint.name, Promised()),
        least(engine, folder / "least", changes=_CHANGES),
        tuple(f"{name} ({reason})" for name, reason in missing.items()),
        tuple(other(engine, ours[-1][1]) for name, other in _OTHERS.items() if name == blueprint.name),
    )


def _measured(engine: Engine, blueprint: Blueprint, name: str, project: Path) -> Row:
    verified = _verify(project)
    built = measure(
        engine,
        name,
        project,
        changes=_CHANGES,
        language=LANGUAGES[blueprint.language],
        add_dependency=partial(_add_dependency, engine, blueprint),
    )
    facts = verified["facts"]
    return Row(
        built=built,
        compiles=_COPIES not in (project / "Dockerfile").read_text("utf-8"),
        compressed=facts["compressed_bytes"],
        ready=facts.get("seconds_to_ready"),
        resident=facts.get("resident_bytes"),
        findings=sum(len(result["findings"]) for result in verified["results"]),
    )


def _cells(row: Row) -> list[str]:
    built = row.built
    dependency = "–" if built.dependency is None else f"{built.dependency:.1f}"
    ready = "–" if row.ready is None else f"{row.ready:.2f}"
    resident = "–" if row.resident is None else f"{row.resident / 1e6:.1f}"
    return [
        *(built.name, f"{built.size / 1e6:.1f}", f"{row.compressed / 1e6:.1f}", str(built.layers)),
        *(f"{built.cold:.1f}", f"{built.rebuilt:.2f}", dependency, ready, resident),
        *(built.user, "yes" if built.shell else "no", str(row.findings)),
    ]


def _projects(blueprint: Blueprint, folder: Path) -> Iterator[tuple[str, Path]]:
    for offer in blueprint.bases:
        project = folder / f"{blueprint.name}-{offer.base.id}"
        words = ["new", str(project), "--blueprint", blueprint.name, "--base", offer.base.id]
        words += ["--defaults", "--no-git", "--data", "project_name=hello"]
        subprocess.run([sys.executable, "-m", "scaffold", *words], check=True, capture_output=True)
        yield f"ours, {offer.base.id}", project


def _peers(blueprint: Blueprint, project: Path, folder: Path) -> Iterator[tuple[str, Path]]:
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
