"""Why a program of an image cannot start."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import PurePosixPath

from scaffold.image import File, Kind
from scaffold.image.elf import Elf, ElfError, read_elf
from scaffold.verify.model import Problem
from scaffold.verify.opened.subject import ImageSubject

_EXECUTE = 1
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# The loaders' own folders: ld.so(8), and ldso/dynlink.c of musl. Debian adds one for each architecture.
_LIBRARY_FOLDERS = ("/lib", "/usr/lib", "/lib64", "/usr/lib64", "/usr/local/lib", "/usr/local/lib64")
_LIBRARY_LISTS = ("/etc/ld.so.conf", "/etc/ld.so.conf.d/*.conf", "/etc/ld-musl-*.path")
# What musl's loader is itself, under any version: `reserved` in load_library of ldso/dynlink.c.
_MUSL = re.compile(r"lib(c|pthread|rt|m|dl|util|xnet)\.")
_LONGEST_SHEBANG = 256
_STATIC = "link it statically, or take a base with the C library that it was built for"


def start_problems(subject: ImageSubject, word: str) -> Iterator[Problem]:
    """Say what keeps a program, as an entry point or a health check names it, from starting."""
    path = _found(subject, word)
    file = subject.image.files.resolve(path)
    if file is None:
        yield Problem(f"{word} is not in the image", "copy it into the last stage, and check the path", word)
    elif file.kind not in {Kind.FILE, Kind.HARDLINK}:
        yield Problem(f"{word} is not a program but a {file.kind}", "name the program itself", file.path)
    else:
        yield from _right_problems(subject, file)
        yield from _format_problems(subject, file)


def _found(subject: ImageSubject, word: str) -> str:
    """Find a program as execvp does: by its path, or in the folders of PATH."""
    config = subject.image.config
    if "/" in word:
        return str(PurePosixPath("/", config.working_directory, word))
    candidates = [f"{folder}/{word}" for folder in config.environment.get("PATH", _PATH).split(":")]
    return next((path for path in candidates if subject.image.files.resolve(path)), word)


def _right_problems(subject: ImageSubject, file: File) -> Iterator[Problem]:
    user = subject.user
    if not file.mode & 0o111:
        yield Problem("it is not executable", "give it mode 0755: COPY --chmod=0755", file.path)
    elif user and user.uid:
        folders = (subject.image.files.resolve(str(folder)) for folder in PurePosixPath(file.path).parents)
        closed = [one for one in (file, *folders) if one and not user.may(one, _EXECUTE)]
        for one in closed[:1]:
            message = f"user {user.uid} may not {'execute' if one is file else 'enter'} it (mode {one.mode:04o})"
            yield Problem(message, "give it mode 0755, or put the program elsewhere", one.path)


def _format_problems(subject: ImageSubject, file: File) -> Iterator[Problem]:
    try:
        with subject.image.open(file.path) as stream:
            elf = read_elf(stream)
            stream.seek(0)
            first = stream.read(_LONGEST_SHEBANG).partition(b"\n")[0]
    except ElfError as error:
        yield Problem(f"it cannot be loaded: {error}", "build it anew", file.path)
        return
    if elf:
        yield from _elf_problems(subject, file, elf)
    elif first.startswith(b"#!"):
        yield from _script_problems(subject, file, first[2:].decode(errors="replace").split())
    else:
        yield Problem("it is neither an ELF program nor a script with #!", "name the program itself", file.path)


def _script_problems(subject: ImageSubject, file: File, words: list[str]) -> Iterator[Problem]:
    interpreter = words[0] if words else ""
    if subject.image.files.inode(interpreter) is None:
        yield Problem(
            f"it is a script for {interpreter or 'nothing'}, which the image does not have",
            "start the program directly, or take a base with that interpreter",
            file.path,
        )
    elif PurePosixPath(interpreter).name == "env":
        wanted = next((word for word in words[1:] if not word.startswith("-") and "=" not in word), "")
        if subject.image.files.inode(_found(subject, wanted)) is None:
            yield Problem(f"it is a script for {wanted}, which is not in PATH", "name it by its path", file.path)


def _elf_problems(subject: ImageSubject, file: File, elf: Elf) -> Iterator[Problem]:
    wanted = subject.image.config.architecture
    if elf.architecture and wanted and not wanted.startswith(elf.architecture):
        yield Problem(
            f"it is a program for {elf.architecture} in an image for {wanted}",
            "compile for TARGETARCH, and let only the build stage be FROM --platform=$BUILDPLATFORM",
            file.path,
        )
    elif elf.interpreter and subject.image.files.inode(elf.interpreter) is None:
        message = f"it needs the loader {elf.interpreter}, which the image does not have"
        yield Problem(message, f"{_STATIC} (Go: CGO_ENABLED=0)", file.path)
    else:
        for name in _missing_libraries(subject, file, elf):
            yield Problem(f"it needs the library {name}, which the image does not have", _STATIC, file.path)


def _missing_libraries(subject: ImageSubject, file: File, elf: Elf) -> list[str]:
    """Follow what a program needs, and what its libraries need, as the loader does; name what is not found."""
    missing: list[str] = []
    seen: set[str] = set()
    is_musl = PurePosixPath(elf.interpreter).name.startswith("ld-musl-")
    todo = [(file, elf)]
    while todo:
        user, needs = todo.pop()
        folders = [*_own_folders(user, needs), *_library_folders(subject)]
        for name in needs.needed:
            if name not in seen and not (is_musl and _MUSL.match(name)):
                seen.add(name)
                library = _library(subject, name, folders)
                if library is None:
                    missing.append(name)
                elif loaded := _loaded(subject, library):
                    todo.append((library, loaded))
    return missing


def _own_folders(file: File, elf: Elf) -> list[str]:
    return [
        folder.replace("$ORIGIN", file.parent).replace("${ORIGIN}", file.parent) for folder in elf.library_paths
    ]


def _library_folders(subject: ImageSubject) -> Iterator[str]:
    files = subject.image.files
    yield from subject.image.config.environment.get("LD_LIBRARY_PATH", "").split(":")
    for path in files:
        if any(fnmatch(path, pattern) for pattern in _LIBRARY_LISTS):
            yield from subject.text(path).replace(":", "\n").split("\n")
    for folder in _LIBRARY_FOLDERS:
        yield folder
        yield from (file.path for file in files.below(folder) if fnmatch(file.path, "/*lib/*-linux-*"))


def _library(subject: ImageSubject, name: str, folders: list[str]) -> File | None:
    candidates = [name] if "/" in name else [f"{folder.strip()}/{name}" for folder in folders if folder.strip()]
    found = (subject.image.files.inode(path) for path in candidates)
    return next((file for file in found if file), None)


def _loaded(subject: ImageSubject, library: File) -> Elf | None:
    try:
        with subject.image.layers[library.layer].open(library) as stream:
            return read_elf(stream)
    except ElfError:
        return None
