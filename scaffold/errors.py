"""The one error tree: what a user can be told, with its exit code and a hint how to mend it.

The codes 69, 75 and 130 are those of sysexits.h (EX_UNAVAILABLE, EX_TEMPFAIL) and of a shell (128 + SIGINT).
"""

from __future__ import annotations

from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """What `scaffold` exits with; every command's help names those it can give."""

    DONE = 0
    NO = 1
    USAGE = 2
    BUG = 3
    UNAVAILABLE = 69
    TRANSIENT = 75
    INTERRUPTED = 130


class ScaffoldError(Exception):
    """An expected failure: one line that says what is wrong and where, and a hint how to mend it.

    `kind` is the stable name of the error in `--json` output.
    """

    exit_code: ClassVar[ExitCode] = ExitCode.USAGE
    kind: ClassVar[str] = "error"

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class InputError(ScaffoldError):
    """A flag, an answer, a file or a path that the user gave does not hold."""

    kind = "bad-input"


class AnswersError(InputError):
    """One or more answers are missing, unknown or refused; `problems` has a line for each."""

    kind = "bad-answers"

    def __init__(self, problems: list[str], *, hint: str = "") -> None:
        super().__init__("; ".join(problems), hint=hint)
        self.problems = problems


class ConfigurationError(InputError):
    """The user's configuration file does not hold."""

    kind = "bad-configuration"


class BlueprintError(ScaffoldError):
    """A blueprint cannot be read or rendered: its author has to mend it."""

    kind = "bad-blueprint"


class UntrustedError(ScaffoldError):
    """A blueprint would run code on this machine, and the user has not allowed that for where it comes from."""

    kind = "untrusted"


class NotOk(ScaffoldError):
    """The work was done and its answer is no: verification failed, drift found, conflicts left."""

    exit_code = ExitCode.NO
    kind = "no"


class ProgramError(ScaffoldError):
    """A program that we ran failed; `output` has its last lines."""

    exit_code = ExitCode.NO
    kind = "program-failed"

    def __init__(self, message: str, *, hint: str = "", output: str = "") -> None:
        super().__init__(message, hint=hint)
        self.output = output


class Unavailable(ScaffoldError):
    """An engine or another service that the command needs is missing."""

    exit_code = ExitCode.UNAVAILABLE
    kind = "unavailable"


class Transient(ScaffoldError):
    """Something outside failed in a way that is worth another try."""

    exit_code = ExitCode.TRANSIENT
    kind = "transient"


class Interrupted(ScaffoldError):
    """The user pressed ^C, or closed the input of a prompt."""

    exit_code = ExitCode.INTERRUPTED
    kind = "interrupted"
