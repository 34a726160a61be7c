"""bench/RESULTS.md: a section for each part of the benchmarks, with the day and the machine of its own run."""

from __future__ import annotations

import os
import platform
import re
import time
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from bench.processes import Comparison
from scaffold.engines.model import Engine

_PATH = Path(__file__).parent / "RESULTS.md"
_TITLE = """\
# Benchmarks

Made by `make bench`; `make bench PART=java` measures one part again and keeps the others as they were.
A promise is a ratio in the same run, ours over the peer's; times are medians.
The tables of the languages have the same app in images that others recommend: see `bench/peers/`.
Base images that no registry gave are stand-ins, assembled from packages.
"""
_PROMISES = {"promise": "---", "ours": "---:", "peer": "---:", "ratio": "---:", "promised": "---:"}


def promises(comparisons: Sequence[Comparison]) -> str:
    """Return comparisons as a table of Markdown; a promise that is not kept says so."""
    return markdown(_PROMISES, map(_cells, comparisons))


def markdown(columns: Mapping[str, str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of Markdown; `columns` has the rule below each title."""
    return "".join(f"| {' | '.join(cells)} |\n" for cells in (columns, columns.values(), *rows))


def keep(measured: Mapping[str, str], order: Sequence[str]) -> None:
    """Write sections by their titles in the order given; one that was not measured stays as it is in the file."""
    sections = {**_kept(), **measured}
    texts = [f"## {title}\n\n{sections[title].strip()}\n" for title in order if title in sections]
    _PATH.write_text("\n".join([_TITLE, *texts]), encoding="utf-8")


def machine(engine: Engine) -> str:
    """Return the day, and what it was measured on and with."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("click", "copier"))
    return (
        f"{time.strftime('%Y-%m-%d')}: {os.cpu_count()} cores, {platform.machine()}, {platform.system()}; "
        f"Python {platform.python_version()}, {packages}; "
        f"{engine.name} {engine.version} with {engine.capabilities.builder}"
    )


def _cells(row: Comparison) -> list[str]:
    promised = f"{row.most:.2f}" if row.is_kept else f"**{row.most:.2f}, missed**"
    ours, peer = (f"{value:{row.form}} {row.unit}" for value in (row.ours, row.peer))
    return [row.what, ours, peer, f"{row.ratio:.2f}", promised]


def _kept() -> dict[str, str]:
    if not _PATH.exists():
        return {}
    _, *sections = re.split(r"(?m)^## ", _PATH.read_text("utf-8"))
    return {title: text for title, _, text in (section.partition("\n") for section in sections)}
