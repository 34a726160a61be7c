"""Rules about trust in what a build downloads, and in what it leaves open."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scaffold.dockerfile import Instruction
from scaffold.verify.lint.rule import Fault, rule
from scaffold.verify.lint.shell import Command, commands_of, script_of
from scaffold.verify.lint.subject import LintSubject
from scaffold.verify.model import Severity

_DOWNLOADERS = ("curl", "wget")
_INTERPRETERS = re.compile(r"(?:ba|da|a|z)?sh|python[\d.]*|perl|ruby|node")
_PROCESS_SUBSTITUTION = re.compile(r"<\(\s*(?:curl|wget)\b")
_ANYBODY_WRITES = re.compile(r"0?[0-7]?[0-7][0-7][2367]|(?:[ugo]*[ao][ugo]*|)\+[rxX]*w[rwxX]*")

# Flags that switch verification off, by program; a tuple is needed as a whole.
_UNVERIFIED_FLAGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("curl", ("-k", "--insecure", "--proxy-insecure")),
    ("wget", ("--no-check-certificate",)),
    ("pip", ("--trusted-host",)),
    ("pip3", ("--trusted-host",)),
    ("uv", ("--allow-insecure-host", "--trusted-host")),
    ("apk", ("--allow-untrusted",)),
    ("apt-get", ("--allow-unauthenticated", "--force-yes", "--allow-insecure-repositories")),
    ("apt", ("--allow-unauthenticated", "--allow-insecure-repositories")),
    ("dnf", ("--nogpgcheck",)),
    ("yum", ("--nogpgcheck",)),
    ("zypper", ("--no-gpg-checks",)),
    ("rpm", ("--nosignature", "--nodigest")),
)
_UNVERIFIED_TEXT = re.compile(
    r"http\.sslVerify[ =]+[\"']?false|strict-ssl[ =]+[\"']?false|--strict-ssl=false|verify\s*=\s*False"
    r"|sslverify\s*=\s*(?:0|false)",
    re.IGNORECASE,
)
_UNVERIFIED_VARIABLES = {
    "GIT_SSL_NO_VERIFY": ("1", "true"),
    "NODE_TLS_REJECT_UNAUTHORIZED": ("0",),
    "NPM_CONFIG_STRICT_SSL": ("false",),
    "PYTHONHTTPSVERIFY": ("0",),
    "GOINSECURE": ("*",),
    "PIP_TRUSTED_HOST": ("*",),
    "CURL_INSECURE": ("1", "true"),
}


@rule(
    "lint-download-runs",
    title="no download is run unseen",
    why="Whoever controls the server, or the way to it, controls the image; a broken download runs half.",
)
def download_runs(subject: LintSubject) -> Iterator[Fault]:
    """No `curl … | sh`, `sh -c "$(curl …)"` or `bash <(curl …)`."""
    for instruction in subject.of("RUN"):
        if _pipes_into_interpreter(commands_of(instruction)) or _substitutes_download(instruction):
            yield Fault(
                "a download is run without a look at it",
                "download it to a file, check it (echo '<digest>  file' | sha256sum -c), and run that",
                instruction.start_line,
            )


def _pipes_into_interpreter(commands: tuple[Command, ...]) -> bool:
    downloading = False
    for command in commands:
        piped = command.operator in ("|", "|&")
        downloading = command.program in _DOWNLOADERS or (piped and downloading)
        if piped and downloading and _INTERPRETERS.fullmatch(command.program) and not _reads_file(command):
            return True
    return False


def _reads_file(command: Command) -> bool:
    """An interpreter with a program of its own (`python -c`, a file) takes the download as data."""
    return command.has("-c", "-e", "-m") or bool([word for word in command.operands if word not in ("-", "-s")])


def _substitutes_download(instruction: Instruction) -> bool:
    script = script_of(instruction)
    if _PROCESS_SUBSTITUTION.search(script):
        return True
    return (
        re.search(r"\b(?:(?:ba|da|a|z)?sh\s+-\w*c|eval)\s+[\"']?(?:\$\(|`)\s*(?:curl|wget)\b", script) is not None
    )


@rule(
    "lint-verification-off",
    title="certificates and signatures are verified",
    why="Without it anybody on the way can put anything into the image. A company's own certificate belongs into "
    "the build as a secret.",
)
def verification_off(subject: LintSubject) -> Iterator[Fault]:
    """No flag or variable switches verification off."""
    for instruction in subject.of("RUN", "ENV", "ARG"):
        for what in dict.fromkeys(_unverified(instruction)):
            mend = "leave it out, and mount the certificate as a build secret over the image's bundle"
            yield Fault(f"{what} switches verification off", mend, instruction.start_line)


def _unverified(instruction: Instruction) -> Iterator[str]:
    for name, value in _assigned(instruction):
        bad = _UNVERIFIED_VARIABLES.get(name.upper(), ())
        if value and (value.lower() in bad or "*" in bad):
            yield name
    if instruction.keyword != "RUN":
        return
    if match := _UNVERIFIED_TEXT.search(instruction.text):
        yield match[0]
    for command in commands_of(instruction):
        for program, flags in _UNVERIFIED_FLAGS:
            if command.program == program:
                yield from (f"{program} {flag}" for flag in flags if command.has(flag))


def _assigned(instruction: Instruction) -> Iterator[tuple[str, str]]:
    for pair in instruction.assignments:
        yield pair.name, (pair.value or "").strip("\"'")
    for command in commands_of(instruction) if instruction.keyword == "RUN" else ():
        words = (*command.assignments, *(command.arguments if command.program == "export" else ()))
        for word in words:
            name, _, value = word.partition("=")
            yield name, value


@rule(
    "lint-world-writable",
    title="not everybody may write",
    why="A program that can change its own files can be made to; nothing in an image needs to be changed.",
)
def world_writable(subject: LintSubject) -> Iterator[Fault]:
    """No chmod 777 and no COPY --chmod=777; a sticky directory such as /tmp is fine."""
    for instruction in subject.of("COPY", "ADD"):
        if _ANYBODY_WRITES.fullmatch(instruction.flag("chmod") or "") and not _is_sticky(
            instruction.flag("chmod") or ""
        ):
            mode = instruction.flag("chmod")
            yield Fault(f"mode {mode} lets everybody write", "use 0755, or 0644 for data", instruction.start_line)
    for instruction, command in subject.runs():
        mode = next(iter(command.operands), "")
        if command.program == "chmod" and _ANYBODY_WRITES.fullmatch(mode) and not _is_sticky(mode):
            yield Fault(f"mode {mode} lets everybody write", "use 0755, or 0644 for data", instruction.start_line)


def _is_sticky(mode: str) -> bool:
    return mode.isdecimal() and bool(int(mode, 8) & 0o1000)


@rule(
    "lint-ssh-port",
    title="no SSH server",
    why="`docker exec` and debug containers lead into a container; a server in it needs keys, users, patches.",
    severity=Severity.WARNING,
)
def ssh_port(subject: LintSubject) -> Iterator[Fault]:
    """Port 22 is not exposed."""
    for instruction in subject.of("EXPOSE"):
        if any(word in ("22", "22/tcp") for word in instruction.arguments):
            yield Fault("port 22 is SSH's", "leave the server out of the image", instruction.start_line)


CHECKS = (download_runs, verification_off, world_writable, ssh_port)
