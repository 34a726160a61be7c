"""`make bench`: what we promise of speed, as ratios against a peer in the same run. Writes bench/RESULTS.md."""

from __future__ import annotations

import itertools
import os
import platform
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

from bench.article import TWO_STAGES, write
from bench.builds import measure
from bench.languages import compare_language, table
from bench.processes import Comparison, compare
from scaffold.catalog.blueprint import Blueprint
from scaffold.catalog.builtin import blueprints, find_blueprint, materialise
from scaffold.engines import find_engine
from scaffold.engines.model import Engine

_RESULTS = Path(__file__).parent / "RESULTS.md"
_BASES = ("alpine", "distroless", "scratch")
_CHANGES = 3
_TITLE = """\
# Benchmarks

Made by `make bench`. Each row of the first table is a ratio of two medians of the same run: ours over the peer's.
The tables of the languages have the same app in images that others recommend: see `bench/peers/`.
Base images that no registry gave are stand-ins, assembled from packages.
"""


def main() -> int:
    """Measure, write the results, and exit with 1 when a promise is not kept."""
    engine = find_engine()
    with tempfile.TemporaryDirectory(prefix="scaffold-bench-") as folder:
        rows = [_help(), _new(Path(folder)), *_rebuilds(engine, Path(folder))]
        tables = [_language(engine, blueprint, Path(folder)) for blueprint in blueprints()]
    text = "\n".join([_report(engine, rows), *tables])
    _RESULTS.write_text(text, encoding="utf-8")
    print(text)
    return int(any(row.ratio > row.most for row in rows))


def _help() -> Comparison:
    scaffold = str(Path(sys.executable).with_name("scaffold"))
    return compare(
        '`scaffold --help` / `python -c "import click"`',
        lambda: [scaffold, "--help"],
        lambda: [sys.executable, "-c", "import click"],
        most=1.5,
    )


def _new(folder: Path) -> Comparison:
    template = materialise(find_blueprint("go"), folder / "template")
    numbers = itertools.count()
    programs = Path(sys.executable).parent
    return compare(
        "`scaffold new --defaults --no-git` / `copier copy` of the same blueprint",
        lambda: [
            str(programs / "scaffold"),
            "new",
            str(folder / f"ours-{next(numbers)}"),
            "--blueprint=go",
            "--defaults",
            "--no-git",
        ],
        lambda: [
            str(programs / "copier"),
            "copy",
            "--defaults",
            "--quiet",
            str(template),
            str(folder / f"peer-{next(numbers)}"),
        ],
        most=1.15,
    )


def _rebuilds(engine: Engine, folder: Path) -> list[Comparison]:
    """Compare the rebuild after a one-line change with that of the article's two-stage Dockerfile."""
    write(TWO_STAGES, folder / "article")
    article = measure(engine, "article", folder / "article", changes=_CHANGES).rebuilt
    rows = []
    for base in _BASES:
        _make(folder / base, base)
        ours = measure(engine, base, folder / base, changes=_CHANGES).rebuilt
        what = f"rebuild after a one-line change, {base} / the article's two-stage Dockerfile"
        rows.append(Comparison(what, ours, article, most=0.10))
    return rows


def _language(engine: Engine, blueprint: Blueprint, folder: Path) -> str:
    return table(blueprint, compare_language(engine, blueprint, folder))


def _make(project: Path, base: str) -> None:
    words = ["new", str(project), "--blueprint=go", f"--base={base}", "--defaults", "--no-git"]
    subprocess.run([sys.executable, "-m", "scaffold", *words], check=True, capture_output=True)


def _report(engine: Engine, rows: list[Comparison]) -> str:
    lines = ["| what | ours, s | peer, s | ratio | promised |", "|---|---:|---:|---:|---:|"]
    lines += [
        f"| {row.what} | {row.ours:.3f} | {row.peer:.3f} | {row.ratio:.2f} | {row.most:.2f} |" for row in rows
    ]
    packages = ", ".join(f"{name} {version(name)}" for name in ("click", "copier"))
    machine = (
        f"{time.strftime('%Y-%m-%d')}: {os.cpu_count()} cores, {platform.machine()}, {platform.system()}; "
        f"Python {platform.python_version()}, {packages}; "
        f"{engine.name} {engine.version} with {engine.capabilities.builder}"
    )
    return "\n".join([_TITLE, *lines, "", machine, ""])


if __name__ == "__main__":
    sys.exit(main())
