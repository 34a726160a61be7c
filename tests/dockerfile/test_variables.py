"""Quotes, escapes and variables in words."""

from __future__ import annotations

import pytest

from scaffold.dockerfile import Malformed
from scaffold.dockerfile.variables import Reference, expand, references, split

VALUES = {"set": "value", "empty": ""}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$set/${set}", "value/value"),
        ("$unset|${unset}", "|"),
        ("${unset:-word} ${empty:-word} ${empty-word} ${set:-word}", "word word  value"),
        ("${unset:+word}${empty:+word}${empty+word}${set:+word}", "wordword"),
        ("${set:?why}", "value"),
        ("${unset:-${set}}", "value"),
        ("${unset:-'a}b'}", "a}b"),
        (r"\$set '$set' \"", '$set $set "'),
        ('"a $set b" "\\$set" "\\n"', "a value b $set \\n"),
        ("$ $$ $1 100%", "$   100%"),
        ("it''s", "its"),
        ("a\\", "a"),
        ("${set#v} ${set%%e} ${set//a/b}", "${set#v} ${set%%e} ${set//a/b}"),
    ],
)
def test_expands_as_buildkit_does(text: str, expected: str) -> None:
    assert expand(text, VALUES) == expected


def test_unset_variables_can_stay() -> None:
    text = "$unset ${unset} ${unset:-word} $set"
    assert expand(text, VALUES, keep_unset=True) == "$unset ${unset} ${unset:-word} value"


def test_the_escape_can_be_a_backtick() -> None:
    assert expand("C:\\a`$set", VALUES, escape="`") == "C:\\a$set"


@pytest.mark.parametrize(
    "text", ["'a", '"a', "${", "${a", "${a:-", "${}", "${:a}", "${{a}}", "${a!b}", "${a:b}", "${a/b}"]
)
def test_open_ends_are_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        expand(text, {})


def test_a_demanded_variable_says_its_own_words() -> None:
    with pytest.raises(Malformed, match="unset: say which"):
        expand("${unset:?say which}", VALUES)


def test_splits_at_white_space_outside_quotes() -> None:
    assert split("""a "b c" d\\ e 'f'g""") == ("a", "b c", "d e", "fg")
    assert split("""a "b c" d\\ e""", raw=True) == ("a", '"b c"', "d\\ e")


def test_references_name_what_a_text_uses() -> None:
    assert references("$a '$no' \\$no \"${b:-$c}\" ${d#x}") == (
        Reference("a"),
        Reference("b", ":-"),
        Reference("c"),
        Reference("d", "#"),
    )
    assert references("${open $a") == ()
