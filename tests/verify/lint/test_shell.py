"""The commands of a RUN, as rules see them."""

from __future__ import annotations

import pytest

from scaffold.dockerfile import parse
from scaffold.verify.lint.shell import Command, commands, commands_of


def programs(script: str) -> list[tuple[str, str]]:
    return [(command.operator, command.program) for command in commands(script)]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("a && b || c; d | e", [("", "a"), ("&&", "b"), ("||", "c"), (";", "d"), ("|", "e")]),
        ("if [ -f x ]; then a; else b; fi", [("", "["), (";", "a"), (";", "b")]),
        ("a '&& b' \"| c\" \\; d", [("", "a")]),
        ("a # && b\nc", [("", "a"), ("\n", "c")]),
        ("a 2>&1 >/dev/null && b &> x", [("", "a"), ("&&", "b")]),
        ("x=$(a | b) c", [("", "c"), ("", "a"), ("|", "b")]),
        ('echo "$(a --b)" `c`', [("", "echo"), ("", "a"), ("", "c")]),
        ("(a; b) & c", [("(", "a"), (";", "b"), ("&", "c")]),
        ("/usr/bin/env X=1 /bin/a", [("", "a")]),
        ("sudo -E a", [("", "a")]),
        ("sh -c 'a && b'", [("", "sh"), ("", "a"), ("&&", "b")]),
        ("case $x in a) b ;; esac", [("", "case"), (")", "b"), (";;", "esac")]),
        ("for x in 1 2; do a; done", [("", "for"), (";", "a")]),
        ("a $(b $(c) | d)", [("", "a"), ("", "c"), ("", "b"), ("|", "d")]),
        ("a $((1 + 2)) $(b)", [("", "a"), ("", "b")]),
        ("x=1", [("", "")]),
        ("echo 'open", [("", "echo")]),
        ("", []),
    ],
)
def test_scripts_are_taken_apart(script: str, expected: list[tuple[str, str]]) -> None:
    assert programs(script) == expected


def test_a_command_knows_its_words() -> None:
    (command,) = commands("A=1 sudo apt-get -qy install --target=x 'b c' d\\ e")
    assert command == Command(
        "apt-get", ("-qy", "install", "--target=x", "b c", "d e"), assignments=("A=1",), sudo=True
    )
    assert command.has("-y")
    assert command.has("--target")
    assert not command.has("-t", "--tar")
    assert command.does("apt-get", "install")
    assert command.operands == ("install", "b c", "d e")


@pytest.mark.parametrize(
    ("instruction", "expected"),
    [
        ("RUN a && b", ["a", "b"]),
        ('RUN ["a", "&&", "b"]', ["a"]),
        ('RUN ["/bin/sh", "-c", "a && b"]', ["a", "b"]),
        ("RUN <<EOF\na\nb c\nEOF", ["a", "b"]),
        ("RUN bash -eu <<EOF\na\nEOF", ["a"]),
        ("RUN python3 <<EOF\nimport a\nEOF", ["python3"]),
        ("HEALTHCHECK CMD a || b", ["a", "b"]),
        ('HEALTHCHECK CMD ["a", "b"]', ["a"]),
        ("RUN", []),
        ("CMD []", []),
    ],
)
def test_every_form_gives_its_commands(instruction: str, expected: list[str]) -> None:
    parsed = parse(f"FROM x\n{instruction}\n").instructions[1]
    assert [command.program for command in commands_of(parsed)] == expected
