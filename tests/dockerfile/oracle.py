"""BuildKit's own parser, through the package `dockerfile` (3.4.0 has BuildKit 0.12.5), and ours in its terms.

What it does not do, so that the comparison leaves it out:
- it knows no `# check` directive (BuildKit 0.15 brought it): to it, one ends the directives;
- of an ONBUILD's inner instruction it gives neither flags nor heredocs;
- it accepts what the next stage of a builder refuses: unknown instructions, missing arguments, FROM's form;
- it takes `<< EOF`, with a space, for no heredoc; BuildKit 0.34 and we do;
- it ignores text after a JSON list (`["a"] b` is `["a"]`); BuildKit 0.34 and we read that as shell form;
- in flags it knows no escape but the backslash, and it reads them byte by byte, so that characters
  beyond ASCII come out broken.
"""

from __future__ import annotations

from dataclasses import dataclass

import dockerfile as buildkit

from scaffold.dockerfile import Flag, Instruction, parse


@dataclass(frozen=True)
class Command:
    """One instruction in the oracle's terms."""

    keyword: str
    trigger: str | None
    json: bool
    flags: tuple[str, ...]
    values: tuple[str, ...]
    lines: tuple[int, int]
    heredocs: tuple[tuple[str, int, str], ...]


def theirs(text: str) -> list[Command]:
    return [
        Command(
            each.cmd,
            each.sub_cmd,
            each.json,
            tuple(each.flags),
            tuple(each.value),
            (each.start_line, each.end_line),
            tuple((heredoc.name, heredoc.file_descriptor, heredoc.content) for heredoc in each.heredocs),
        )
        for each in buildkit.parse_string(text)
    ]


def ours(text: str) -> list[Command]:
    return [_command(each) for each in parse(text).instructions]


def refused_by_oracle(text: str) -> bool:
    try:
        buildkit.parse_string(text)
    except buildkit.GoParseError:
        return True
    return False


def _command(instruction: Instruction) -> Command:
    inner = instruction.trigger or instruction
    return Command(
        instruction.spelling,
        instruction.trigger.spelling if instruction.trigger else None,
        inner.json,
        tuple(_flag(flag) for flag in instruction.flags),
        inner.arguments,
        (instruction.start_line, instruction.end_line),
        tuple((heredoc.name, heredoc.descriptor, heredoc.content) for heredoc in instruction.heredocs),
    )


def _flag(flag: Flag) -> str:
    return f"--{flag.name}" if flag.value is None else f"--{flag.name}={flag.value}"
