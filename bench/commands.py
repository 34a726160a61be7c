"""Commands that work on no project yet, as whole processes, beside what else would do it."""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

from bench.processes import Comparison, compare
from scaffold.catalog.builtin import find_blueprint, materialise

_PROGRAMS = Path(sys.executable).parent


def start() -> Comparison:
    """Compare `scaffold --help` with what Python itself and click cost."""
    return compare(
        '`scaffold --help` / `python -c "import click"`',
        lambda: [str(_PROGRAMS / "scaffold"), "--help"],
        lambda: [sys.executable, "-c", "import click"],
        most=1.5,
    )


def new(folder: Path) -> Comparison:
    """Compare `scaffold new` with `copier copy` of the same blueprint."""
    template = materialise(find_blueprint("go"), folder / "template")
    numbers = itertools.count()
    ours = [str(_PROGRAMS / "scaffold"), "new", "--blueprint=go", "--defaults", "--no-git"]
    peer = [str(_PROGRAMS / "copier"), "copy", "--defaults", "--quiet", str(template)]
    return compare(
        "`scaffold new --defaults --no-git` / `copier copy` of the same blueprint",
        lambda: [*ours, str(folder / f"ours-{next(numbers)}")],
        lambda: [*peer, str(folder / f"peer-{next(numbers)}")],
        most=1.15,
    )
