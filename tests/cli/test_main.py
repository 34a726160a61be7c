"""The command line as a whole: help, lazy imports, failures."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from scaffold import __version__
from scaffold.cli.main import COMMANDS
from scaffold.errors import ExitCode
from tests.conftest import CHECKOUT, Scaffold

HEAVY = ("copier", "questionary", "prompt_toolkit", "pydantic")
PROBE = """
import sys
from scaffold.cli.main import main
try:
    main(sys.argv[1:])
except SystemExit as end:
    print("LOADED", sorted(name for name in sys.modules if name.split(".")[0] in {heavy}), file=sys.stderr)
    raise
"""


def loaded(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROBE.replace("{heavy}", repr(set(HEAVY))), *words],
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["list"], ["list", "--json"], ["doctor", "--help"]])
def test_light_commands_load_nothing_heavy(words: list[str]) -> None:
    finished = loaded(*words)
    assert finished.returncode == 0, finished.stderr
    assert "LOADED []" in finished.stderr


def test_the_probe_sees_what_a_heavy_command_loads() -> None:
    assert "'copier'" in loaded("show", "go").stderr


def test_help_names_every_command_with_an_example(scaffold: Scaffold) -> None:
    ran = scaffold("--help")
    assert ran.code == 0
    assert all(f"  {name} " in ran.stdout for name in COMMANDS)
    assert "scaffold new hello" in ran.stdout
    assert "69 no engine" in ran.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_each_command_has_an_example_and_the_exit_codes(scaffold: Scaffold, command: str) -> None:
    ran = scaffold(command, "--help")
    assert ran.code == 0
    assert "Example" in ran.stdout
    assert "xit" in ran.stdout


def test_version(scaffold: Scaffold) -> None:
    assert scaffold("--version").stdout == f"scaffold {__version__}\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nwe"], "did you mean `scaffold new`?"),
        (["list", "--jsn"], "No such option"),
        (["show"], "Missing argument"),
        (["show", "goo"], "did you mean 'go'?"),
        (["verify", "nowhere"], "does not exist"),
        (["verify", ".", "--engine", "lxc"], "no Dockerfile"),
        (["completion", "dos"], "is not one of"),
    ],
)
def test_wrong_usage_is_one_line_and_a_hint(scaffold: Scaffold, words: list[str], message: str) -> None:
    ran = scaffold(*words)
    assert ran.code == ExitCode.USAGE
    assert message in ran.stderr
    assert len(ran.stderr.splitlines()) <= 2
    assert "Traceback" not in ran.stderr


def test_failures_are_json_when_json_is_asked_for(scaffold: Scaffold) -> None:
    ran = scaffold("show", "goo", "--json")
    assert ran.code == ExitCode.USAGE
    assert ran.document["ok"] is False
    assert ran.document["error"]["kind"] == "bad-input"
    assert ran.document["error"]["exit_code"] == ExitCode.USAGE
    assert ran.stderr == ""


def test_a_bug_of_ours_is_a_report_to_paste(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import scaffold.cli.main as main

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("at https://user:secret@example.com/")

    monkeypatch.setattr(main.cli, "main", broken)
    with pytest.raises(SystemExit) as end:
        main.main(["list"])
    report = capsys.readouterr().err
    assert end.value.code == ExitCode.BUG
    assert "ZeroDivisionError" in report
    assert f"scaffold {__version__}" in report
    assert "secret" not in report


def test_a_reader_that_goes_away_is_no_error() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "scaffold", "show", "go"],
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.close()
    _, errors = process.communicate()
    assert b"Traceback" not in errors
    assert b"Error" not in errors


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_completes_commands(scaffold: Scaffold, shell: str) -> None:
    assert "_SCAFFOLD_COMPLETE" in scaffold("completion", shell).stdout
    # fish hands over the word itself where the others give its number.
    position = "ver" if shell == "fish" else "1"
    asked = {"_SCAFFOLD_COMPLETE": f"{shell}_complete", "COMP_WORDS": "scaffold ver", "COMP_CWORD": position}
    assert "verify" in scaffold(env=asked).stdout


def test_no_colour_without_a_terminal(scaffold: Scaffold) -> None:
    assert "\x1b" not in scaffold("list").stdout + scaffold("nwe").stderr
