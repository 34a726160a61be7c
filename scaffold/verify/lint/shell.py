"""The commands of a RUN, as far as rules need them: programs, arguments, and what joins them.

This is no shell: what it cannot read gives fewer commands, never an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from scaffold.dockerfile import Instruction

_TOKEN = re.compile(
    r"""(?P<space>[ \t\r]+ | \\\n)
    | (?P<comment>(?<![^\s;&|(])\#[^\n]*)
    | (?P<redirect>\d*(?:&>>?|[<>]&|<<<|<<-?|>>|>\||[<>]))
    | (?P<operator>&&|\|\||;;|\|&|[;&|()\n])
    | (?P<word>(?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|\$\(|[^\s;&|()<>'"\\])+)
    | (?P<rest>.)""",
    re.VERBOSE | re.DOTALL,
)
_QUOTING = re.compile(r"""'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)""", re.DOTALL)
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*\+?=")
# The innermost of `$(…)` and backticks; arithmetic, `$((…))`, holds no commands.
_SUBSTITUTION = re.compile(r"(?<!\$\()\$\(([^()]*)\)|`([^`]*)`")
_ARITHMETIC = re.compile(r"\$\(\([^()]*\)\)")
_LIFTED = "_"
_SHELLS = ("sh", "bash", "ash", "dash", "zsh")
_RESERVED = frozenset(("if", "then", "else", "elif", "do", "while", "until", "!", "{", "}", "fi", "done"))
_WRAPPERS = frozenset(("env", "exec", "command", "time", "nohup", "nice", "eval", "xargs"))


@dataclass(frozen=True, slots=True)
class Command:
    """One simple command. `operator` joins it to the one before (`&&`, `|`, …), "" for the first.

    `program` is the base name of what runs, with `sudo` and the like taken off; `arguments` have no quotes.
    """

    program: str
    arguments: tuple[str, ...]
    assignments: tuple[str, ...] = ()
    operator: str = ""
    sudo: bool = False

    def has(self, *flags: str) -> bool:
        """Tell whether one of these is an argument; a one-letter flag (`-y`) is also found in `-qy`."""
        return any(self._has(flag) for flag in flags)

    def _has(self, flag: str) -> bool:
        if re.fullmatch(r"-\w", flag):
            letters = (word for word in self.arguments if re.fullmatch(r"-\w+", word))
            return any(flag[1] in word for word in letters)
        return any(word == flag or word.startswith(f"{flag}=") for word in self.arguments)

    @property
    def operands(self) -> tuple[str, ...]:
        """The arguments that are no flags."""
        return tuple(word for word in self.arguments if not word.startswith("-"))

    def does(self, program: str, *operands: str) -> bool:
        """Tell whether this is `program` with these as its first operands."""
        return self.program == program and self.operands[: len(operands)] == operands


def script_of(instruction: Instruction) -> str:
    """Return what a shell is given by a RUN, or by a command in shell form; "" when no shell runs."""
    words = instruction.arguments[1:] if instruction.keyword == "HEALTHCHECK" else instruction.arguments
    if instruction.json:
        is_shell = len(words) > 2 and words[0].rsplit("/", 1)[-1] in _SHELLS and words[1].startswith("-")
        return words[2] if is_shell else ""
    line = " ".join(words)
    bodies = [heredoc.text for heredoc in instruction.heredocs]
    if not bodies:
        return line
    first = line.split()[0]
    # A heredoc is a script where it is all there is, or where a shell reads it.
    if first.startswith("<<") or first.rsplit("/", 1)[-1] in _SHELLS:
        return "\n".join(bodies)
    return line


def commands_of(instruction: Instruction) -> tuple[Command, ...]:
    """Return the commands of a RUN, CMD, ENTRYPOINT or HEALTHCHECK."""
    script = script_of(instruction)
    if script:
        return commands(script)
    words = instruction.arguments[1:] if instruction.keyword == "HEALTHCHECK" else instruction.arguments
    return (_command(list(words), ""),) if instruction.json and words else ()


@lru_cache(maxsize=1024)
def commands(script: str) -> tuple[Command, ...]:
    """Return the commands of a shell script, with those inside `$(…)` and backticks after the one they are in."""
    return tuple(_commands(script))


def _commands(script: str) -> Iterator[Command]:
    inner: list[str] = []
    flat = _lift(_ARITHMETIC.sub(_LIFTED, script), inner)
    words: list[str] = []
    operator = ""
    for match in _TOKEN.finditer(flat):
        kind, text = match.lastgroup, match[0]
        if kind == "operator":
            yield from _with_script(words, operator)
            words, operator = [], text
        elif kind not in ("space", "comment", "rest"):
            words.append(text)
    yield from _with_script(words, operator)
    for each in inner:
        yield from _commands(each)


def _lift(script: str, inner: list[str]) -> str:
    """Put a word in the place of each command substitution, and what was in it into `inner`."""

    def lift(match: re.Match[str]) -> str:
        inner.append(match[1] or match[2] or "")
        return _LIFTED

    lifted = _SUBSTITUTION.sub(lift, script)
    return lifted if lifted == script else _lift(lifted, inner)


def _with_script(words: list[str], operator: str) -> Iterator[Command]:
    """Give the command, and those of the script that a `sh -c` has."""
    command = _command([unquote(word) for word in words], operator)
    if command.program or command.assignments:
        yield command
    if command.program in _SHELLS and command.has("-c"):
        yield from _commands(next(iter(command.operands), ""))


def _command(words: list[str], operator: str) -> Command:
    assignments: list[str] = []
    sudo = False
    while words and (_is_prefix(words[0]) or words[0] == "sudo"):
        word = words.pop(0)
        sudo = sudo or word == "sudo"
        if _ASSIGNMENT.match(word):
            assignments.append(word)
        while sudo and words and words[0].startswith("-"):
            words.pop(0)
    program = words[0].rsplit("/", 1)[-1] if words else ""
    return Command(program, tuple(words[1:]), tuple(assignments), operator, sudo)


def _is_prefix(word: str) -> bool:
    return word in _RESERVED or word.rsplit("/", 1)[-1] in _WRAPPERS or _ASSIGNMENT.match(word) is not None


def unquote(word: str) -> str:
    """Remove a word's quotes and escapes."""
    return _QUOTING.sub(lambda match: next(group for group in (*match.groups(), "") if group is not None), word)
