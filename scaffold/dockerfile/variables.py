"""Quotes, escapes and `$variables` in a word, as BuildKit's own small shell reads them.

The grammar is that of moby/buildkit, frontend/dockerfile/shell: `$name`, `${name}`, and the modifiers `-`,
`+` and `?` with or without a colon. Patterns (`${name#…}`, `${name%…}`, `${name/…/…}`) are newer than
Docker 20.10 and are read, but never applied.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from scaffold.dockerfile.characters import SPACE
from scaffold.dockerfile.errors import Malformed
from scaffold.dockerfile.model import DEFAULT_ESCAPE

Lookup = Callable[[str], str | None]

_SPECIAL_PARAMETERS = "@*#?-$!0"
_PATTERN_MODIFIERS = "#%"
# White space between the mark and its name belongs to the word.
_HEREDOC_MARK = re.compile(r"<<[\t\n\v\f\r ]*")


def expand(
    text: str, variables: Mapping[str, str], *, escape: str = DEFAULT_ESCAPE, keep_unset: bool = False
) -> str:
    """Remove quotes and escapes, and put in the values of variables; an unset one is "", or stays as it is.

    Raises Malformed for an open quote, a bad substitution, or a `${name?}` that is unset.
    """
    return _Lexer(text, variables.get, escape=escape, keep_unset=keep_unset).read().text


def split(text: str, *, raw: bool = False) -> tuple[str, ...]:
    r"""Split a shell command into words; with `raw`, quotes and escapes stay. Raises Malformed like `expand`.

    The escape is always `\` here, whatever the directive says: BuildKit looks for heredocs this way.
    """
    lexer = _Lexer(text, lambda _: None, keep_unset=True, raw_quotes=raw, raw_escapes=raw)
    return lexer.read().finish()


def raw_quotes(text: str) -> str:
    """Return the one word of `text` with its escapes resolved and its quotes left."""
    return "".join(_Lexer(text, lambda _: None, keep_unset=True, raw_quotes=True).read().finish())


@dataclass(frozen=True, slots=True)
class Reference:
    """A variable that a text uses. `modifier` is what follows its name in braces: `:-`, `+`, …"""

    name: str
    modifier: str = ""


def references(text: str, *, escape: str = DEFAULT_ESCAPE) -> tuple[Reference, ...]:
    """Return the variables that a text uses, in order; none when the text is malformed."""
    lexer = _Lexer(text, lambda _: None, escape=escape, keep_unset=True)
    try:
        lexer.read()
    except Malformed:
        return ()
    return tuple(lexer.references)


@dataclass(slots=True)
class _Words:
    """The text read so far, whole and split at white space that is neither quoted nor escaped."""

    text: str = ""
    words: list[str] = field(default_factory=list)
    word: str = ""

    def add(self, text: str) -> None:
        """Add text whose white space divides words."""
        for character in text:
            if character in SPACE:
                self._close()
            else:
                self.word += character
        self.text += text

    def add_whole(self, text: str) -> None:
        """Add text that stays within its word."""
        self.word += text
        self.text += text

    def finish(self) -> tuple[str, ...]:
        """Return the words."""
        self._close()
        return tuple(self.words)

    def _close(self) -> None:
        if self.word:
            self.words.append(self.word)
            self.word = ""


class _Lexer:
    """One pass over one text."""

    def __init__(
        self,
        text: str,
        lookup: Lookup,
        *,
        escape: str = DEFAULT_ESCAPE,
        keep_unset: bool = False,
        raw_quotes: bool = False,
        raw_escapes: bool = False,
    ) -> None:
        self.text = text
        self.position = 0
        self.lookup = lookup
        self.escape = escape
        self.keep_unset = keep_unset
        self.raw_quotes = raw_quotes
        self.references: list[Reference] = []
        self.raw_escapes = raw_escapes

    def read(self) -> _Words:
        """Read to the end."""
        return self._read_until("", raw_escapes=self.raw_escapes)

    def _peek(self) -> str:
        return self.text[self.position : self.position + 1]

    def _next(self) -> str:
        character = self._peek()
        self.position += 1
        return character

    def _read_until(self, stop: str, *, raw_escapes: bool) -> _Words:
        outer, self.raw_escapes = self.raw_escapes, raw_escapes
        words = _Words()
        while (character := self._peek()) != stop:
            if not character:
                raise Malformed(f"a ${{…}} lacks its {stop!r}")
            self._read_piece(character, words)
        self.position += 1
        self.raw_escapes = outer
        return words

    def _read_piece(self, character: str, words: _Words) -> None:
        if character == "$":
            words.add(self._dollar())
        elif character == "'":
            words.add_whole(self._single_quoted())
        elif character == '"':
            words.add_whole(self._double_quoted())
        elif mark := _HEREDOC_MARK.match(self.text, self.position):
            self.position = mark.end()
            words.add_whole(mark[0])
        elif character == self.escape:
            words.add_whole(self._escaped())
        else:
            words.add(self._next())

    def _escaped(self) -> str:
        mark, escaped = self._next(), self._next()
        return mark + escaped if self.raw_escapes else escaped

    def _single_quoted(self) -> str:
        end = self.text.find("'", self.position + 1)
        if end < 0:
            raise Malformed("a single quote is not closed")
        content, self.position = self.text[self.position + 1 : end], end + 1
        return self._quoted("'", content)

    def _double_quoted(self) -> str:
        self.position += 1
        content = ""
        while (character := self._peek()) != '"':
            if not character:
                raise Malformed("a double quote is not closed")
            content += self._dollar() if character == "$" else self._inside_double_quotes()
        self.position += 1
        return self._quoted('"', content)

    def _inside_double_quotes(self) -> str:
        character = self._next()
        if character != self.escape:
            return character
        mark = character if self.raw_escapes else ""
        following = self._peek()
        if not following:
            return mark
        return mark + (self._next() if following in ('"', "$", self.escape) else character)

    def _quoted(self, quote: str, content: str) -> str:
        return f"{quote}{content}{quote}" if self.raw_quotes else content

    def _dollar(self) -> str:
        self.position += 1
        if self._peek() == "{":
            self.position += 1
            return self._braced()
        name = self._name()
        return self._value(name, f"${name}") if name else "$"

    def _braced(self) -> str:
        if self._peek() in ("", "{", "}", ":"):
            raise Malformed("a ${…} has no name in it")
        name = self._name()
        sign = self._next()
        if not sign:
            raise Malformed(f"${{{name} lacks its '}}'")
        if sign == "}":
            return self._value(name, f"${{{name}}}")
        if sign == "/":
            return self._replacement(name)
        modifier = sign + (self._next() if sign == ":" else "")
        if modifier[-1:] not in ("-", "+", "?", *_PATTERN_MODIFIERS):
            raise Malformed(f"${{{name}{modifier}…}} is no substitution that builders know")
        return self._modified(name, modifier)

    def _modified(self, name: str, modifier: str) -> str:
        self.references.append(Reference(name, modifier))
        word = self._read_until("}", raw_escapes=modifier[-1] in _PATTERN_MODIFIERS).text
        value = self.lookup(name)
        if modifier[-1] in _PATTERN_MODIFIERS or (self.keep_unset and value is None):
            return f"${{{name}{modifier}{word}}}"
        return _choose(name, value, modifier, word)

    def _replacement(self, name: str) -> str:
        self.references.append(Reference(name, "/"))
        slash = "/" if self._peek() == "/" else ""
        self.position += len(slash)
        pattern = self._read_until("/", raw_escapes=True).text
        replacement = self._read_until("}", raw_escapes=True).text
        return f"${{{name}/{slash}{pattern}/{replacement}}}"

    def _value(self, name: str, written: str) -> str:
        self.references.append(Reference(name))
        value = self.lookup(name)
        if value is None:
            return written if self.keep_unset else ""
        return value

    def _name(self) -> str:
        first = self._peek()
        if first and first in _SPECIAL_PARAMETERS and not first.isdigit():
            return self._next()
        allowed = str.isdigit if first.isdigit() else _in_name
        return "".join(self._take_while(allowed))

    def _take_while(self, allowed: Callable[[str], bool]) -> Iterator[str]:
        while (character := self._peek()) and allowed(character):
            yield self._next()


def _in_name(character: str) -> bool:
    return character.isalnum() or character == "_"


def _choose(name: str, value: str | None, modifier: str, word: str) -> str:
    given = value if value or (value is not None and ":" not in modifier) else None
    match modifier[-1]:
        case "-":
            return word if given is None else given
        case "+":
            return "" if given is None else word
        case _:
            if given is None:
                raise Malformed(f"{name}: {word or 'is not allowed to be unset or empty'}")
            return given
