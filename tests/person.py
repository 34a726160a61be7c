"""A person at a terminal, for commands that ask: keys are pressed, and the screen is looked at."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pexpect
import pyte

from tests.conftest import CHECKOUT

DOWN, ENTER, INTERRUPT, END = "\x1b[B", "\r", "\x03", "\x04"
ERASE_LINE = "\x15"


class Person:
    """Someone at a terminal: presses keys, and waits until something can be read."""

    def __init__(
        self, folder: Path, *words: str, columns: int = 100, lines: int = 40, env: Mapping[str, str] | None = None
    ) -> None:
        self.screen = pyte.Screen(columns, lines)
        self.stream = pyte.ByteStream(self.screen)
        environment = {
            **os.environ,
            "PYTHONPATH": str(CHECKOUT),
            "TERM": "xterm",
            # prompt_toolkit asks the terminal where the cursor is; this one does not answer.
            "PROMPT_TOOLKIT_NO_CPR": "1",
            **(env or {}),
        }
        self.child = pexpect.spawn(
            sys.executable,
            ["-m", "scaffold", *words],
            cwd=str(folder),
            env=environment,
            dimensions=(lines, columns),
            timeout=20,
        )

    def sees(self, text: str, seconds: float = 20) -> None:
        """Read the screen until `text` stands on it."""
        deadline = time.monotonic() + seconds
        while text not in self.shown():
            assert time.monotonic() < deadline, f"{text!r} is not on the screen:\n{self.shown()}"
            self.reads()

    def shown(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen.display)

    def presses(self, *keys: str) -> None:
        for key in keys:
            self.child.send(key)

    def resizes(self, lines: int, columns: int) -> None:
        self.screen.resize(lines, columns)
        self.child.setwinsize(lines, columns)

    def leaves(self) -> int:
        """Wait for the end and return the exit code."""
        while self.child.isalive():
            self.reads()
        self.reads()
        self.child.close()
        return int(self.child.exitstatus if self.child.exitstatus is not None else -self.child.signalstatus)

    def reads(self) -> None:
        """Take in what has come."""
        try:
            self.stream.feed(self.child.read_nonblocking(65536, timeout=0.1))
        except (pexpect.TIMEOUT, pexpect.EOF):
            time.sleep(0.02)
