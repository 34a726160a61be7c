"""The one way to run a program."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scaffold.errors import ProgramError, Transient, Unavailable
from scaffold.run import cleaned_environment, redact, run, stream


def test_output_code_and_time() -> None:
    finished = run(["sh", "-c", "echo out; echo err >&2; exit 3"], check=False)
    assert (finished.code, finished.stdout, finished.stderr) == (3, "out\n", "err\n")
    assert not finished.ok
    assert finished.seconds > 0


def test_a_failed_program_is_named_with_its_last_lines() -> None:
    with pytest.raises(ProgramError) as error:
        run(["sh", "-c", "seq 100; echo https://user:secret@example.com/ >&2; exit 3"])
    assert "exited with 3" in error.value.message
    assert error.value.output.splitlines()[-2:] == ["100", "https://***@example.com/"]
    assert len(error.value.output.splitlines()) == 15


def test_a_missing_program_is_unavailable() -> None:
    with pytest.raises(Unavailable, match="no-such-program is not installed"):
        run(["no-such-program"])


@pytest.mark.parametrize("how", [run, lambda words, **limits: stream(words, print, **limits)])
def test_a_time_limit_ends_the_program_and_its_children(tmp_path: Path, how: object) -> None:
    beacon = tmp_path / "beacon"
    script = f"(while :; do touch {beacon}; sleep 0.05; done) & sleep 60"
    with pytest.raises(Transient, match="did not end"):
        how(["sh", "-c", script], timeout=0.3)  # type: ignore[operator]
    time.sleep(0.2)
    beacon.unlink()
    time.sleep(0.3)
    assert not beacon.exists()


def test_an_exception_in_the_middle_ends_the_program(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"

    def interrupt(line: str) -> None:
        raise KeyboardInterrupt(line)

    with pytest.raises(KeyboardInterrupt):
        stream(["sh", "-c", f"echo $$ > {pid_file}; echo line; sleep 60"], interrupt)
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid_file.read_text()), 0)


def test_lines_come_as_they_are_printed() -> None:
    seen: list[tuple[str, float]] = []
    stream(["sh", "-c", "echo one; sleep 0.3; echo two >&2"], lambda line: seen.append((line, time.monotonic())))
    assert [line for line, _ in seen] == ["one", "two"]
    assert seen[1][1] - seen[0][1] > 0.2


def test_the_environment_steers_no_git(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", tmp_path / "other"], check=True)
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other" / ".git"))
    assert "GIT_DIR" not in cleaned_environment()
    assert cleaned_environment({"A": "b"})["A"] == "b"
    assert not run(["git", "rev-parse"], cwd=tmp_path, check=False).ok


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://user:pass@host/path", "https://***@host/path"),
        ("x https://token:x-oauth-basic@host and http://a:b@c", "x https://***@host and http://***@c"),
        ("https://host:8080/a@b", "https://host:8080/a@b"),
        ("mail me at user:name@host", "mail me at user:name@host"),
    ],
)
def test_credentials_are_hidden(text: str, shown: str) -> None:
    assert redact(text) == shown


def test_standard_input_is_closed_unless_given() -> None:
    assert run(["cat"]).stdout == ""
    assert run(["cat"], stdin="given").stdout == "given"
    assert run([sys.executable, "-c", "import os; print(os.getsid(0) == os.getpid())"]).stdout == "True\n"
