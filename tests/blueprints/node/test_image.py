"""What is in the images of Node projects, and what becomes of them after a change."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import uuid4

import pytest

from scaffold.engines.command_line import CommandLineEngine
from scaffold.image import File
from tests.blueprints.images import build, change, refused, saved, uncached
from tests.blueprints.template import Template

API = "src/api.ts"
NODE = "/usr/local/bin/node"


def test_it_is_node_with_its_libraries_and_one_file(
    engine: CommandLineEngine, project: Path, tmp_path: Path
) -> None:
    image = saved(engine, build(engine, project).tag, tmp_path)
    runtime, service = ({entry.path for entry in layer.entries if entry.kind == "file"} for layer in image.layers)
    libraries = {path for path in runtime if ".so" in path}
    assert runtime - libraries == {NODE, "/etc/passwd", "/etc/group", "/etc/ssl/certs/ca-certificates.crt"}
    names = {re.split(r"[.-]", path.rpartition("/")[2])[0] for path in libraries}
    assert names == {"ld", "libstdc++", "libgcc_s"}
    assert service == {"/app/service.cjs"}


def test_packages_that_stay_apart_are_those_of_production(
    engine: CommandLineEngine, template: Template, tmp_path: Path
) -> None:
    project = template.copy(tmp_path, bundle="node_modules")
    image = saved(engine, build(engine, project).tag, tmp_path)
    packages = {
        match[1]
        for path in files(image.layers[1].entries)
        if (match := re.match(r"/app/node_modules/(.+?)/", path))
    }
    assert {"fastify", "pino"} <= packages
    assert not packages & {"typescript", "esbuild", "@biomejs", "@types"}
    assert files(image.layers[2].entries) == {"/app/service.cjs"}


def test_node_has_lost_its_symbols_and_runs(engine: CommandLineEngine, project: Path, tmp_path: Path) -> None:
    tag = build(engine, project).tag
    with saved(engine, tag, tmp_path).open(NODE) as stream:
        header = stream.read(64)
    # The offset, the number and the names of its sections (elf(5)).
    assert (header[40:48], header[60:64]) == (bytes(8), bytes(4))
    said = engine.call(
        "run", "--rm", "--entrypoint", NODE, tag, "--print", "new Intl.DateTimeFormat('de').format(0)"
    )
    assert said.stdout == "1.1.1970\n"


def test_a_file_that_is_no_program_is_not_stripped(engine: CommandLineEngine, project: Path) -> None:
    change(
        project, "Dockerfile", "node /tmp/strip.ts /rootfs/usr/local/bin/node", "node /tmp/strip.ts /etc/passwd"
    )
    refused(engine, project, "not a 64-bit little-endian ELF file")


def test_packages_that_stay_apart_give_the_same_layers_without_a_cache(
    engine: CommandLineEngine, template: Template, tmp_path: Path
) -> None:
    project = template.copy(tmp_path, bundle="node_modules")
    first = engine.layers(build(engine, project).tag)
    uncached(project)
    assert engine.layers(build(engine, project).tag) == first


def test_the_certificate_bundle_of_a_company_leaves_no_trace(
    engine: CommandLineEngine, project: Path, tmp_path: Path
) -> None:
    """Node trusts it beside its own, so one that vouches for nobody breaks nothing on a plain network."""
    tag = build(engine, project).tag
    with saved(engine, tag, tmp_path).open("/etc/ssl/certs/ca-certificates.crt") as stream:
        content = stream.read()
    base = engine.call(
        "run", "--rm", "--entrypoint", "cat", "node:24-alpine3.23", "/etc/ssl/certs/ca-certificates.crt"
    )
    assert content.decode() == base.stdout


def test_packages_come_from_the_mirror_that_is_given(engine: CommandLineEngine, project: Path) -> None:
    """From one where nobody answers, nothing comes."""
    change(project, "Dockerfile", "target=/root/.npm", f"id={uuid4()},target=/root/.npm")
    change(project, "Dockerfile", "    npm ci\n", "    npm ci --fetch-retries=0\n")
    refused(engine, project, "127.0.0.1:9", NPM_CONFIG_REGISTRY="http://127.0.0.1:9/")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('app.get("/",', "app.get('/',", "File content differs from formatting output"),
        ("import { DESCRIPTION", "import { REVISION, DESCRIPTION", "noUnusedImports"),
        ("service: NAME,", "service: NAME.length.toFixed.missing,", "does not exist on type"),
        ("service: NAME,", "service: `${NAME}!`,", "strictly deep-equal"),
    ],
    ids=["not formatted", "refused by the linter", "wrong type", "wrong"],
)
def test_its_tests_can_fail(engine: CommandLineEngine, project: Path, old: str, new: str, said: str) -> None:
    change(project, API, old, new)
    refused(engine, project, said, target="test")


def files(entries: tuple[File, ...]) -> set[str]:
    """Return the paths of the files of a layer."""
    return {entry.path for entry in entries if entry.kind == "file"}
