"""The search for secrets: in every layer, also in files that a later one deletes, and in the configuration."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from scaffold.image import Config, File, Kind
from scaffold.verify.model import Problem
from scaffold.verify.opened.check import check
from scaffold.verify.opened.secret_shapes import HOLDERS, PASSWORD_IN_ADDRESS, SECRET_NAME, SHAPES, Shape
from scaffold.verify.opened.subject import ImageSubject

_CHUNK = 1024**2
# More than the longest match has, so that none is cut in two.
_OVERLAP = 4096
_HOLDER_BYTES = 1024**2
_MEND = "mount it as a build secret (RUN --mount=type=secret) or give it at run time; and revoke this one"
# Keys that everybody has: libraries bring them for their tests, and GnuTLS has some in its code to test itself.
_PUBLIC_KEYS = re.compile(
    r"/(node_modules|site-packages|dist-packages|gems|pkg/mod)/.*/(tests?|specs?|fixtures|examples?)/"
    r"|^/usr/local/go/(src|test)/|^(/usr)?/lib(64)?/.*\.so[.\d]*$"
)
# These stand in the configuration too, unless a later one overwrites them.
_SETTING = re.compile(r"(/bin/sh -c #\(nop\) +)?(ENV|LABEL) ")
_ASSIGNMENT = re.compile(r"(?<![\w.$-])([\w.-]+)=(\"[^\"]*\"|'[^']*'|[^\s'\"]+)")
# No secrets: switches, numbers, references to other variables, and paths to where a secret will be.
_HARMLESS = re.compile(r"(?i)|true|false|yes|no|on|off|none|null|\d{1,5}|[$/].*")


@check(
    "open-secrets",
    title="no secret is in any layer, nor in the configuration",
    why="Whoever can pull an image can read every layer, also what a later one deletes, and its whole history.",
)
def no_secrets(subject: ImageSubject) -> Iterator[Problem]:
    """Search names and contents of files, variables, labels and history.

    What lies in the layers of the published base is public already.
    """
    for layer in subject.image.layers[subject.base_layers :]:
        for file, stream in layer.contents():
            for what in _secrets_in(file, stream):
                yield Problem(f"{what} is in the image{_whether_hidden(subject, file)}", _MEND, file.path)
    yield from _configuration_problems(subject)


def _secrets_in(file: File, stream: BinaryIO) -> list[str]:
    """Name what is found in one file, each kind once."""
    start = stream.read(_HOLDER_BYTES)
    if any(holder.path.search(file.path) and holder.content.search(start) for holder in HOLDERS):
        return ["a file that holds secrets"]
    if _PUBLIC_KEYS.search(file.path):
        return []
    shapes = (*SHAPES, PASSWORD_IN_ADDRESS) if file.path.endswith("/.git/config") else SHAPES
    return list(dict.fromkeys(found for data in _parts(start, stream) for found in _found(shapes, data)))


def _parts(start: bytes, rest: BinaryIO) -> Iterator[bytes]:
    """Yield a file piece by piece, each with the end of the one before."""
    data = start
    while data:
        yield data
        chunk = rest.read(_CHUNK)
        data = data[-_OVERLAP:] + chunk if chunk else b""


def _found(shapes: tuple[Shape, ...], data: bytes) -> Iterator[str]:
    return (shape.what for shape in shapes if shape.found_in(data))


def _whether_hidden(subject: ImageSubject, file: File) -> str:
    seen = subject.image.files.get(file.path)
    if seen and (seen.layer == file.layer or seen.kind is Kind.HARDLINK):
        return ""
    made = subject.image.layers[file.layer].created_by
    return f", hidden by a later layer and pulled all the same; it came with {made or f'layer {file.layer + 1}'}"


def _configuration_problems(subject: ImageSubject) -> Iterator[Problem]:
    config = subject.image.config
    settings = [
        *((f"ENV {name}", name, value) for name, value in config.environment.items()),
        *((f"LABEL {name}", name, value) for name, value in config.labels.items()),
        *(("history", name, value) for name, value in _history(config)),
    ]
    found = ((place, what) for place, name, value in settings for what in _secrets_of(name, value))
    for place, what in dict.fromkeys(found):
        yield Problem(f"{what} is in the configuration of the image", _MEND, place)


def _history(config: Config) -> Iterator[tuple[str, str]]:
    """Yield each instruction as a whole, and what it assigns; build arguments stand in front of a RUN."""
    known = {**config.labels, **config.environment}
    for text in (instruction.created_by for instruction in config.history):
        assigned = [(name, value.strip("'\"")) for name, value in _ASSIGNMENT.findall(text)]
        overwritten = any(not known.get(name, "").startswith(value) for name, value in assigned)
        if overwritten or not _SETTING.match(text):
            yield from [("", text), *assigned]


def _secrets_of(name: str, value: str) -> list[str]:
    found = list(_found((*SHAPES, PASSWORD_IN_ADDRESS), value.encode()))
    if not found and SECRET_NAME.search(name) and not _HARMLESS.fullmatch(value):
        return [f"a value for {name}"]
    return found
