"""Where a catalog is, and how an answers file names a blueprint of it.

| `_src_path`                           | means                                                                |
|---------------------------------------|----------------------------------------------------------------------|
| `builtin:go`                          | a blueprint that comes with the program                              |
| `https://example.com/catalog.git#go`  | a blueprint of a git repository that has many                        |
| `https://example.com/template.git`    | a git repository that is one template; plain copier reads that too   |
| `local:go`                            | a blueprint of a folder, or of a repository that is a file here      |
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from scaffold.errors import InputError

BUILTIN = "builtin"
LOCAL = "local"
# copier's own short forms.
_SHORT = {"gh:": "https://github.com/", "gl:": "https://gitlab.com/"}
_SCHEME = re.compile(r"^([a-z][a-z0-9+.-]*)://([^/]*)(/.*)?$", re.IGNORECASE)
# `git@example.com:team/catalog.git`
_SCP = re.compile(r"^[\w.-]+@[\w.-]+:(?!//).+$")
_SCHEMES = ("https", "ssh", "file")


class Kind(Enum):
    """What a catalog is."""

    BUILTIN = BUILTIN
    FOLDER = "folder"
    GIT = "git"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a catalog is: `location` is a URL for git, an absolute path for a folder; `ref` may be ""."""

    kind: Kind
    location: str = ""
    ref: str = ""

    @property
    def is_local(self) -> bool:
        """Whether its name means something on this machine alone."""
        return self.kind is Kind.FOLDER or self.location.startswith("file://")

    @property
    def name(self) -> str:
        """The last part of its location, as a catalog of one blueprint calls that."""
        return re.split(r"[/:]", self.location.rstrip("/"))[-1].removesuffix(".git") or BUILTIN

    def __str__(self) -> str:
        """Return it as `--catalog` takes it."""
        return (self.location or BUILTIN) + (f"@{self.ref}" if self.ref else "")


def parse_place(text: str) -> Place:
    """Read what `--catalog` takes: "builtin", a URL of git, or a folder, with `@REF` behind it if wanted.

    Raises InputError for anything else, and for a URL that has a credential in it.
    """
    if text == BUILTIN:
        return Place(Kind.BUILTIN)
    found = _git_place(_expanded(text)) or _folder(text)
    if found is None:
        raise InputError(
            f"{text!r} is no catalog",
            hint="give https://…, ssh://…, git@host:path, file:///…, or a folder that exists",
        )
    return found


def parse_source(source: str) -> tuple[Place | None, str]:
    """Read an answers file's `_src_path`: the place, and the blueprint there, "" for a catalog of one.

    The place is None for a catalog that was on the author's machine. Raises InputError as `parse_place` does.
    """
    place, _, name = source.partition(":")
    if place == BUILTIN:
        return Place(Kind.BUILTIN), name
    if place == LOCAL:
        return None, name
    location, _, name = source.partition("#")
    return _as_copier_has_it(parse_place(location)), name


def source_of(place: Place, blueprint: str, *, only: bool) -> str:
    """Name a blueprint as an answers file does; `only` when the catalog is a template and has no other."""
    if place.kind is Kind.BUILTIN:
        return f"{BUILTIN}:{blueprint}"
    if place.is_local:
        return f"{LOCAL}:{blueprint}"
    return place.location if only else f"{place.location}#{blueprint}"


def normalised(source: str) -> str:
    """Return what two spellings of one source have in common, for trust to be about the place alone.

    The reference and the blueprint are left out, and `.git`; `git@host:path` becomes `ssh://git@host/path`. A
    slash at the end stays: it stands for everything below.
    """
    text = source.partition("#")[0]
    place = _git_place(_expanded(text))
    if place is None:
        # A folder that is not there any more keeps its name: what was allowed for it can still be taken back.
        return text if text == BUILTIN else str(Path(text).expanduser().resolve())
    url = place.location
    if not _SCHEME.match(url):
        url = "ssh://" + url.replace(":", "/", 1)
    scheme, host, path = _parts(url)
    return f"{scheme}://{host}{path.removesuffix('.git')}"


def _expanded(text: str) -> str:
    text = text.removeprefix("git+")
    for short, long in _SHORT.items():
        if text.startswith(short):
            path, at, ref = text.removeprefix(short).lstrip("/").partition("@")
            end = "" if path.endswith(("/", ".git")) else ".git"
            return f"{long}{path}{end}{at}{ref}"
    return text


def _git_place(text: str) -> Place | None:
    matched = _SCHEME.match(text)
    if matched:
        scheme, host, path = _parts(text)
        _refuse_url(text, scheme, host, path)
        path, _, ref = path.partition("@")
        return Place(Kind.GIT, f"{scheme}://{host}{path}", ref)
    if _SCP.match(text) and not Path(text).exists():
        user, _, rest = text.partition("@")
        rest, _, ref = rest.partition("@")
        return Place(Kind.GIT, f"{user}@{rest}", ref)
    return None


def _parts(url: str) -> tuple[str, str, str]:
    matched = _SCHEME.match(url)
    assert matched is not None
    return matched[1].lower(), matched[2].lower(), matched[3] or ""


def _refuse_url(url: str, scheme: str, host: str, path: str) -> None:
    if scheme not in _SCHEMES:
        raise InputError(f"{url}: {scheme}:// is not supported", hint="use https://, ssh:// or file://")
    user, at, _ = host.rpartition("@")
    # A token can stand for the user too, so over https nobody has a name here.
    if (at and (scheme != "ssh" or ":" in user)) or "?" in path:
        raise InputError(
            "a catalog's URL has a credential in it, and would end up in every project",
            hint="leave it to git's credential helper, or use ssh",
        )


def _folder(text: str) -> Place | None:
    for path, ref in ((text, ""), text.rpartition("@")[::2]):
        folder = Path(path).expanduser()
        if path and folder.is_dir():
            place = Place(Kind.FOLDER, str(folder.resolve()))
            return replace(_as_git(place), ref=ref) if ref else place
    return None


def _as_git(place: Place) -> Place:
    return Place(Kind.GIT, Path(place.location).as_uri())


def _as_copier_has_it(place: Place) -> Place:
    """Copier names a repository on this machine by its path, and takes its tags for releases."""
    folder = Path(place.location)
    is_repository = (folder / ".git").exists() or (folder / "HEAD").is_file()
    return _as_git(place) if place.kind is Kind.FOLDER and is_repository else place
