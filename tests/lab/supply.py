"""Base images for an engine: those it has stay, those a registry gives are pulled, the rest is assembled."""

from __future__ import annotations

import os
import threading
import urllib.error
import urllib.request
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from http import HTTPStatus
from pathlib import Path
from queue import Empty, SimpleQueue

from scaffold.errors import InputError, ProgramError, Transient, Unavailable
from tests.lab import archive, machine
from tests.lab.bases import RECIPES
from tests.lab.bases.recipe import KEY_LABEL, STAND_IN_LABEL, Recipe
from tests.lab.cache import cache_folder, locked, work_folder
from tests.lab.engine import Engine
from tests.lab.progress import Progress

_SIDE_BY_SIDE = 2
_ASK_SECONDS = 2.5
_PULL_SECONDS = 600


def supply(names: Sequence[str], engine: Engine, progress: Progress) -> None:
    """Make the named images, or all of them, available in the engine."""
    missing = [recipe for recipe in _recipes(names) if not _is_current(recipe, engine)]
    missing = [recipe for recipe in missing if not _pulled(recipe, engine, progress)]
    if not missing:
        progress.say("all base images are there")
        return
    _prepare([recipe for recipe in missing if not _archive_of(recipe).exists()], progress)
    # Processes, not threads: ^C reaches each of them, and reading archives does not wait for one lock.
    with ProcessPoolExecutor(_SIDE_BY_SIDE) as pool:
        for finished in [pool.submit(_provide, recipe.image, engine, progress) for recipe in missing]:
            finished.result()


def ensure_archive(recipe: Recipe, progress: Progress) -> Path:
    """Return the image's archive in the cache, assembled unless it is there."""
    target = _archive_of(recipe)
    with locked(recipe.name):
        if not target.exists():
            progress.say(f"{recipe.image}: assembling")
            _assemble(recipe, target, progress)
            _forget_older(recipe, target)
    return target


def registry_of(image: str) -> str:
    """Return the host that an image is pulled from."""
    host = archive.qualified(image).partition("/")[0]
    return "registry-1.docker.io" if host == "docker.io" else host


def _archive_of(recipe: Recipe) -> Path:
    return cache_folder() / f"{recipe.name}-{recipe.key}.tar"


def _recipes(names: Sequence[str]) -> list[Recipe]:
    if unknown := [name for name in names if name not in RECIPES]:
        raise InputError(f"there is no recipe for {', '.join(unknown)}", hint=f"images: {', '.join(RECIPES)}")
    return [RECIPES[name] for name in RECIPES if name in names or not names]


def _is_current(recipe: Recipe, engine: Engine) -> bool:
    """Tell whether the engine has the published image, or the stand-in that the recipe would give."""
    if not engine.has_image(recipe.image):
        return False
    labels = engine.labels(recipe.image)
    return STAND_IN_LABEL not in labels or labels.get(KEY_LABEL) == recipe.key


def _pulled(recipe: Recipe, engine: Engine, progress: Progress) -> bool:
    if not answers(registry_of(recipe.image)):
        return False
    try:
        engine.call("pull", recipe.image, timeout=_PULL_SECONDS)
    except (ProgramError, Transient) as error:
        progress.say(f"{recipe.image}: cannot be pulled, although its registry answers: {error.message}")
        return False
    progress.say(f"{recipe.image}: pulled")
    return True


@cache
def answers(registry: str) -> bool:
    """Ask the registry for its API, for a few seconds: looking up its name has no time limit of its own."""
    answer: SimpleQueue[bool] = SimpleQueue()
    threading.Thread(target=lambda: answer.put(_asked(registry)), daemon=True).start()
    try:
        return answer.get(timeout=_ASK_SECONDS)
    except Empty:
        return False


def _asked(registry: str) -> bool:
    try:
        with urllib.request.urlopen(f"https://{registry}/v2/", timeout=_ASK_SECONDS):
            return True
    except urllib.error.HTTPError as error:
        # A registry asks for a token here; a proxy that refuses to lead there answers otherwise.
        return error.code == HTTPStatus.UNAUTHORIZED
    except OSError:
        return False


def _prepare(recipes: Sequence[Recipe], progress: Progress) -> None:
    """Install what assembling needs and the machine has not."""
    tools = {tool: package for recipe in recipes for tool, package in recipe.all_tools().items()}
    packages = machine.missing_packages(tools)
    if recipes and not machine.is_root():
        raise Unavailable(
            f"no registry gives {', '.join(one.image for one in recipes)}, and only root can assemble them",
            hint="run this as root on Debian or Ubuntu, or where a registry answers",
        )
    if packages and not machine.has_apt():
        raise Unavailable(f"missing what the Debian packages {', '.join(packages)} have", hint="install it")
    if packages:
        machine.install(packages, progress)


def _provide(image: str, engine: Engine, progress: Progress) -> None:
    os.umask(0o022)
    recipe = RECIPES[image]
    path = ensure_archive(recipe, progress)
    progress.say(f"{image}: loading into {engine.name}")
    older = _ids(image, engine)
    engine.call("load", "--input", str(path), timeout=_PULL_SECONDS)
    for replaced in older - _ids(image, engine):
        # One that a container still uses stays.
        engine.call("rmi", replaced, check=False)
    progress.say(f"{image}: ready ({path.stat().st_size / 1e6:.1f} MB)")


def _ids(image: str, engine: Engine) -> set[str]:
    return set(engine.call("images", "--quiet", "--no-trunc", image).stdout.split())


def _assemble(recipe: Recipe, target: Path, progress: Progress) -> None:
    below = ensure_archive(recipe.parent, progress) if recipe.parent else None
    with work_folder() as work:
        layers = archive.read_layers(below, work) if below else []
        layers += [archive.layer(path) for path in _tars(recipe, work)]
        config = {**recipe.config, "Labels": recipe.labels}
        archive.write_archive(work / "image.tar", recipe.image, layers, config)
        (work / "image.tar").rename(target)


def _tars(recipe: Recipe, work: Path) -> list[Path]:
    folder = work / "recipe"
    folder.mkdir()
    try:
        return recipe.assemble(folder)
    except ProgramError as error:
        raise ProgramError(f"{recipe.image}: {error.message}", hint=error.hint, output=error.output) from error


def _forget_older(recipe: Recipe, current: Path) -> None:
    for path in current.parent.glob(f"{recipe.name}-*.tar"):
        if path != current:
            path.unlink()
