"""Checks of what lies in the image: sizes, shells, tools, rights, leftovers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scaffold.image import Entry
from scaffold.verify.model import Check, NotApplicable, Outcome, Problem, Severity, Step
from scaffold.verify.opened.subject import ImageSubject

_PACKAGE_MANAGERS = {
    "apk",
    "apt",
    "apt-get",
    "dpkg",
    "rpm",
    "dnf",
    "yum",
    "microdnf",
    "pip",
    "pip3",
    "npm",
    "npx",
}
_PACKAGE_MANAGERS |= {"yarn", "pnpm", "gem", "composer", "uv", "cargo", "mvn", "gradle"}
_BUILD_TOOLS = {
    "gcc",
    "g++",
    "cc",
    "c++",
    "clang",
    "ld",
    "make",
    "cmake",
    "ninja",
    "go",
    "gofmt",
    "rustc",
    "javac",
}
_BUILD_TOOLS |= {"git", "tsc", "esbuild", "strip", "pkg-config"}
_LEFTOVERS = re.compile(
    r"^(/root/\.cache|/root/\.npm|/root/\.m2|/root/\.cargo|/go/pkg|/usr/local/go|/var/lib/apt/lists/.+|/var/cache/apt/.+"
    r"|/var/cache/apk/.+|/usr/include|/usr/local/include)(/|$)|/\.git(/|$)|_test\.go$|/__pycache__/.*\.pyc\.\d+$"
)
_SOURCE = re.compile(r"\.(go|rs|c|cc|cpp|h|hpp|java|kt|ts|tsx)$")
_WASTE_BYTES = 1_000_000
_WASTE_SHARE = 0.01
_SETUID, _SETGID, _STICKY, _OTHERS_WRITE = 0o4000, 0o2000, 0o1000, 0o002


def within_budget(subject: ImageSubject) -> Outcome:
    """Weigh what the image adds to its base."""
    return _overweight(subject) if subject.budget else NotApplicable("no budget is set")


def _overweight(subject: ImageSubject) -> Iterator[Problem]:
    budget = subject.budget
    assert budget is not None
    for what, size, most in (
        ("", subject.added, budget.adds),
        (" compressed", subject.added_compressed, budget.adds_compressed),
    ):
        if size > most:
            yield Problem(
                f"it adds {size / 1e6:.2f} MB{what} to its base; the budget is {most / 1e6:.2f} MB",
                f"look for what grew: {_largest(subject)}",
            )


def _largest(subject: ImageSubject) -> str:
    files = sorted(subject.own_files(), key=lambda entry: -entry.size)[:3]
    return ", ".join(f"{entry.path} {entry.size / 1e6:.2f} MB" for entry in files)


def shell_only_from_base(subject: ImageSubject) -> Iterator[Problem]:
    """Look for shells that the base is not known to have."""
    if subject.base is not None and subject.base.shell:
        return
    for path in subject.shells():
        yield Problem("a shell is in the image", "leave it out: debug with an ephemeral container", path)


def no_setuid(subject: ImageSubject) -> Iterator[Problem]:
    """Look for programs that run with another's rights."""
    for entry in subject.image.files.values():
        if entry.kind == "file" and (entry.mode & (_SETUID | _SETGID) or entry.has_capabilities):
            yield Problem(
                "it runs with rights that its user does not have", "chmod a-s it, or remove it", entry.path
            )


def no_world_writable(subject: ImageSubject) -> Iterator[Problem]:
    """Look for what anybody may change; a sticky folder such as /tmp is meant to be shared."""
    for entry in subject.image.files.values():
        shared = entry.kind == "directory" and entry.mode & _STICKY
        if entry.kind in {"file", "directory"} and entry.mode & _OTHERS_WRITE and not shared:
            yield Problem("anybody may write to it", "chmod o-w it", entry.path)


def no_package_manager(subject: ImageSubject) -> Iterator[Problem]:
    """Look for package managers that the base is not known to have."""
    for entry in _named(subject, _PACKAGE_MANAGERS):
        yield Problem("a package manager is in the image", "copy only what runs into the last stage", entry.path)


def no_build_tools(subject: ImageSubject) -> Iterator[Problem]:
    """Look for compilers, caches, headers, sources."""
    for entry in _named(subject, _BUILD_TOOLS):
        yield Problem("a build tool is in the image", "copy only what runs into the last stage", entry.path)
    folders: set[str] = set()
    for entry in subject.own_files():
        if entry.kind == "file" and (_LEFTOVERS.search(entry.path) or _SOURCE.search(entry.path)):
            folders.add(entry.path.rpartition("/")[0] or "/")
    # One finding for the folder at the top says as much as one for each of ten thousand files.
    for folder in sorted(folders):
        if not any(folder != other and folder.startswith(other.rstrip("/") + "/") for other in folders):
            yield Problem("sources or a build's leftovers are in the image", "copy only what runs", folder)


def _named(subject: ImageSubject, names: set[str]) -> Iterator[Entry]:
    known = subject.base_layers if subject.base is not None and subject.base.package_manager else 0
    for entry in subject.programs():
        if entry.layer >= known and entry.path.rpartition("/")[2] in names:
            yield entry


def nothing_wasted(subject: ImageSubject) -> Iterator[Problem]:
    """Add up what later layers delete or write again."""
    wasted = subject.wasted()
    total = sum(wasted.values())
    if total > _WASTE_BYTES or total > _WASTE_SHARE * max(subject.image.size, 1):
        path = max(wasted, key=lambda name: wasted[name])
        yield Problem(
            f"{total / 1e6:.2f} MB are pulled and hidden by a later layer, most of it {path}",
            "delete in the instruction that writes, or better write it in an earlier stage",
            path,
        )


def certificates(subject: ImageSubject) -> Iterator[Problem]:
    """Look for a bundle of certificates."""
    if subject.image.resolve("/etc/ssl/certs/ca-certificates.crt") is None:
        yield Problem(
            "there are no certificates at /etc/ssl/certs/ca-certificates.crt",
            "copy the bundle from the build stage: without it no call to a TLS service succeeds",
        )


CHECKS: tuple[Check[ImageSubject], ...] = (
    Check(
        id="open-size",
        title="what it adds to its base is within the budget",
        why="Images grow by accident; a gate makes each growth a decision.",
        step=Step.OPEN,
        test=within_budget,
    ),
    Check(
        id="open-shell",
        title="there is a shell only where the base has one",
        why="A shell is the first thing an intruder looks for.",
        step=Step.OPEN,
        test=shell_only_from_base,
    ),
    Check(
        id="open-setuid",
        title="no file is setuid, setgid or has capabilities",
        why="Each is a way from the service's user to root.",
        step=Step.OPEN,
        test=no_setuid,
    ),
    Check(
        id="open-world-writable",
        title="nobody but its owner may write to a file",
        why="What the service can change, an intruder can change, and it stays when the request is over.",
        step=Step.OPEN,
        test=no_world_writable,
    ),
    Check(
        id="open-package-manager",
        title="no package manager is left behind",
        why="It makes it easy to bring in tools, and scanners report its own dependencies.",
        step=Step.OPEN,
        test=no_package_manager,
    ),
    Check(
        id="open-build-tools",
        title="no build tools, caches or sources are left behind",
        why="They are the bulk of large images, and none of it runs.",
        step=Step.OPEN,
        test=no_build_tools,
    ),
    Check(
        id="open-wasted",
        title="no layer hides what another brought",
        why="What is deleted in a later layer is pulled all the same.",
        step=Step.OPEN,
        test=nothing_wasted,
    ),
    Check(
        id="open-certificates",
        title="certificates are at hand",
        why="A service that calls another by TLS fails without them, often only in production.",
        step=Step.OPEN,
        test=certificates,
        severity=Severity.WARNING,
    ),
)
