"""The base images, one module a recipe. To add one: a module here and a line in RECIPES."""

from __future__ import annotations

from tests.lab.bases import alpine, debian, distroless, golang, java, node, python, rust
from tests.lab.bases.recipe import Recipe

# The one that takes longest first: two are made side by side.
RECIPES: dict[str, Recipe] = {
    recipe.image: recipe
    for recipe in (
        *java.ON_DEBIAN.values(),
        rust.ON_DEBIAN,
        golang.ON_DEBIAN,
        golang.ON_ALPINE,
        distroless.STATIC,
        distroless.BASE_NOSSL,
        distroless.BASE,
        distroless.CC,
        python.ON_ALPINE,
        python.ON_DEBIAN,
        python.DISTROLESS,
        node.ON_ALPINE,
        node.ON_DEBIAN,
        node.DISTROLESS,
        alpine.RECIPE,
        debian.RECIPE,
    )
}

# Images that no package gives, and why; where their registry answers they are pulled like all others.
UNOBTAINABLE: dict[str, str] = {
    f"maven:3.9.16-eclipse-temurin-{version}-alpine": "no package has a JDK for musl"
    for version in java.ON_DEBIAN
}
