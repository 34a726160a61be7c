"""From source lines to logical ones: directives, comments, continuation, the bodies of heredocs."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from scaffold.dockerfile.characters import BYTE_ORDER_MARK, LINE_ENDS, SPACE
from scaffold.dockerfile.errors import DockerfileError
from scaffold.dockerfile.model import DEFAULT_ESCAPE, Comment, Directive, Heredoc

_DIRECTIVE = re.compile(r"#[\s]*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*")
_KNOWN_DIRECTIVES = ("syntax", "escape", "check")
_ESCAPES = (DEFAULT_ESCAPE, "`")


@dataclass(frozen=True, slots=True)
class LogicalLine:
    """An instruction's text with its continuation lines joined, and what stood around and between them."""

    text: str
    start: int
    end: int
    comments: tuple[Comment, ...]
    inner_comments: tuple[Comment, ...]
    blank_lines: tuple[int, ...]


class Source:
    """The lines of one file, read once from top to bottom."""

    def __init__(self, text: str, name: str) -> None:
        self.name = name
        # Only a line feed ends a line: a lone carriage return is white space.
        self.lines = text.removeprefix(BYTE_ORDER_MARK).split("\n")
        if not self.lines[-1]:
            self.lines.pop()
        self.at = 0
        self.comments: list[Comment] = []
        self.directives = self._read_directives()
        chosen = [each.value for each in self.directives if each.name == "escape"]
        mark = re.escape(chosen[0] if chosen else DEFAULT_ESCAPE)
        # An escape that is itself escaped continues nothing.
        self._continuation = re.compile(rf"(?<!{mark}){mark}[ \t]*\Z")

    def next_line(self) -> LogicalLine | None:
        """Return the next instruction's text, None at the end."""
        before = len(self.comments)
        while self.at < len(self.lines):
            line = _trim(self.lines[self.at])
            self.at += 1
            if line.startswith("#"):
                self._comment(line)
            elif line:
                return self._joined(line, tuple(self.comments[before:]))
        return None

    def take_heredoc(self, announced: Heredoc, start: int) -> Heredoc:
        """Return the heredoc with the lines up to its name; raises DockerfileError when they do not end."""
        first = self.at
        while self.at < len(self.lines):
            line = self.lines[self.at].rstrip(LINE_ENDS)
            self.at += 1
            if (line.lstrip("\t") if announced.chomp else line) == announced.name:
                content = "".join(f"{each}\n" for each in self.lines[first : self.at - 1])
                return replace(announced, content=content)
        raise DockerfileError(
            f"the heredoc {announced.name!r} does not end",
            name=self.name,
            line=start,
            hint=f"put {announced.name} on a line of its own after the last line of the heredoc",
        )

    def raw(self, start: int, end: int) -> str:
        """Return source lines, `end` included."""
        return "\n".join(line.rstrip(LINE_ENDS) for line in self.lines[start - 1 : end])

    def _joined(self, line: str, comments: tuple[Comment, ...]) -> LogicalLine:
        start, before = self.at, len(self.comments)
        text, goes_on = self._without_continuation(line)
        blank: list[int] = []
        while goes_on and self.at < len(self.lines):
            line = self.lines[self.at].rstrip(LINE_ENDS)
            self.at += 1
            if _trim(line).startswith("#"):
                self._comment(_trim(line))
            elif not _trim(line):
                blank.append(self.at)
            else:
                more, goes_on = self._without_continuation(line)
                text += more
        return LogicalLine(text, start, self.at, comments, tuple(self.comments[before:]), tuple(blank))

    def _without_continuation(self, line: str) -> tuple[str, bool]:
        shortened = self._continuation.sub("", line)
        return shortened, shortened != line

    def _comment(self, line: str) -> None:
        self.comments.append(Comment(line[1:].strip(SPACE), self.at))

    def _read_directives(self) -> tuple[Directive, ...]:
        found: dict[str, Directive] = {}
        for line in self.lines:
            match = _DIRECTIVE.fullmatch(_trim(line))
            if match is None or match[1].lower() not in _KNOWN_DIRECTIVES:
                break
            self.at += 1
            directive = Directive(match[1].lower(), match[2], self.at)
            self._refuse(directive, found)
            found[directive.name] = directive
        return tuple(found.values())

    def _refuse(self, directive: Directive, earlier: dict[str, Directive]) -> None:
        if directive.name in earlier:
            raise DockerfileError(
                f"the directive {directive.name!r} is given twice", name=self.name, line=directive.line
            )
        if directive.name == "escape" and directive.value not in _ESCAPES:
            raise DockerfileError(
                f"{directive.value!r} cannot be the escape character",
                name=self.name,
                line=directive.line,
                hint="only a backslash or a backtick can",
            )


def _trim(line: str) -> str:
    return line.rstrip(LINE_ENDS).lstrip(SPACE)
