"""Makes the build context of the test images: programs, modes that git does not keep, made-up secrets."""

from __future__ import annotations

import base64
import io
import json
import platform
import random
import shutil
import struct
import tarfile
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
_MACHINES = {"x86_64": 62, "aarch64": 183}
_S390X = 22
_LARGE_BYTES = 2_000_000
_CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUBgJ0\n-----END CERTIFICATE-----\n"
# CAP_NET_BIND_SERVICE, effective and permitted, in revision 2 of the format (linux/capability.h).
_BIND_SERVICE = struct.pack("<5I", 0x02000001, 1 << 10, 0, 0, 0)
_noise = random.Random(2)


@dataclass(frozen=True)
class Member:
    """One member of an archive that the Dockerfile adds."""

    name: str
    mode: int = 0o644
    content: bytes = b""
    kind: bytes = tarfile.REGTYPE
    uid: int = 0
    gid: int = 0
    target: str = ""
    extra: dict[str, str] = field(default_factory=dict)


def folder(name: str, mode: int = 0o755, uid: int = 0, gid: int = 0) -> Member:
    return Member(name, mode, kind=tarfile.DIRTYPE, uid=uid, gid=gid)


def program(machine: int = 0) -> bytes:
    """Make a static program that ends at once: a header, one segment to load, and no code that would matter."""
    machine = machine or _MACHINES[platform.machine()]
    size = 64 + 56
    header = struct.pack("<16sHHIQQQIHHHHHH", b"\x7fELF\2\1\1", 2, machine, 1, size, 64, 0, 0, 64, 56, 1, 0, 0, 0)
    return header + struct.pack("<IIQQQQQQ", 1, 5, 0, 1 << 22, 0, size, size, 4096)


def token() -> str:
    """Make a token of GitHub's shape; none stands in a file, where scanners would take it for a real one."""
    return "ghp_" + "".join(_noise.choices("abcdefghijkmnpqrstuvwxyz23456789", k=36))


def private_key() -> str:
    """Make what looks like a private key."""
    lines = base64.encodebytes(_noise.randbytes(600)).decode()
    return f"-----BEGIN PRIVATE {'KEY'}-----\n{lines}-----END PRIVATE {'KEY'}-----\n"


def write_context(context: Path) -> Path:
    """Fill a folder with all that the Dockerfile copies and adds."""
    shutil.copy(HERE / "Dockerfile", context)
    for name, content in _files().items():
        file = context / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        file.chmod(0o755 if name.startswith("app") else 0o644)
    for name, members in _archives().items():
        (context / f"{name}.tar").write_bytes(archive(members))
    return context


def archive(members: list[Member]) -> bytes:
    """Write a tar archive."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for member in members:
            info = tarfile.TarInfo(member.name)
            info.type, info.mode, info.size = member.kind, member.mode, len(member.content)
            info.uid, info.gid, info.linkname = member.uid, member.gid, member.target
            info.pax_headers = member.extra
            tar.addfile(info, io.BytesIO(member.content))
    return buffer.getvalue()


def _files() -> dict[str, str | bytes]:
    deep = bytearray(b"\n" * 3_000_000)
    deep[(1 << 20) - 20 : (1 << 20) + 20] = token().encode()
    return {
        "app": program(),
        "app-of-other-machine": program(_S390X),
        # Across the end of the first mebibyte, which is how much is read at a time.
        "app-with-zones": program().ljust((1 << 20) - 14, b"\0") + b"/usr/share/zoneinfo/\0",
        "app-truncated": program()[:60],
        "start.sh": '#!/bin/sh\nexec "$@"\n',
        "start.py": "#!/usr/bin/env python3\n",
        "large": _noise.randbytes(_LARGE_BYTES),
        "other-large": _noise.randbytes(_LARGE_BYTES),
        "passwd": "root:x:0:0:root:/root:/bin/sh\nnonroot:x:65532:65532:nonroot:/:/sbin/nologin\n",
        "group": "root:x:0:\nnonroot:x:65532:\n",
        "zones/UTC": b"TZif2" + bytes(39),
        "main.go": "package main\n",
        "main_test.go": "package main\n",
        "dotenv": "PORT=8080\n",
        "private.key": private_key(),
        "account.json": json.dumps({"type": "service_account", "private_key": private_key()}),
        "npmrc": "//registry.example/:_authToken=not-a-real-one\n",
        "deep": bytes(deep),
    }


def _archives() -> dict[str, list[Member]]:
    return {
        "rootfs": [
            folder("etc"),
            Member("etc/passwd", content=b"nonroot:x:65532:65532:nonroot:/:/sbin/nologin\n"),
            Member("etc/group", content=b"nonroot:x:65532:\n"),
            Member("etc/ssl/certs/ca-certificates.crt", content=_CERTIFICATE.encode()),
            Member("usr/share/zoneinfo/UTC", content=b"TZif2" + bytes(39)),
            folder("tmp", 0o1777),
        ],
        "harmless": _harmless(),
        "setuid": [Member("usr/bin/su", 0o4755, program())],
        "setgid": [Member("usr/bin/wall", 0o2755, program())],
        "capabilities": [
            Member(
                "usr/bin/ping",
                0o755,
                program(),
                extra={"SCHILY.xattr.security.capability": _BIND_SERVICE.decode()},
            )
        ],
        "writable-file": [Member("srv/data", 0o666, b"data")],
        "writable-tree": [
            folder("srv", 0o777),
            *(Member(f"srv/{number}", 0o666, b"data") for number in range(9)),
        ],
        "owned-by-group": [folder("srv", 0o755), Member("srv/app", 0o775, program(), gid=65532)],
        "entry-of-root": [Member("tool", 0o700, program())],
        "entry-in-closed-folder": [folder("root", 0o700), Member("root/app", 0o755, program())],
        "empty-certificates": [Member("etc/ssl/certs/ca-certificates.crt")],
        "closed-tmp": [folder("tmp", 0o755)],
    }


def _harmless() -> list[Member]:
    """List what a hasty check would take for a flaw."""
    headline = f"-----BEGIN RSA PRIVATE {'KEY'}-----"
    return [
        folder("data", 0o700, 65532, 65532),
        folder("var/spool/shared", 0o1777),
        folder("var/mail", 0o2775),
        Member("etc/ssl/server.pem", content=_CERTIFICATE.encode()),
        Member("srv/.env.example", content=b"PASSWORD=not-a-real-one\n"),
        Member("srv/.env.production", content=b"PORT=8080\n"),
        Member(
            "srv/.npmrc", content=b"registry=https://registry.example/\n//registry.example/:_authToken=${TOKEN}\n"
        ),
        Member("srv/parser", content=f"{headline}\0{headline}\n".encode()),
        Member("srv/manual.txt", content=b"for example AKIAIOSFODNN7EXAMPLE or ghp_" + b"x" * 36),
        Member("srv/node_modules/tls/test/server.key", content=private_key().encode()),
        Member("srv/node_modules/flatted/golang/main.go", content=b"package main\n"),
        Member("srv/venv/site-packages/numpy/core.h", content=b"int x;\n"),
        Member("usr/local/go/lib/time/zoneinfo.zip", content=b"PK"),
        Member("etc/shadow", 0o640, b"root:*::0:::::\n"),
        Member("srv/first", content=b"data"),
        Member("srv/second", kind=tarfile.LNKTYPE, target="srv/first"),
        Member("srv/loop", kind=tarfile.SYMTYPE, mode=0o777, target="loop"),
        Member("srv/outside", kind=tarfile.SYMTYPE, mode=0o777, target="../../../../etc/passwd"),
    ]
