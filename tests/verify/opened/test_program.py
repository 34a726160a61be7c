"""Programs are found as execvp finds them, and libraries as loaders do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scaffold.image import read
from scaffold.verify.model import NotApplicable
from scaffold.verify.opened import ImageSubject
from scaffold.verify.opened.program import start_problems
from scaffold.verify.opened.surroundings import time_zones
from tests.image.archives import Member, saved, tar
from tests.image.programs import LOADER, elf_file

STATIC = elf_file(loader="")


def found(path: Path, content: bytes, **config: Any) -> int:
    outcome = time_zones.test(ImageSubject(read(saved(path, content, **config))))
    assert not isinstance(outcome, NotApplicable)
    return len(list(outcome))


def program(name: str, content: bytes = STATIC, mode: int = 0o755) -> Member:
    return Member(name, content, mode)


def messages(path: Path, word: str, *members: Member, **config: Any) -> list[str]:
    opened = ImageSubject(read(saved(path, tar(*members), **config)))
    return [problem.message for problem in start_problems(opened, word)]


@pytest.mark.parametrize(
    ("word", "config"),
    [
        ("/srv/bin/app", {}),
        ("/srv/../srv/bin/app", {}),
        ("bin/app", {"WorkingDir": "/srv"}),
        ("./app", {"WorkingDir": "/srv/bin"}),
        ("./app", {"WorkingDir": "srv/bin"}),
        ("app", {"Env": ["PATH=/nowhere:/srv/bin"]}),
        ("/link", {}),
    ],
)
def test_a_program_is_found(word: str, config: dict[str, Any], tmp_path: Path) -> None:
    members = program("srv/bin/app"), Member("link", target="srv/bin/app")
    assert messages(tmp_path, word, *members, **config) == []


@pytest.mark.parametrize("word", ["app", "./app", "/bin/app", "/link", ""])
def test_a_program_is_not_found(word: str, tmp_path: Path) -> None:
    members = program("srv/bin/app"), Member("link", target="link")
    assert messages(tmp_path, word, *members) == [f"{word} is not in the image"]


def test_without_a_path_engines_have_one(tmp_path: Path) -> None:
    assert messages(tmp_path, "app", program("usr/local/bin/app")) == []


LIBRARY = program("opt/lib/libz.so.1", elf_file(needed=("libc.so.6",)))
LIBC = Member("lib/libc.so.6", elf_file(loader=""))


@pytest.mark.parametrize(
    ("content", "more", "config"),
    [
        (elf_file(needed=("libz.so.1",), runpath="/opt/lib"), (), {}),
        (elf_file(needed=("libz.so.1",), rpath="/nowhere:$ORIGIN/../lib"), (), {}),
        (elf_file(needed=("libz.so.1",), runpath="${ORIGIN}/../lib"), (), {}),
        (elf_file(needed=("/opt/lib/libz.so.1",)), (), {}),
        (elf_file(needed=("libz.so.1",)), (), {"Env": ["LD_LIBRARY_PATH=/nowhere:/opt/lib"]}),
        (elf_file(needed=("libz.so.1",)), (Member("etc/ld.so.conf", b"/opt/lib\n"),), {}),
        (elf_file(needed=("libz.so.1",)), (Member("etc/ld.so.conf.d/z.conf", b"# z\n/opt/lib\n"),), {}),
        (elf_file(needed=("libz.so.1",)), (Member("etc/ld-musl-x86_64.path", b"/lib:/opt/lib"),), {}),
        (elf_file(needed=("libz.so.1",)), (Member("usr/lib/x86_64-linux-gnu/libz.so.1", STATIC),), {}),
        (elf_file(needed=("libz.so.1",)), (Member("lib64/libz.so.1", b"not a library"),), {}),
    ],
)
def test_libraries_are_found(
    content: bytes, more: tuple[Member, ...], config: dict[str, Any], tmp_path: Path
) -> None:
    folders = Member("usr/lib/x86_64-linux-gnu/", mode=0o755)
    members = folders, program("opt/bin/app", content), program(LOADER[1:]), LIBRARY, LIBC, *more
    assert messages(tmp_path, "/opt/bin/app", *members, **config) == []


def test_each_missing_library_is_named_also_those_of_libraries(tmp_path: Path) -> None:
    app = program("app", elf_file(needed=("libz.so.1", "libm.so.6"), runpath="/opt/lib"))
    said = messages(tmp_path, "/app", app, program(LOADER[1:]), LIBRARY)
    assert [message.split()[4].rstrip(",") for message in said] == ["libm.so.6", "libc.so.6"]


def test_musl_is_its_own_loader(tmp_path: Path) -> None:
    musl = "/lib/ld-musl-x86_64.so.1"
    needs = elf_file(needed=("libc.musl-x86_64.so.1", "libm.so", "libz.so.1"), loader=musl)
    said = messages(tmp_path, "/app", program("app", needs), program(musl[1:]))
    assert said == ["it needs the library libz.so.1, which the image does not have"]


def test_libraries_may_need_each_other(tmp_path: Path) -> None:
    one = Member("lib/one.so", elf_file(needed=("two.so",)))
    two = Member("lib/two.so", elf_file(needed=("one.so",)))
    app = program("app", elf_file(needed=("one.so",)))
    assert messages(tmp_path, "/app", app, one, two, program(LOADER[1:])) == []


def test_a_broken_library_is_the_loaders_to_tell(tmp_path: Path) -> None:
    broken = Member("lib/libz.so.1", STATIC[:20])
    app = program("app", elf_file(needed=("libz.so.1",)))
    assert messages(tmp_path, "/app", app, broken, program(LOADER[1:])) == []


@pytest.mark.parametrize(
    ("first_line", "expected"),
    [
        (b"#!/bin/app", []),
        (b"#! /bin/app -e", []),
        (b"#!/usr/bin/env app", []),
        (b"#!/usr/bin/env -S NAME=value app -u", []),
        (b"#!/bin/bash", ["it is a script for /bin/bash, which the image does not have"]),
        (b"#!", ["it is a script for nothing, which the image does not have"]),
        (b"#!/usr/bin/env python3", ["it is a script for python3, which is not in PATH"]),
        (b"plain text", ["it is neither an ELF program nor a script with #!"]),
        (b"", ["it is neither an ELF program nor a script with #!"]),
    ],
)
def test_a_script_needs_its_interpreter(first_line: bytes, expected: list[str], tmp_path: Path) -> None:
    script = program("start", first_line + b"\nexec /app\n" if first_line else b"")
    assert messages(tmp_path, "/start", script, program("bin/app"), program("usr/bin/env")) == expected


@pytest.mark.parametrize(
    ("machine", "architecture", "fits"),
    [(62, "amd64", True), (183, "arm64", True), (40, "arm", True), (21, "ppc64le", True), (62, "arm64", False)],
)
def test_a_program_is_for_the_images_machine(machine: int, architecture: str, fits: bool, tmp_path: Path) -> None:
    image = read(saved(tmp_path, tar(program("app", elf_file(loader="", machine=machine)))))
    image = replace(image, config=replace(image.config, architecture=architecture))
    assert (not list(start_problems(ImageSubject(image), "/app"))) is fits


@pytest.mark.parametrize("place", [0, 500_000, 1024**2 - 7, 2 * 1024**2 - 1])
def test_time_zones_may_be_built_into_the_program(place: int, tmp_path: Path) -> None:
    for zone, problems in {b"Africa/Abidjan": 0, b"Africa/Abidjam": 1}.items():
        content = tar(program("app", b"\0" * place + zone + b"\0" * 500_000))
        assert found(tmp_path, content, Entrypoint=["/app"]) == problems


def test_time_zones_are_missing_with_the_program(tmp_path: Path) -> None:
    assert found(tmp_path, tar(), Entrypoint=["/app"]) == 1
