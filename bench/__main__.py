"""`make bench`: what we promise of speed and size, as ratios against a peer in the same run. Writes RESULTS.md.

`make bench PART=java` measures one part, `PART="commands go"` two; the rest of RESULTS.md stays as it is.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench import commands, languages, projects, results
from bench.article import TWO_STAGES, write
from bench.builds import measure
from bench.processes import Comparison
from scaffold.catalog.blueprint import Blueprint
from scaffold.catalog.builtin import blueprints
from scaffold.engines import find_engine
from scaffold.engines.model import Engine
from scaffold.errors import ProgramError

_BASES = ("alpine", "distroless", "scratch")
_CHANGES = 3


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the benchmarks, under its title in RESULTS.md.

    `measure` returns what was promised, and what else there is to show, "" for nothing.
    """

    title: str
    measure: Callable[[Engine, Path], tuple[list[Comparison], str]]


def main(names: list[str]) -> int:
    """Measure the parts of these names, or all; return 1 when a promise is not kept, 2 for an unknown name."""
    parts = _parts()
    if unknown := [name for name in names if name not in parts]:
        print(f"no part {', '.join(unknown)}; there are {', '.join(parts)}", file=sys.stderr)
        return 2
    engine = find_engine()
    kept = True
    for part in (parts[name] for name in names or parts):
        try:
            with tempfile.TemporaryDirectory(prefix="scaffold-bench-") as folder:
                rows, table = part.measure(engine, Path(folder))
        except ProgramError as error:
            print(f"{part.title}: {error.message}\n{error.output}", file=sys.stderr)
            kept = False
            continue
        text = "\n".join(filter(None, [table, results.promises(rows), results.machine(engine)]))
        # Part for part: what takes an hour is not lost with what comes after it.
        results.keep({part.title: text}, [one.title for one in parts.values()])
        print(f"## {part.title}\n\n{text}\n", flush=True)
        kept = kept and all(row.is_kept for row in rows)
    return 0 if kept else 1


def _parts() -> dict[str, Part]:
    return {
        "commands": Part("Commands", _commands),
        "rebuilds": Part("Rebuilds of the article's service", _rebuilds),
        **{one.name: Part(one.title, partial(_language, one)) for one in blueprints()},
    }


def _commands(_: Engine, folder: Path) -> tuple[list[Comparison], str]:
    measured = [
        commands.start(),
        commands.new(folder / "new"),
        projects.update(folder / "update"),
        projects.status(folder / "status"),
    ]
    return measured, ""


def _rebuilds(engine: Engine, folder: Path) -> tuple[list[Comparison], str]:
    """Compare the rebuild after a one-line change with that of the article's two-stage Dockerfile."""
    write(TWO_STAGES, folder / "article")
    article = measure(engine, "article", folder / "article", changes=_CHANGES).rebuilt
    rows = []
    for base in _BASES:
        _make(folder / base, base)
        ours = measure(engine, base, folder / base, changes=_CHANGES).rebuilt
        what = f"rebuild after a one-line change, {base} / the article's two-stage Dockerfile"
        rows.append(Comparison(what, ours, article, most=0.10))
    return rows, ""


def _language(blueprint: Blueprint, engine: Engine, folder: Path) -> tuple[list[Comparison], str]:
    compared = languages.compare_language(engine, blueprint, folder)
    return compared.promises(), compared.table()


def _make(project: Path, base: str) -> None:
    words = ["new", str(project), "--blueprint=go", f"--base={base}", "--defaults", "--no-git"]
    subprocess.run([sys.executable, "-m", "scaffold", *words], check=True, capture_output=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
