"""Checks of what programs expect around them: certificates, time zones, a place for temporary files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from scaffold.image import Kind
from scaffold.image.elf import ElfError, read_elf
from scaffold.verify.model import NotApplicable, Outcome, Problem, Severity
from scaffold.verify.opened.check import check
from scaffold.verify.opened.subject import ImageSubject

# Where Go's crypto/x509 (root_linux.go) looks, which knows the places of all the families of distributions.
_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/tls/cacert.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
# Where Go's time (zoneinfo_unix.go, zoneinfo_goroot.go) and the C libraries look.
_ZONES = (
    "/usr/share/zoneinfo",
    "/usr/share/lib/zoneinfo",
    "/usr/lib/locale/TZ",
    "/etc/zoneinfo",
    "/usr/local/go/lib/time/zoneinfo.zip",
)
# A Java runtime brings its own, in lib/ of wherever it lies (sun.util.calendar.ZoneInfoFile).
_ZONES_OF_JAVA = "/lib/tzdb.dat"
# The first zone of the database: a program that has it built in, such as Go's with time/tzdata, has its name.
# ICU, which Node has, keeps it in UTF-16.
_FIRST_ZONE = "Africa/Abidjan"
_FIRST_ZONES = (_FIRST_ZONE.encode(), _FIRST_ZONE.encode("utf-16-le"))
# What Go, the C libraries and the packages of Rust all call the folder: a program without it never looks.
_FOLDER = b"zoneinfo"
_CHUNK = 1024**2
_TEMPORARY = "/tmp"


@check(
    "open-ca-certificates",
    title="certificates of authorities are at hand",
    why="Without them no call to a TLS service succeeds, and that shows only in production.",
    severity=Severity.WARNING,
)
def certificates(subject: ImageSubject) -> Iterator[Problem]:
    """Look for a bundle that has certificates in it."""
    given = subject.image.config.environment.get("SSL_CERT_FILE", "")
    if not any("BEGIN CERTIFICATE" in subject.text(path) for path in (given, *_BUNDLES) if path):
        yield Problem(
            "no certificates are in any of the places where programs look for them",
            "copy them: COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/",
            given or _BUNDLES[0],
        )


@check(
    "open-timezones",
    title="time zones are at hand",
    why="Without them a program that is given a time zone fails, or takes UTC for it.",
    severity=Severity.WARNING,
)
def time_zones(subject: ImageSubject) -> Outcome:
    """Look for the database, in the image or built into the program."""
    given = subject.image.config.environment.get("ZONEINFO", "")
    if any(_has_content(subject, path) for path in (given, *_ZONES) if path) or _has_java(subject):
        return ()
    config = subject.image.config
    program = (*config.entrypoint, *config.command, "")[0]
    if _has(subject, program, *_FIRST_ZONES):
        return ()
    if _is_static(subject, program) and not _has(subject, program, _FOLDER):
        return NotApplicable("its one program never looks for time zones")
    return _no_zones()


def _no_zones() -> Iterator[Problem]:
    yield Problem(
        "no time zones are in the image, nor in its program",
        "build them in (Go: -tags timetzdata), or copy /usr/share/zoneinfo",
        _ZONES[0],
    )


def _has_content(subject: ImageSubject, path: str) -> bool:
    files = subject.image.files
    return files.inode(path) is not None or any(file.kind is Kind.FILE for file in files.below(path))


def _has_java(subject: ImageSubject) -> bool:
    return any(file.path.endswith(_ZONES_OF_JAVA) for file in subject.image.files.values())


def _is_static(subject: ImageSubject, program: str) -> bool:
    """Tell whether all of the program is in its one file."""
    if subject.image.files.inode(program) is None:
        return False
    with subject.image.open(program) as stream, suppress(ElfError):
        elf = read_elf(stream)
        return elf is not None and not elf.interpreter
    return False


def _has(subject: ImageSubject, program: str, *words: bytes) -> bool:
    if subject.image.files.inode(program) is None:
        return False
    end = b""
    with subject.image.open(program) as stream:
        while chunk := stream.read(_CHUNK):
            if any(word in end + chunk for word in words):
                return True
            end = chunk[-max(map(len, words)) :]
    return False


@check(
    "open-tmp",
    title="there is a /tmp that everybody may write to, sticky",
    why="Libraries put uploads and sockets there, and fail where it is missing or belongs to root.",
    severity=Severity.WARNING,
)
def temporary_folder(subject: ImageSubject) -> Iterator[Problem]:
    """Look for /tmp and its mode."""
    folder = subject.image.files.resolve(_TEMPORARY)
    mend = "make it in a build stage with `mkdir -m 1777` and copy the folder above it"
    if folder is None or folder.kind is not Kind.DIRECTORY:
        yield Problem("there is no folder /tmp", mend, _TEMPORARY)
    elif folder.mode != 0o1777:
        yield Problem(f"/tmp has mode {folder.mode:04o} instead of 1777", mend, _TEMPORARY)
