"""Rules about what older builders can read: BuildKit of Docker 20.10, and buildah 4.3 of podman."""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.dockerfile import Instruction
from scaffold.verify.lint.rule import Fault, rule
from scaffold.verify.lint.subject import LintSubject
from scaffold.verify.model import Severity

# The release of the Dockerfile frontend that brought each, from the Dockerfile reference of BuildKit 0.34.
_NEW_FLAGS = {
    ("COPY", "link"): "1.4",
    ("ADD", "link"): "1.4",
    ("COPY", "parents"): "1.20",
    ("COPY", "exclude"): "1.19",
    ("ADD", "exclude"): "1.19",
    ("ADD", "checksum"): "1.6",
    ("ADD", "keep-git-dir"): "1.1",
    ("ADD", "unpack"): "1.17",
    ("RUN", "network"): "1.3",
    ("RUN", "security"): "1.20",
    ("RUN", "device"): "1.27",
    ("HEALTHCHECK", "start-interval"): "1.6, and an engine of 25.0",
}


@rule(
    "lint-syntax-line",
    title="no frontend has to be pulled",
    why="A `# syntax=` line makes every build fetch an image first, which fails behind a mirror that lacks it; "
    "podman ignores the line.",
    severity=Severity.WARNING,
)
def syntax_line(subject: LintSubject) -> Iterator[Fault]:
    """No syntax directive."""
    for directive in subject.dockerfile.directives:
        if directive.name == "syntax":
            mend = "delete the line: engines since Docker 23 bring a frontend that is new enough"
            yield Fault(f"the build pulls {directive.value}", mend, directive.line)


@rule(
    "lint-heredoc",
    title="no heredoc is needed to read the file",
    why="Docker 20.10 and buildah before 1.33 read the lines of a heredoc as instructions.",
    severity=Severity.WARNING,
)
def heredoc(subject: LintSubject) -> Iterator[Fault]:
    """No instruction has a heredoc."""
    for instruction in subject.everything:
        if instruction.heredocs:
            mend = "chain the commands with && and \\, or COPY a script"
            yield Fault(f"{instruction.keyword} has a heredoc", mend, instruction.start_line)


@rule(
    "lint-new-flags",
    title="flags are known to older builders",
    why="Docker 20.10 without a `# syntax=` line, and podman 4.3, stop at a flag that they do not know.",
    severity=Severity.WARNING,
)
def new_flags(subject: LintSubject) -> Iterator[Fault]:
    """No flag is newer than Docker 20.10."""
    for instruction in subject.everything:
        for name in dict.fromkeys(flag.name for flag in instruction.flags):
            if since := _NEW_FLAGS.get((instruction.keyword, name)):
                yield _too_new(instruction, f"--{name}", since)
        if any(mount.get("type") == "secret" and "env" in mount for mount in instruction.mounts):
            yield _too_new(instruction, "env= of a secret mount", "1.10")


def _too_new(instruction: Instruction, what: str, since: str) -> Fault:
    return Fault(
        f"{instruction.keyword} uses {what}, which the Dockerfile frontend has since {since}",
        "do without it, or switch this check off where all your builders are new enough",
        instruction.start_line,
    )


CHECKS = (syntax_line, heredoc, new_flags)
