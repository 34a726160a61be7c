"""Every open check passes a good image, and catches one that was made bad on purpose by the real engine."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from scaffold.bases import BASES
from scaffold.catalog.blueprint import Budget
from scaffold.engines.model import Engine
from scaffold.image import Image, read
from scaffold.verify.model import Check, Status, run_check
from scaffold.verify.opened import CHECKS, ImageSubject, image_facts
from tests.verify.images import built

pytestmark = pytest.mark.engine

GOOD = """\
FROM alpine:3.23 AS tools
FROM scratch AS good
COPY service /app
COPY etc /etc
COPY usr /usr
COPY root /
LABEL org.opencontainers.image.title=t org.opencontainers.image.version=1 \\
      org.opencontainers.image.revision=r org.opencontainers.image.source=https://example.com/t
USER 65532:65532
HEALTHCHECK CMD ["/app", "healthcheck"]
ENTRYPOINT ["/app"]
"""
KEY = (
    "-----BEGIN PRIVATE KEY-----\n"
    + "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n" * 8
    + "-----END PRIVATE KEY-----\n"
)
# check, instructions on top of the good image, and what the finding has to say of it (message or place).
BAD = [
    ("open-size", "COPY large /large", "/large 9.00 MB"),
    ("open-shell", "COPY --from=tools /bin/busybox /bin/sh", "/bin/sh"),
    ("open-setuid", "COPY setuid /opt/tool", "/opt/tool"),
    ("open-world-writable", "COPY writable /srv/data", "/srv/data"),
    ("open-package-manager", "COPY --from=tools /sbin/apk /sbin/apk", "/sbin/apk"),
    ("open-build-tools", "COPY service /usr/bin/gcc", "/usr/bin/gcc"),
    ("open-build-tools", "COPY main.go /src/main.go", "/src"),
    ("open-build-tools", "COPY main.go /root/.cache/go-build/aa/main", "/root/.cache/go-build/aa"),
    ("open-build-tools", "COPY main.go /repo/.git/HEAD", "/repo/.git"),
    ("open-wasted", "COPY large /large\nCOPY main.go /large", "/large"),
    ("open-ca-certificates", "FROM scratch\nCOPY service /app", "no certificates"),
    ("open-timezones", 'FROM scratch\nCOPY service /app\nENTRYPOINT ["/app"]', "no time zones"),
    ("open-tmp", "FROM scratch\nCOPY service /app", "no folder /tmp"),
    ("open-owner", "COPY --chown=65532:65532 service /app", "/app"),
    ("open-stop-signal", "STOPSIGNAL SIGKILL", "SIGKILL"),
    ("open-user", "USER root", "runs as root"),
    ("open-user", "USER nonroot", "is a name"),
    ("open-user", "USER 0:0", "runs as"),
    ("open-user", "FROM scratch\nCOPY service /app", "by default"),
    ("open-entrypoint", "ENTRYPOINT /app", "shell form"),
    ("open-entrypoint", 'ENTRYPOINT ["/gone"]', "/gone is not in the image"),
    ("open-entrypoint", 'ENTRYPOINT ["gone"]', "gone is not in the image"),
    ("open-entrypoint", 'COPY main.go /plain\nENTRYPOINT ["/plain"]', "not executable"),
    ("open-entrypoint", 'COPY --from=tools /bin/busybox /box\nENTRYPOINT ["/box"]', "/lib/ld-musl-x86_64.so.1"),
    ("open-entrypoint", "FROM scratch\nCOPY service /app", "no ENTRYPOINT"),
    ("open-healthcheck", "HEALTHCHECK CMD curl localhost", "shell form"),
    ("open-healthcheck", 'HEALTHCHECK CMD ["/curl"]', "/curl is not in the image"),
    ("open-healthcheck", "FROM scratch\nCOPY service /app", "no HEALTHCHECK"),
    ("open-labels", "LABEL org.opencontainers.image.source=", "image.source"),
    ("open-passwd", "USER 1234:1234", "user 1234 has no entry"),
    ("open-secrets", "COPY main.go /srv/.env", "/srv/.env"),
    ("open-secrets", "COPY key /opt/thing", "a private key"),
    ("open-secrets", "COPY key /opt/thing\nCOPY main.go /opt/thing", "/opt/thing"),
    ("open-secrets", "COPY token /opt/config", "a GitHub token"),
    ("open-secrets", "ENV DATABASE_PASSWORD=hunter2", "DATABASE_PASSWORD"),
    ("open-secrets", "LABEL remote=https://robot:correct-horse@example.com/", "a password in an address"),
]
BY_ID = {check.id: check for check in CHECKS}
Subject = Callable[[str], ImageSubject]


@pytest.fixture(scope="module")
def context(program: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("opened")
    shutil.copy(program / "service", folder)
    (folder / "etc/ssl/certs").mkdir(parents=True)
    (folder / "etc/ssl/certs/ca-certificates.crt").write_text("-----BEGIN CERTIFICATE-----\n")
    (folder / "usr/share/zoneinfo").mkdir(parents=True)
    (folder / "usr/share/zoneinfo/UTC").write_text("TZif2")
    (folder / "root/tmp").mkdir(parents=True)
    (folder / "root/tmp").chmod(0o1777)
    (folder / "etc/passwd").write_text("nonroot:x:65532:65532::/:/sbin/nologin\n")
    (folder / "main.go").write_text("package main\n")
    (folder / "key").write_text(KEY)
    (folder / "token").write_text("token: ghp_" + "a1B2" * 9 + "\n")
    (folder / "large").write_bytes(b"\0" * 9_000_000)
    for name, mode in (("setuid", 0o4755), ("writable", 0o666)):
        shutil.copy(folder / "service", folder / name)
        (folder / name).chmod(mode)
    return folder


@pytest.fixture(scope="module")
def subject(engine: Engine, context: Path, tmp_path_factory: pytest.TempPathFactory) -> Subject:
    """Build the good image with some more instructions, and open it."""

    def opened(more: str) -> ImageSubject:
        text = GOOD + (f"FROM good\n{more}\n" if not more.startswith("FROM") else f"{more}\n")
        archive = tmp_path_factory.mktemp("archive") / "image.tar"
        with built(engine, context, text) as image:
            engine.save(image, archive)
        return ImageSubject(read(archive), BASES["scratch"], 0, Budget(12_000_000, 6_000_000))

    return opened


@pytest.fixture(scope="module")
def good(subject: Subject) -> ImageSubject:
    return subject("")


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_a_good_image_passes(check: Check[ImageSubject], good: ImageSubject) -> None:
    assert run_check(check, good) == (Status.PASSED, "", ())


@pytest.mark.parametrize(("check_id", "more", "words"), BAD)
def test_a_bad_image_is_caught(check_id: str, more: str, words: str, subject: Subject) -> None:
    _, _, found = run_check(BY_ID[check_id], subject(more))
    assert any(words in finding.message + finding.place + finding.mend for finding in found), found
    assert all(finding.mend for finding in found)


def test_every_check_has_a_bad_case() -> None:
    assert {check_id for check_id, _, _ in BAD} == set(BY_ID)
    assert all(check.id.startswith("open-") and check.title and check.why for check in CHECKS)


def test_what_a_base_brings_along_is_its_own(engine: Engine, tmp_path: Path) -> None:
    """Alpine's shell and apk are no finding on Alpine, and both are on distroless."""
    archive = tmp_path / "alpine.tar"
    engine.save("alpine:3.23", archive)
    image = read(archive)
    for name in ("open-shell", "open-package-manager", "open-setuid", "open-world-writable", "open-build-tools"):
        assert run_check(BY_ID[name], ImageSubject(image, BASES["alpine"], 1))[2] == ()
    for name in ("open-shell", "open-package-manager"):
        assert run_check(BY_ID[name], ImageSubject(image, BASES["distroless"], 1))[2]


def test_facts(good: ImageSubject) -> None:
    facts = image_facts(good)
    program = next(entry for path, entry in good.image.files.items() if path == "/app")
    assert program.size < int(facts["size_bytes"]) < program.size + 50_000
    assert 0 < int(facts["compressed_bytes"]) < int(facts["size_bytes"])
    assert (facts["layers"], facts["user"], facts["shell"], facts["wasted_bytes"]) == (4, "65532:65532", False, 0)


def test_a_budget_counts_from_the_base(good: ImageSubject) -> None:
    image: Image = good.image
    tight = Budget(1000, 1000)
    assert run_check(BY_ID["open-size"], ImageSubject(image, None, 0, tight))[2]
    assert not run_check(BY_ID["open-size"], ImageSubject(image, None, 4, tight))[2]
    assert run_check(BY_ID["open-size"], ImageSubject(image, None, 0, None))[0] is Status.NOT_APPLICABLE
