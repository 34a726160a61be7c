"""The files of a template: what tells two states apart, and a release of them as one archive.

The archive is the same for the same files wherever it is made: sorted, without times, owners and masks.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from pathlib import Path

from scaffold.errors import BlueprintError
from scaffold.links import link_out_of

# What copier leaves out of a project by default, and what belongs to a blueprint but not to its template.
_LEFTOVERS = ("~*", "*.py[co]", "__pycache__", ".git", ".DS_Store", ".svn")
_NOT_TEMPLATE = {"CHANGELOG.md", "releases"}
_EXECUTABLE, _PLAIN = 0o755, 0o644

Files = Mapping[str, Path]


def template_files(blueprint: Path, shared: Path | None) -> dict[str, Path]:
    """Return the files and links of a template by their names in it, sorted; `shared` has its parts for many."""
    found = {name: path for name, path in _files(blueprint) if name.split("/")[0] not in _NOT_TEMPLATE}
    if shared is not None and shared.is_dir():
        found |= {f"{shared.name}/{name}": path for name, path in _files(shared)}
    return dict(sorted(found.items()))


def content_digest(files: Files) -> str:
    """Return the SHA-256 of the names, contents and executable bits of files, in hexadecimal."""
    digest = hashlib.sha256()
    for name, path in sorted(files.items()):
        content = str(path.readlink()).encode() if path.is_symlink() else path.read_bytes()
        digest.update(f"{name}\0{int(is_executable(path))}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def is_executable(path: Path) -> bool:
    """Tell whether its owner may run a file; the other bits depend on the mask of whoever wrote it."""
    return bool(path.lstat().st_mode & 0o100)


def copy(files: Files, into: Path) -> None:
    """Write files below `into`, which must not exist; raises BlueprintError for a link that leads out of it."""
    into.mkdir(parents=True)
    for name, path in files.items():
        if path.is_symlink():
            (into / name).parent.mkdir(parents=True, exist_ok=True)
            (into / name).symlink_to(path.readlink())
        else:
            _write(into / name, path.read_bytes(), executable=is_executable(path))
    if (link := link_out_of(into)) is not None:
        raise BlueprintError(
            f"{link} is a link to {(into / link).readlink()}, out of the template",
            hint="this is for the blueprint's author to mend",
        )


def refuse_links(files: Files) -> None:
    """Raise BlueprintError for a link: an installed wheel can hold none."""
    for name, path in files.items():
        if path.is_symlink():
            raise BlueprintError(f"{name} is a link", hint="a release that is an archive has plain files only")


def pack(files: Files, archive: Path) -> None:
    """Write files as a `.tar.gz`: first aside, then with one rename."""
    aside = archive.with_name(f".{archive.name}.{os.getpid()}")
    archive.parent.mkdir(parents=True, exist_ok=True)
    try:
        aside.write_bytes(_packed(files))
        aside.replace(archive)
    finally:
        aside.unlink(missing_ok=True)


def unpack(archive: Path, into: Path) -> None:
    """Write the files of an archive below `into`, which must not exist; raises BlueprintError if it is broken."""
    import tarfile

    into.mkdir(parents=True)
    try:
        with tarfile.open(archive, "r:gz") as opened:
            for member in opened:
                content = opened.extractfile(member)
                if content is None or not is_inside(member.name):
                    raise BlueprintError(f"{archive}: {member.name!r} does not belong into a release")
                _write(into / member.name, content.read(), executable=bool(member.mode & 0o100))
    except (tarfile.TarError, EOFError) as error:
        raise BlueprintError(f"{archive} cannot be read: {error}") from error


def is_inside(name: str) -> bool:
    """Tell whether a name stays below the folder that it is seen from."""
    return not name.startswith("/") and ".." not in name.split("/")


def file_digest(path: Path) -> str:
    """Return the SHA-256 of one file in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        leftover = any(fnmatch(part, pattern) for part in parts for pattern in _LEFTOVERS)
        if not leftover and (path.is_symlink() or path.is_file()):
            yield "/".join(parts), path


def _packed(files: Files) -> bytes:
    import gzip
    import tarfile

    buffer = io.BytesIO()
    with (
        gzip.GzipFile(filename="", mode="wb", fileobj=buffer, mtime=0) as compressed,
        tarfile.open(fileobj=compressed, mode="w", format=tarfile.PAX_FORMAT) as opened,
    ):
        for name, path in sorted(files.items()):
            content = path.read_bytes()
            member = tarfile.TarInfo(name)
            member.size = len(content)
            member.mode = _EXECUTABLE if is_executable(path) else _PLAIN
            opened.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def _write(path: Path, content: bytes, *, executable: bool) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(_EXECUTABLE if executable else _PLAIN)
