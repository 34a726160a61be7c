"""What is in the images of C++ projects, and what becomes of them after a change."""

from __future__ import annotations

from pathlib import Path

import pytest

from scaffold.engines.command_line import CommandLineEngine
from scaffold.image.elf import read_elf
from tests.blueprints.images import build, change, refused, saved, uncached

API = "src/api.cpp"
PROBE = 'http::text(200, "ok")'


def test_it_is_one_layer_with_one_static_program(
    engine: CommandLineEngine, project: Path, tmp_path: Path
) -> None:
    image = saved(engine, build(engine, project).tag, tmp_path)
    (layer,) = image.layers
    files = {entry.path for entry in layer.entries if entry.kind == "file"}
    assert files == {"/app", "/etc/passwd", "/etc/group", "/etc/ssl/certs/ca-certificates.crt"}
    assert {entry.uid for entry in layer.entries} == {0}
    with image.open("/app") as program:
        elf = read_elf(program)
    assert elf is not None
    assert (elf.interpreter, elf.needed) == ("", ())


def test_the_program_brings_neither_names_nor_locales(
    engine: CommandLineEngine, project: Path, tmp_path: Path
) -> None:
    """What a static glibc would load at run time, and what it does not need."""
    built = build(engine, project)
    with saved(engine, built.tag, tmp_path).open("/app") as program:
        content = program.read()
    assert b"zoneinfo" not in content
    assert b"libnss_" not in content
    assert "statically linked applications requires" not in built.log


def test_packages_come_from_the_mirror_of_a_company(engine: CommandLineEngine, project: Path) -> None:
    """One that is not there gives none."""
    uncached(project)
    refused(engine, project, "127.0.0.1:9", DEBIAN_MIRROR="http://127.0.0.1:9")


def test_the_certificate_bundle_of_a_company_is_the_one_that_counts(
    engine: CommandLineEngine, project: Path, tmp_path: Path
) -> None:
    """With one that vouches for nobody, nothing can be fetched over TLS."""
    bundle = tmp_path / "company.pem"
    bundle.write_text("-----BEGIN CERTIFICATE-----\nnobody\n-----END CERTIFICATE-----\n")
    uncached(project)
    refused(engine, project, "ertificate", bundle=bundle, DEBIAN_MIRROR="https://deb.debian.org")


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (API, "namespace api {", "namespace  api {", "clang-format"),
        (
            "src/http.cpp",
            "namespace http {\nnamespace {",
            "namespace http {\nnamespace {\nint unused() { return 1; }\n",
            "unused",
        ),
        ("src/server.cpp", 'http::text(503, "draining")', 'http::text(200, "draining")', "tests failed"),
    ],
    ids=["not formatted", "refused by the compiler", "wrong"],
)
def test_its_tests_can_fail(
    engine: CommandLineEngine, project: Path, file: str, old: str, new: str, said: str
) -> None:
    change(project, file, old, new)
    refused(engine, project, said, target="test")
