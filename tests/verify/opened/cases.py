"""Which check has to catch which image, where, and in which words."""

from __future__ import annotations

from dataclasses import dataclass

from scaffold.verify.opened import Budget


@dataclass(frozen=True)
class Case:
    """A deliberately bad image. `base` is what the target stands on, `message` a part of what the check says."""

    check: str
    target: str
    base: str
    place: str
    message: str
    budget: Budget | None = None

    def __str__(self) -> str:
        return f"{self.check}-{self.target}"


GOOD = {
    "good-scratch": "scratch",
    "good-alpine": "alpine",
    "good-distroless": "distroless",
    "good-dynamic": "alpine",
    "harmless": "alpine",
}

_WROTE = "a build left this behind"
_MANAGER = "a package manager is in the image"
_CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"

CASES = (
    Case("open-size", "large", "scratch", "", "adds to its base has 2.0", Budget(adds=1_900_000)),
    Case("open-size", "large", "scratch", "", "base, compressed, has 2.0", Budget(adds_compressed=1_900_000)),
    Case("open-size", "good-alpine", "alpine", "", "the image has 8.", Budget(total=8_000_000)),
    Case("open-size", "good-alpine", "alpine", "", "compressed, has 3.", Budget(total_compressed=3_000_000)),
    Case("open-wasted", "overwritten", "scratch", "/large", "2.00 MB in 1 files"),
    Case("open-wasted", "deleted", "alpine", "/large", "/large 2.00 MB"),
    Case("open-wasted", "deleted-folder", "alpine", "/folder/large", "/folder/large 2.00 MB"),
    Case("open-wasted", "changed-mode", "alpine", "/usr/lib/libcrypto.so.3", "hidden by a later layer"),
    Case("open-user", "bare", "scratch", "USER", "root, by default"),
    Case("open-user", "user-root", "scratch", "USER", "runs as root"),
    Case("open-user", "user-zero", "scratch", "USER", "runs as root"),
    Case("open-user", "user-name", "scratch", "USER", "'nonroot' is a name"),
    Case("open-user", "user-group-root", "scratch", "USER", "its group is root's"),
    Case("open-user", "user-group-name", "scratch", "USER", "the group 'nonroot' is a name"),
    Case("open-user", "user-without-group", "scratch", "USER", "none is given"),
    Case("open-user", "user-too-large", "scratch", "USER", "no engine starts it"),
    Case("open-passwd", "user-without-entry", "scratch", "/etc/passwd", "user 4000 has no entry"),
    Case("open-setuid", "setuid", "scratch", "/usr/bin/su", "is setuid: it runs as user 0"),
    Case("open-setuid", "setgid", "scratch", "/usr/bin/wall", "is setgid: it runs as group 0"),
    Case("open-setuid", "capabilities", "scratch", "/usr/bin/ping", "has file capabilities"),
    Case("open-world-writable", "writable-file", "scratch", "/srv/data", "everybody may write to it"),
    Case("open-world-writable", "writable-tree", "scratch", "/srv", "10 entries here"),
    Case("open-owner", "owned", "scratch", "/tool", "user 65532"),
    Case("open-owner", "owned-by-group", "scratch", "/srv/app", "user 65532"),
    Case("open-shell", "shell-on-scratch", "scratch", "/bin/sh", "its base has none"),
    Case("open-shell", "shell-on-scratch", "", "/bin/sh", "its base has none"),
    Case("open-shell", "shell-on-distroless", "distroless", "/busybox/bin/sh", "its base has none"),
    Case("open-package-manager", "apk-on-scratch", "scratch", "/sbin/apk", _MANAGER),
    Case("open-package-manager", "pip-on-alpine", "alpine", "/opt/venv/bin/pip3.13", _MANAGER),
    Case("open-build-tools", "compiler", "scratch", "/usr/bin/x86_64-linux-musl-gcc-14.2", "build tool"),
    Case("open-build-tools", "sources", "scratch", "/src/main.go", _WROTE),
    Case("open-build-tools", "sources", "scratch", "/src/main_test.go", _WROTE),
    Case("open-build-tools", "repository", "scratch", "/srv/.git/objects/00/1234", _WROTE),
    Case(
        "open-build-tools",
        "package-lists",
        "alpine",
        "/var/lib/apt/lists/deb.example_dists_trixie_InRelease",
        _WROTE,
    ),
    Case("open-build-tools", "package-cache", "alpine", "/root/.npm/_cacache/index", _WROTE),
    Case("open-build-tools", "headers", "alpine", "/usr/include/stdio.h", _WROTE),
    Case("open-secrets", "secret-by-name", "scratch", "/srv/.env", "a file that holds secrets"),
    Case("open-secrets", "secret-by-content", "scratch", "/srv/tls/server.pem", "a private key"),
    Case("open-secrets", "secret-in-json", "scratch", "/srv/account.json", "a private key"),
    Case("open-secrets", "secret-deep-inside", "scratch", "/srv/deep", "a GitHub token"),
    Case("open-secrets", "secret-deleted", "alpine", "/build/.npmrc", "hidden by a later layer"),
    Case("open-secrets", "secret-variable", "scratch", "ENV API_TOKEN", "a value for API_TOKEN"),
    Case("open-secrets", "secret-address", "scratch", "ENV DATABASE", "a password in an address"),
    Case("open-secrets", "secret-label", "scratch", "LABEL com.example.password", "a value for"),
    Case("open-secrets", "secret-argument", "alpine", "history", "a value for NPM_TOKEN"),
    Case("open-entrypoint", "no-entrypoint", "scratch", "ENTRYPOINT", "no ENTRYPOINT and no CMD"),
    Case("open-entrypoint", "entry-shell-form", "alpine", "ENTRYPOINT", "in shell form: '/app --verbose'"),
    Case("open-entrypoint", "entry-command-shell-form", "scratch", "CMD", "in shell form: 'serve'"),
    Case("open-entrypoint", "entry-absent", "scratch", "/ap", "/ap is not in the image"),
    Case("open-entrypoint", "entry-folder", "scratch", "/etc", "not a program but a directory"),
    Case("open-entrypoint", "entry-not-executable", "scratch", "/etc/passwd", "not executable"),
    Case("open-entrypoint", "entry-of-root", "scratch", "/tool", "may not execute it (mode 0700)"),
    Case("open-entrypoint", "entry-in-closed-folder", "scratch", "/root", "may not enter it (mode 0700)"),
    Case("open-entrypoint", "entry-of-other-machine", "scratch", "/tool", "a program for s390x"),
    Case("open-entrypoint", "entry-without-loader", "scratch", "/tool", "needs the loader /lib/ld-musl-"),
    Case("open-entrypoint", "entry-without-library", "scratch", "/tool", "needs the library libapk"),
    Case("open-entrypoint", "entry-without-interpreter", "scratch", "/start", "a script for /bin/sh"),
    Case("open-entrypoint", "entry-without-found-interpreter", "alpine", "/start", "a script for python3"),
    Case("open-entrypoint", "entry-text", "scratch", "/tool", "neither an ELF program nor a script"),
    Case("open-entrypoint", "entry-truncated", "scratch", "/tool", "broken ELF file"),
    Case("open-healthcheck", "bare", "scratch", "HEALTHCHECK", "there is no HEALTHCHECK"),
    Case("open-healthcheck", "health-shell-form", "alpine", "HEALTHCHECK", "in shell form: 'wget"),
    Case("open-healthcheck", "health-shell-form-without-shell", "scratch", "HEALTHCHECK", "has no /bin/sh"),
    Case("open-healthcheck", "health-absent-program", "scratch", "curl", "curl is not in the image"),
    Case("open-stop-signal", "stop-kill", "scratch", "STOPSIGNAL", "SIGKILL"),
    Case("open-stop-signal", "stop-number", "scratch", "STOPSIGNAL", "is 9"),
    Case("open-ca-certificates", "bare", "scratch", _CERTIFICATES, "no certificates"),
    Case("open-ca-certificates", "empty-certificates", "scratch", _CERTIFICATES, "no certificates"),
    Case("open-timezones", "no-zones", "scratch", "/usr/share/zoneinfo", "no time zones"),
    Case("open-tmp", "bare", "scratch", "/tmp", "there is no folder /tmp"),
    Case("open-tmp", "closed-tmp", "scratch", "/tmp", "mode 0755 instead of 1777"),
    Case("open-labels", "bare", "scratch", "LABEL", "org.opencontainers.image.revision"),
    Case("open-labels", "labels-wrong", "scratch", "LABEL", "image.source is 'git.example/hello'"),
    Case("open-labels", "labels-wrong", "scratch", "LABEL", "image.licenses is 'MIT, mostly'"),
    Case("open-labels", "labels-wrong", "scratch", "LABEL", "image.created is 'yesterday'"),
)
