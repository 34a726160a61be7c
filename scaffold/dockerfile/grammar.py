"""The grammar of one instruction: keyword, flags, and the arguments each keyword has."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from scaffold.dockerfile.characters import GAP, SPACE
from scaffold.dockerfile.errors import Malformed
from scaffold.dockerfile.model import Assignment, Flag, Heredoc
from scaffold.dockerfile.variables import raw_quotes, split

HEREDOC_KEYWORDS = ("RUN", "COPY", "ADD")
_HEREDOC = re.compile(r"([0-9]*)<<(-?)\s*([^<]+)")


@dataclass(frozen=True, slots=True)
class Arguments:
    """What follows an instruction's flags; see `Instruction` for what `words` holds."""

    words: tuple[str, ...] = ()
    json: bool = False
    assignments: tuple[Assignment, ...] = ()
    legacy: bool = False


def divide(line: str, escape: str) -> tuple[str, tuple[Flag, ...], str]:
    """Divide a logical line into the keyword as written, its flags, and the rest."""
    keyword, *rest = GAP.split(line.strip(SPACE), maxsplit=1)
    flags, text = _take_flags(rest[0] if rest else "", escape)
    return keyword, flags, text.strip(SPACE)


def read_arguments(keyword: str, text: str, escape: str) -> Arguments:
    """Read the arguments of an instruction; raises Malformed, also for a keyword that does not exist."""
    if not keyword:
        raise Malformed("a continued line holds no instruction")
    reader = _READERS.get(keyword)
    if reader is None:
        close = get_close_matches(keyword, KEYWORDS, n=1)
        raise Malformed(f"{keyword} is no instruction", f"did you mean {close[0]}?" if close else "")
    if not text:
        return _nothing(keyword)
    return reader(keyword, text, escape)


def announced_heredocs(line: str) -> tuple[Heredoc, ...]:
    """Return the heredocs that a RUN, COPY or ADD announces, still without content."""
    if "<<" not in line:
        return ()
    try:
        words = split(line, raw=True)
    except Malformed:
        # BuildKit, too, sees no heredoc in a line whose quotes or braces stay open.
        return ()
    return tuple(heredoc for word in words if (heredoc := _heredoc(word)))


def _heredoc(word: str) -> Heredoc | None:
    match = _HEREDOC.fullmatch(word)
    if match is None:
        return None
    names = split(match[3])
    if len(names) != 1:
        return None
    quoted = sum(raw_quotes(match[3]).count(quote) - names[0].count(quote) for quote in "'\"")
    return Heredoc(names[0], expand=not quoted, chomp=bool(match[2]), descriptor=int(match[1] or 0))


def _take_flags(text: str, escape: str) -> tuple[tuple[Flag, ...], str]:
    flags: list[Flag] = []
    rest = text.lstrip(SPACE)
    while rest.startswith("--"):
        word, rest = _take_flag_word(rest, escape)
        if word == "--":
            return tuple(flags), rest
        name, sign, value = word[2:].partition("=")
        flags.append(Flag(name, value if sign else None))
        rest = rest.lstrip(SPACE)
    return tuple(flags), rest


def _take_flag_word(text: str, escape: str) -> tuple[str, str]:
    """Return the first word with its quotes and escapes resolved, and what follows it."""
    word = quote = ""
    position = 0
    while position < len(text):
        character = text[position]
        if character == escape:
            word += text[position + 1 : position + 2]
            position += 2
            continue
        if not quote and character in SPACE:
            break
        position += 1
        if character == quote:
            quote = ""
        elif not quote and character in "'\"":
            quote = character
        else:
            word += character
    return word, text[position:]


def _words(text: str, escape: str) -> Iterator[str]:
    """Split at white space outside quotes; quotes and escapes stay, but for an escape at the very end."""
    quote = word = ""
    position = 0
    while position < len(text):
        character = text[position]
        if character == escape and quote != "'":
            word += text[position : position + 2] if position + 1 < len(text) else ""
            position += 2
            continue
        position += 1
        if not quote and character in SPACE:
            if word:
                yield word
            word = ""
            continue
        if quote and character == quote:
            quote = ""
        elif not quote and character in "'\"":
            quote = character
        word += character
    if word:
        yield word


def _json_strings(text: str) -> tuple[str, ...] | None:
    """Return a JSON list of strings, None when the text is no JSON list; raises Malformed for other items."""
    if not text.lstrip(SPACE).startswith("["):
        return None
    try:
        items = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return None
    if not all(isinstance(item, str) for item in items):
        raise Malformed("a JSON list may hold nothing but strings", 'write "8080", not 8080')
    return tuple(items)


def _refuse_constant(constant: str) -> None:
    """NaN and Infinity are Python's, not JSON's."""
    raise ValueError(constant)


def _nothing(keyword: str) -> Arguments:
    # Without arguments these three build, and mean an empty command.
    if keyword not in ("RUN", "CMD", "ENTRYPOINT"):
        raise Malformed(f"{keyword} has no arguments")
    return Arguments()


def _command(keyword: str, text: str, _: str) -> Arguments:
    strings = _json_strings(text)
    if strings is not None:
        return Arguments(strings, json=True)
    if keyword == "SHELL":
        raise Malformed("SHELL takes a JSON list only", 'write SHELL ["/bin/sh", "-c"]')
    return Arguments((text,))


def _list(_: str, text: str, __: str) -> Arguments:
    strings = _json_strings(text)
    return Arguments(tuple(GAP.split(text))) if strings is None else Arguments(strings, json=True)


def _transfer(keyword: str, text: str, escape: str) -> Arguments:
    arguments = _list(keyword, text, escape)
    if len(arguments.words) < 2:
        raise Malformed(f"{keyword} needs a source and a destination")
    return arguments


def _plain(_: str, text: str, __: str) -> Arguments:
    return Arguments(tuple(GAP.split(text)))


def _whole(_: str, text: str, __: str) -> Arguments:
    return Arguments((text,))


def _health(keyword: str, text: str, escape: str) -> Arguments:
    kind, *rest = GAP.split(text, maxsplit=1)
    if kind.upper() not in ("CMD", "NONE"):
        raise Malformed(f"HEALTHCHECK {kind} is neither CMD nor NONE", "write HEALTHCHECK CMD …")
    if kind.upper() == "CMD" and not rest:
        raise Malformed("HEALTHCHECK CMD has no command")
    command = _command(keyword, rest[0], escape) if rest else Arguments()
    return Arguments((kind, *command.words), json=command.json)


def _declaration(_: str, text: str, escape: str) -> Arguments:
    words = tuple(_words(text, escape))
    pairs = (word.partition("=") for word in words)
    return Arguments(words, assignments=tuple(Assignment(n, value if sign else None) for n, sign, value in pairs))


def _pairs(keyword: str, text: str, escape: str) -> Arguments:
    words = tuple(_words(text, escape))
    if not words:
        raise Malformed(f"{keyword} has no arguments")
    if "=" not in words[0]:
        return _legacy_pair(keyword, text)
    for word in words:
        if "=" not in word:
            raise Malformed(
                f"{keyword} has {word!r} without a '='", f"put the whole value of {words[0]!r} in quotes"
            )
    assignments = [Assignment(name, value) for name, _, value in (word.partition("=") for word in words)]
    return Arguments(
        tuple(part for each in assignments for part in (each.name, each.value or "")),
        assignments=tuple(assignments),
    )


def _legacy_pair(keyword: str, text: str) -> Arguments:
    name, *value = GAP.split(text, maxsplit=1)
    if not value:
        raise Malformed(f"{keyword} {name} has no value", f"write {keyword} {name}=…")
    return Arguments((name, value[0]), assignments=(Assignment(name, value[0]),), legacy=True)


_READERS: dict[str, Callable[[str, str, str], Arguments]] = {
    "ADD": _transfer,
    "ARG": _declaration,
    "CMD": _command,
    "COPY": _transfer,
    "ENTRYPOINT": _command,
    "ENV": _pairs,
    "EXPOSE": _plain,
    "FROM": _plain,
    "HEALTHCHECK": _health,
    "LABEL": _pairs,
    "MAINTAINER": _whole,
    # The instruction inside is read by whoever called.
    "ONBUILD": _whole,
    "RUN": _command,
    "SHELL": _command,
    "STOPSIGNAL": _whole,
    "USER": _whole,
    "VOLUME": _list,
    "WORKDIR": _whole,
}
KEYWORDS = tuple(_READERS)
