"""What every catalog has to give: the releases of a blueprint, and the files of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from scaffold.catalog import versions
from scaffold.catalog.changelog import Section, changes_between
from scaffold.errors import BlueprintError, InputError


@dataclass(frozen=True, slots=True)
class Access:
    """How a catalog may be reached: `offline` uses what is here already; `ask` lets git ask for a password."""

    offline: bool = False
    ask: bool = False


@dataclass(frozen=True, slots=True)
class Release:
    """One release of one blueprint.

    `source` and `version` are what the answers file of a project calls `_src_path` and `_commit`; `origin` is
    where it comes from on this machine, which `trust.is_trusted` asks for. A
    `development` release is the state that a blueprint is in while somebody works on it: its version ends in a
    digest of its content, and it is gone once that changes.
    """

    source: str
    blueprint: str
    version: str
    development: bool
    origin: str = field(compare=False)
    lay_out: Callable[[Path], None] = field(repr=False, compare=False)

    def materialise(self, into: Path) -> Path:
        """Write its whole template to `into`, which must not exist, and return it; copier can render that.

        Raises BlueprintError when the release is not what was published.
        """
        self.lay_out(into)
        return into


@dataclass(frozen=True, slots=True)
class History:
    """The releases of one blueprint, the oldest first, and its changelog, the newest first.

    `note` is what a user has to know of where they come from ("from the cache, 3 hours old"), or "". `look_up`
    finds what is no release: a commit or a branch of a git repository.
    """

    source: str
    blueprint: str
    releases: tuple[Release, ...]
    changelog: tuple[Section, ...]
    note: str = ""
    look_up: Callable[[str], Release | None] = field(default=lambda _: None, repr=False, compare=False)

    def newest(self) -> Release:
        """Return the newest: what is being worked on, else the last final release, else the last one."""
        if not self.releases:
            raise BlueprintError(f"{self.source} has no release", hint="its author has to publish one")
        last = self.releases[-1]
        finals = [release for release in self.releases if not _is_prerelease(release.version)]
        return last if last.development or not finals else finals[-1]

    def find(self, version: str) -> Release:
        """Return the release of that version; raises InputError when there is none."""
        for release in self.releases:
            if versions.same(release.version, version):
                return release
        found = self.look_up(version)
        if found is None:
            raise self._missing(version)
        return found

    def changes(self, old: str, new: str) -> tuple[Section, ...]:
        """Return the changelog's sections after the version `old` up to and with `new`, the newest first."""
        return changes_between(self.changelog, old, new)

    def _missing(self, version: str) -> InputError:
        known = ", ".join(release.version for release in self.releases) or "none"
        if versions.is_development(version):
            return InputError(
                f"{self.source} {version} was a state of development that is not at hand any more",
                hint=f"there are: {known}",
            )
        return InputError(f"{self.source} has no release {version!r}", hint=f"there are: {known}")


def _is_prerelease(version: str) -> bool:
    parsed = versions.parse(version)
    return parsed is None or parsed.is_prerelease
