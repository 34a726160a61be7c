"""Dockerfiles that nobody wrote: well-formed ones, and scribbles made of the grammar's own pieces."""

from __future__ import annotations

import json

from hypothesis import strategies as st

_LETTERS = "abcXYZ019._-/:@"
_word = st.builds("{}{}".format, st.sampled_from("abXY01_./"), st.text(_LETTERS, max_size=7))
_name = st.from_regex(r"[a-zA-Z_][a-zA-Z0-9_]{0,6}", fullmatch=True)
_stage = st.from_regex(r"[a-z][a-z0-9]{0,5}", fullmatch=True)
_quoted = st.one_of(
    st.text(_LETTERS + " $#='é", max_size=8).map(lambda text: f'"{text}"'),
    st.text(_LETTERS + ' $#="日', max_size=8).map(lambda text: f"'{text}'"),
)
_variable = st.sampled_from(["$x", "${x}", "${x:-y}", "${x:+y}", "${x-ab}", "${y:-$z}", "\\$x", "$"])
_value = st.lists(st.one_of(_word, _quoted, _variable, st.just("\\ z")), min_size=1, max_size=3).map("".join)
_gap = st.sampled_from([" ", "  ", "\t", " \\\n  ", " \\ \n", " \\\n# inside\n  ", " \\\n\n   # more\n\t"])
_command_word = st.one_of(_word, _quoted, _variable, st.sampled_from(["&&", "|", ";", "2>&1", "--flag", "#"]))
_json = st.lists(st.text("ab \"\\é\n$'", max_size=5), max_size=4).map(json.dumps)
_flag = st.builds(
    "--{}={}".format,
    st.sampled_from(["mount", "from", "chown", "platform", "x"]),
    st.one_of(_word, st.text("ab ,='", max_size=6).map(lambda text: f'"{text}"')),
)
_end = st.sampled_from(["\n", "\n", "\n\n", "\n# a comment\n", "\r\n", "\n \t\n"])


@st.composite
def _joined(draw: st.DrawFn, word: st.SearchStrategy[str], least: int = 1) -> str:
    words = draw(st.lists(word, min_size=least, max_size=5))
    return "".join(text + draw(_gap) for text in words[:-1]) + "".join(words[-1:])


@st.composite
def _flagged(draw: st.DrawFn, arguments: st.SearchStrategy[str]) -> str:
    flags = draw(st.lists(_flag, max_size=2))
    return "".join(flag + draw(_gap) for flag in flags) + draw(arguments)


@st.composite
def _heredocs(draw: st.DrawFn, destination: str = "") -> str:
    names = draw(st.lists(_name, min_size=1, max_size=3))
    marks = [draw(st.sampled_from(["<<{}", "<<-{}", '<<"{}"', "<<-'{}'", "3<<{}"])) for _ in names]
    words = [mark.format(name) for mark, name in zip(marks, names, strict=True)]
    bodies = []
    for name, mark in zip(names, marks, strict=True):
        lines = draw(st.lists(st.sampled_from(["echo $x", "# no", "", "\tx \\", "FROM y", "'open"]), max_size=3))
        bodies.append("".join(f"{line}\n" for line in lines) + ("\t" if "-" in mark else "") + name)
    return " ".join(words) + destination + "\n" + "\n".join(bodies)


_assignments = _joined(st.builds("{}={}".format, _name, _value))
_command = st.builds("{}{}".format, st.one_of(_joined(_command_word), _json), st.sampled_from(["", " ", "\t"]))
_instruction = st.one_of(
    st.builds("{} {}".format, st.sampled_from(["RUN", "run"]), _flagged(_command)),
    st.builds("RUN cat {}".format, _heredocs()),
    st.builds("COPY {}".format, _heredocs(" /x")),
    st.builds("{} {}".format, st.sampled_from(["COPY", "ADD", "Copy"]), _flagged(_joined(_word, 2))),
    st.builds("{} {}".format, st.sampled_from(["CMD", "ENTRYPOINT"]), _command),
    st.builds("HEALTHCHECK {}CMD {}".format, st.sampled_from(["", "--interval=5s "]), _command),
    st.builds("{} {}".format, st.sampled_from(["ENV", "LABEL", "ARG"]), _assignments),
    st.builds("{} {} {}".format, st.sampled_from(["ENV", "LABEL"]), _name, _joined(_word)),
    st.builds("ARG {}".format, _joined(_name)),
    st.builds("{} {}".format, st.sampled_from(["EXPOSE", "VOLUME"]), _joined(_word)),
    st.builds("{} {}".format, st.sampled_from(["USER", "WORKDIR", "STOPSIGNAL", "MAINTAINER"]), _joined(_word)),
    st.builds("ONBUILD RUN {}".format, _command),
    st.builds("FROM {} AS {}".format, _word, _stage),
)


@st.composite
def dockerfiles(draw: st.DrawFn) -> str:
    """Return a Dockerfile that a builder can read."""
    instructions = ["FROM " + draw(_word), *draw(st.lists(_instruction, max_size=6))]
    return "".join(text + draw(_end) for text in instructions)


_pieces = [
    *[
        "FROM a\n",
        "RUN ",
        "COPY ",
        "ENV ",
        "LABEL ",
        "CMD ",
        "ONBUILD ",
        "HEALTHCHECK CMD ",
        "ARG ",
        "VOLUME ",
    ],
    *[
        "\n",
        "\\\n",
        "\r\n",
        "\\",
        " ",
        "\t",
        "#",
        "# c\n",
        "'",
        '"',
        "$",
        "${",
        "}",
        ":-",
        "=",
        "[ ",
        " ]",
        ",",
    ],
    *["<<EOF", "<<-E", "EOF\n", "E\n", "--x=", "--", "a", "b c", '["a"]\n', "\v", "`"],
]


def scribbles() -> st.SearchStrategy[str]:
    """Return pieces of the grammar in any order, seldom a good Dockerfile."""
    return st.lists(st.sampled_from(_pieces), max_size=25).map(lambda pieces: "FROM a\n" + "".join(pieces))
