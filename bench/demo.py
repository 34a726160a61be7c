"""`make demo`: makes a service, proves it, and sets its images beside those of the article.

The article's images and all cold builds take minutes, so what was measured is kept for the next time, under a
key of everything that it was measured with; `FRESH=1 make demo` measures again.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from bench import builds
from bench.article import SINGLE_STAGE, TWO_STAGES, Article, write
from bench.builds import Measured, measure
from scaffold.engines.model import Engine
from scaffold.errors import Unavailable
from scaffold.ui.terminal import human_bytes, say, table
from tests.lab.bases import alpine, distroless, golang
from tests.lab.cache import cache_folder
from tests.lab.engine import ensure_engine
from tests.lab.progress import Progress
from tests.lab.supply import supply

_BASES = ("alpine", "distroless", "scratch")
# What the Dockerfiles of the demonstration start from.
_IMAGES = [recipe.image for recipe in (golang.ON_DEBIAN, golang.ON_ALPINE, distroless.STATIC, alpine.RECIPE)]


def main() -> int:
    """Run the demonstration; 69 when there is no engine and none may be installed."""
    with tempfile.TemporaryDirectory(prefix="scaffold-demo-") as folder:
        try:
            engine = ensure_engine(Progress())
            supply(_IMAGES, engine, Progress())
        except Unavailable as missing:
            return _without_engine(Path(folder), missing)
        code = _prove(Path(folder))
        _print_table(engine, Path(folder))
    return code


def _without_engine(folder: Path, missing: Unavailable) -> int:
    _scaffold("new", str(folder / "hello"), "--blueprint", "go", "--base", "distroless", "--defaults")
    _scaffold("verify", str(folder / "hello"), "--only", "lint")
    say(f"\n{missing.message}\n{missing.hint}")
    return missing.exit_code


def _prove(folder: Path) -> int:
    project = str(folder / "hello")
    return _scaffold("new", project, "--blueprint", "go", "--base", "distroless", "--defaults") or _scaffold(
        "verify", project
    )


def _scaffold(*words: str) -> int:
    say(f"\n$ scaffold {' '.join(words)}")
    return subprocess.run([sys.executable, "-m", "scaffold", *words], check=False).returncode


def _print_table(engine: Engine, folder: Path) -> None:
    say("\nmeasuring; the cold builds take minutes the first time")
    rows = [_article_row(engine, article, folder) for article in (SINGLE_STAGE, TWO_STAGES)]
    rows += [_our_row(engine, base, folder) for base in _BASES]
    largest = rows[0][1].size
    table(
        ["image", "size", "smaller", "layers", "user", "shell", "cold s", "changed s", "measured"],
        [_cells(row, day, largest) for day, row in rows],
        right=(1, 2, 3, 6, 7),
    )
    say(f"{engine.name} {engine.version}, {engine.capabilities.builder}, {os.cpu_count()} cores")
    say("base images assembled from packages stand in for the published ones where no registry answers")


def _cells(row: Measured, day: str, largest: int) -> list[str]:
    return [
        row.name,
        human_bytes(row.size),
        f"{largest / row.size:.0f} x",
        str(row.layers),
        row.user,
        "yes" if row.shell else "no",
        f"{row.cold:.1f}",
        f"{row.rebuilt:.2f}",
        day,
    ]


def _article_row(engine: Engine, article: Article, folder: Path) -> tuple[str, Measured]:
    project = folder / article.name.replace(" ", "-")
    write(article, project)
    return _kept(engine, article.name, project)


def _our_row(engine: Engine, base: str, folder: Path) -> tuple[str, Measured]:
    project = folder / f"ours-{base}"
    words = ["new", str(project), "--blueprint", "go", "--base", base, "--defaults", "--no-git", "--json"]
    words += ["--data", "project_name=hello"]
    subprocess.run([sys.executable, "-m", "scaffold", *words], check=True, stdout=subprocess.DEVNULL)
    return _kept(engine, f"ours, {base}", project)


def _kept(engine: Engine, name: str, project: Path) -> tuple[str, Measured]:
    """Return the day of the measurement, and the measurement."""
    path = cache_folder() / f"demo-{_key(engine, project)}.json"
    if path.exists() and not os.environ.get("FRESH"):
        kept = json.loads(path.read_text(encoding="utf-8"))
        return kept["day"], Measured(**kept["measured"])
    measured = measure(engine, name, project)
    day = time.strftime("%Y-%m-%d")
    path.write_text(json.dumps({"day": day, "measured": asdict(measured)}), encoding="utf-8")
    return day, measured


def _key(engine: Engine, project: Path) -> str:
    files = sorted(path for path in project.rglob("*") if path.is_file())
    parts = [engine.name, engine.version, *(engine.layers(image)[-1] for image in _IMAGES)]
    digest = hashlib.sha256("\0".join(parts).encode())
    digest.update(Path(builds.__file__).read_bytes())
    for path in files:
        digest.update(path.relative_to(project).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


if __name__ == "__main__":
    sys.exit(main())
