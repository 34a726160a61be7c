"""The one way to run a program: time limit, cleaned environment, redacted words, nothing left behind."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from scaffold.errors import ProgramError, Transient, Unavailable

OnLine = Callable[[str], None]

# Set by git for its hooks; they would turn every git command of ours on to the hook's repository.
_STEERING = {
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_COMMON_DIR",
    "GIT_PREFIX",
}
_CREDENTIAL = re.compile(r"(?<=://)[^/\s:@]+:[^/\s@]+(?=@)")
_GRACE_SECONDS = 5.0
_TAIL_LINES = 15


@dataclass(frozen=True, slots=True)
class Finished:
    """A program that ended: its exit code, its output as text and its seconds of wall time."""

    command: tuple[str, ...]
    code: int
    stdout: str
    stderr: str
    seconds: float

    @property
    def ok(self) -> bool:
        """Whether it exited with 0."""
        return self.code == 0

    @property
    def output(self) -> str:
        """What it printed on both streams."""
        return "\n".join(part for part in (self.stdout.rstrip(), self.stderr.rstrip()) if part)


def redact(text: str) -> str:
    """Hide the credentials of URLs: `https://user:secret@host` becomes `https://***@host`."""
    return _CREDENTIAL.sub("***", text)


def cleaned_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return our environment without what steers git, in a locale that we can parse, plus `extra`."""
    environment = {name: value for name, value in os.environ.items() if name not in _STEERING}
    return environment | {"LC_ALL": "C.UTF-8"} | dict(extra or {})


def run(
    command: Sequence[str],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    timeout: float | None = None,
    check: bool = True,
    stdin: str | None = None,
    terminal: bool = False,
) -> Finished:
    """Run `command` to its end and return what it printed; with `terminal` it may ask a person there.

    Raises Unavailable when the program is not there, Transient after `timeout` seconds, and, unless
    `check` is off, ProgramError when it exits with anything but 0.
    """
    started = time.monotonic()
    with _started(command, cwd, env, stdin, merged=False, terminal=terminal) as process:
        try:
            stdout, stderr = process.communicate(stdin, timeout=timeout)
        except subprocess.TimeoutExpired as error:
            raise _too_slow(command, timeout) from error
    finished = Finished(tuple(command), process.returncode, stdout, stderr, time.monotonic() - started)
    return _checked(finished) if check else finished


@dataclass(frozen=True, slots=True)
class Output:
    """What a program left: its exit code and the exact bytes of both streams."""

    code: int
    stdout: bytes
    stderr: bytes


def run_exactly(
    command: Sequence[str], *, cwd: Path | None = None, env: Mapping[str, str] | None = None, stdin: bytes = b""
) -> Output:
    """Run a short `command` to its end, bytes in and bytes out: neither line ends nor odd file names are touched.

    Raises Unavailable when the program is not there; any exit code is the caller's to judge.
    """
    try:
        finished = subprocess.run(
            list(command),
            cwd=cwd,
            env=cleaned_environment(env),
            input=stdin,
            capture_output=True,
            check=False,
            start_new_session=True,
        )
    except FileNotFoundError as error:
        if cwd is not None and not cwd.is_dir():
            raise
        raise Unavailable(f"{command[0]} is not installed or not on PATH") from error
    return Output(finished.returncode, finished.stdout, finished.stderr)


def stream(
    command: Sequence[str],
    on_line: OnLine,
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    timeout: float | None = None,
    check: bool = True,
) -> Finished:
    """Run `command`, hand each line of its two streams to `on_line` as it comes, and return them as stdout.

    Raises as `run` does.
    """
    started = time.monotonic()
    lines: list[str] = []
    expired = threading.Event()
    with _started(command, cwd, env, None, merged=True) as process, _watchdog(process, timeout, expired):
        for line in process.stdout or ():
            lines.append(line.rstrip("\n"))
            on_line(redact(lines[-1]))
        process.wait()
    if expired.is_set():
        raise _too_slow(command, timeout)
    finished = Finished(tuple(command), process.returncode, "\n".join(lines), "", time.monotonic() - started)
    return _checked(finished) if check else finished


@contextmanager
def _started(
    command: Sequence[str],
    cwd: Path | None,
    env: Mapping[str, str] | None,
    stdin: str | None,
    *,
    merged: bool,
    terminal: bool = False,
) -> Iterator[subprocess.Popen[str]]:
    try:
        # A session of its own: ^C reaches us alone, and we end the program with all its children. It has no
        # terminal then, so a program that is to ask gets none.
        process = subprocess.Popen(
            list(command),
            cwd=cwd,
            env=cleaned_environment(env),
            stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if merged else subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            start_new_session=not terminal,
        )
    except FileNotFoundError as error:
        if cwd is not None and not cwd.is_dir():
            raise
        raise Unavailable(f"{command[0]} is not installed or not on PATH") from error
    try:
        yield process
    finally:
        _end(process)


@contextmanager
def _watchdog(process: subprocess.Popen[str], timeout: float | None, expired: threading.Event) -> Iterator[None]:
    if timeout is None:
        yield
        return

    def expire() -> None:
        expired.set()
        _end(process, close=False)

    timer = threading.Timer(timeout, expire)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _end(process: subprocess.Popen[str], *, close: bool = True) -> None:
    if process.poll() is None:
        _signal_group(process, signal.SIGTERM)
        try:
            process.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            _signal_group(process, signal.SIGKILL)
            process.wait()
    if close:
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()


def _signal_group(process: subprocess.Popen[str], number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        if os.getpgid(process.pid) == process.pid:
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)


def _checked(finished: Finished) -> Finished:
    if finished.ok:
        return finished
    tail = "\n".join(deque(redact(finished.output).splitlines(), maxlen=_TAIL_LINES))
    words = redact(" ".join(finished.command[:3]))
    raise ProgramError(f"`{words} …` exited with {finished.code}", output=tail)


def _too_slow(command: Sequence[str], timeout: float | None) -> Transient:
    words = redact(" ".join(command[:3]))
    return Transient(f"`{words} …` did not end within {timeout:.0f} s", hint="try again")


def is_running(process: int) -> bool:
    """Tell whether there is a process of that number, somebody else's included."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
