"""Rules about packages of the distribution. Where files are not in the image, their size is nobody's concern."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scaffold.dockerfile import Instruction
from scaffold.verify.lint.rule import Fault, rule
from scaffold.verify.lint.shell import Command, commands_of
from scaffold.verify.lint.subject import LintSubject
from scaffold.verify.model import Severity


@dataclass(frozen=True, slots=True)
class Manager:
    """One package manager: how it installs, where its cache is, and how that is cleaned.

    `cleaning` has words of a command that empties the cache, `cacheless` the flag that leaves none.
    """

    programs: tuple[str, ...]
    install: str
    cache: str
    cleaning: tuple[str, ...]
    yes: tuple[str, ...] = ()
    cacheless: str = ""


_MANAGERS = (
    Manager(("apk",), "add", "/var/cache/apk", ("rm", "/var/cache/apk"), cacheless="--no-cache"),
    Manager(("apt-get", "apt"), "install", "/var/lib/apt", ("rm", "/var/lib/apt/lists"), yes=("-y", "--yes")),
    Manager(("dnf", "microdnf"), "install", "/var/cache", ("clean", "all"), yes=("-y", "--assumeyes")),
    Manager(("yum",), "install", "/var/cache", ("clean", "all"), yes=("-y", "--assumeyes")),
    Manager(("zypper",), "install", "/var/cache", ("clean",), yes=("-n", "--non-interactive", "-y")),
)
_APT = _MANAGERS[1]


def _installs(instruction: Instruction) -> Iterator[tuple[Manager, Command]]:
    for command in commands_of(instruction):
        for manager in _MANAGERS:
            if command.program in manager.programs and manager.install in command.operands:
                yield manager, command


def _final_installs(subject: LintSubject) -> Iterator[tuple[Instruction, Manager, Command]]:
    for instruction in (each for each in subject.final if each.keyword == "RUN"):
        for manager, command in _installs(instruction):
            yield instruction, manager, command


@rule(
    "lint-package-cache",
    title="package lists and caches stay out of the image",
    why="They are megabytes that no service reads, and they age. Deleting them in a later RUN frees nothing.",
    severity=Severity.WARNING,
)
def package_cache(subject: LintSubject) -> Iterator[Fault]:
    """Each RUN of the image that installs cleans up, leaves nothing, or has a cache mount."""
    for instruction, manager, command in _final_installs(subject):
        if not _is_clean(instruction, manager, command):
            mend = (
                f"write {command.program} {manager.install} {manager.cacheless} …"
                if manager.cacheless
                else f"end this RUN with `&& {_cleaning(manager)}`"
            )
            yield Fault(f"what {command.program} downloads stays in the layer", mend, instruction.start_line)


def _is_clean(instruction: Instruction, manager: Manager, command: Command) -> bool:
    if manager.cacheless and command.has(manager.cacheless):
        return True
    if any(mount.get("target", "").startswith(manager.cache) for mount in instruction.mounts):
        return True
    text = [" ".join((each.program, *each.arguments)) for each in commands_of(instruction)]
    return any(all(word in line for word in manager.cleaning) for line in text)


def _cleaning(manager: Manager) -> str:
    if manager is _APT:
        return "rm -rf /var/lib/apt/lists/*"
    return f"{manager.programs[0]} {' '.join(manager.cleaning)}"


@rule(
    "lint-apt-recommends",
    title="apt-get installs what is asked for",
    why="Recommended packages can be many times the size of the one that was asked for.",
    severity=Severity.WARNING,
)
def apt_recommends(subject: LintSubject) -> Iterator[Fault]:
    """An apt-get of the image has --no-install-recommends."""
    for instruction, manager, command in _final_installs(subject):
        refuses = command.has("--no-install-recommends") or "APT::Install-Recommends" in instruction.text
        if manager is _APT and not refuses:
            mend = f"write {command.program} install --no-install-recommends …"
            yield Fault("recommended packages are installed too", mend, instruction.start_line)


@rule(
    "lint-install-asks",
    title="package managers do not ask",
    why="Nobody answers during a build: it stops at the question.",
)
def install_asks(subject: LintSubject) -> Iterator[Fault]:
    """Each install has the flag that says yes."""
    for instruction in subject.of("RUN"):
        for manager, command in _installs(instruction):
            if manager.yes and not command.has(*manager.yes) and not command.has("-qq"):
                mend = f"write {command.program} {manager.install} {manager.yes[0]} …"
                yield Fault(f"{command.program} asks whether to go on", mend, instruction.start_line)


@rule(
    "lint-update-alone",
    title="package lists are fetched where they are used",
    why="A layer with nothing but the lists is cached: packages are then installed by lists of last month, whose "
    "files are gone.",
)
def update_alone(subject: LintSubject) -> Iterator[Fault]:
    """A RUN that updates also installs."""
    for instruction in subject.of("RUN"):
        updates = [
            command
            for command in commands_of(instruction)
            for manager in _MANAGERS
            if command.program in manager.programs and command.operands[:1] in (("update",), ("refresh",))
        ]
        if (
            updates
            and not any(_installs(instruction))
            and updates[0].program in ("apk", "apt", "apt-get", "zypper")
        ):
            mend = f"join it with the install: {updates[0].program} update && …"
            yield Fault(f"{updates[0].program} update stands alone", mend, instruction.start_line)


@rule(
    "lint-sudo",
    title="no sudo",
    why="A build is root already, and USER changes that; sudo in an image is a way back to root.",
)
def sudo(subject: LintSubject) -> Iterator[Fault]:
    """Sudo is neither called nor installed."""
    for instruction in subject.of("RUN"):
        if any(command.sudo for command in commands_of(instruction)):
            yield Fault("sudo is called", "leave it out; use USER to change users", instruction.start_line)
        elif any("sudo" in command.operands for _, command in _installs(instruction)):
            yield Fault("sudo is installed", "leave it out; use USER to change users", instruction.start_line)


CHECKS = (package_cache, apt_recommends, install_asks, update_alone, sudo)
