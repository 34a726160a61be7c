"""Our reader gives what BuildKit's parser gives: over the corpus, and over Dockerfiles that nobody wrote."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from scaffold.dockerfile import DockerfileError, decode, parse
from tests.dockerfile.generator import dockerfiles, scribbles
from tests.dockerfile.oracle import ours, refused_by_oracle, theirs

CORPUS = sorted((Path(__file__).parent / "corpus").glob("*.Dockerfile"))


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_corpus_reads_as_buildkit_reads_it(path: Path) -> None:
    text = decode(path.read_bytes())
    assert ours(text) == theirs(text)


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_corpus_reads_the_same_with_windows_line_ends(path: Path) -> None:
    text = decode(path.read_bytes()).replace("\r\n", "\n").replace("\n", "\r\n")
    assert ours(text) == theirs(text)


@settings(max_examples=400, deadline=None)
@given(dockerfiles())
def test_generated_dockerfiles_read_as_buildkit_reads_them(text: str) -> None:
    assert ours(text) == theirs(text)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(scribbles())
def test_scribbles_read_as_buildkit_reads_them_or_are_refused(text: str) -> None:
    assume(refusal(text) is None)
    assert ours(text) == theirs(text)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_with_a_line(text: str) -> None:
    error = refusal(text)
    assert error is None or error.message.startswith(f"Dockerfile:{max(1, error.line)}: ")


def refusal(text: str) -> DockerfileError | None:
    try:
        parse(text)
    except DockerfileError as error:
        return error
    return None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# only a comment\n",
        "# escape=`\n# escape=`\nFROM a\n",
        "# escape=x\nFROM a\n",
        "FROM a\nENV b\n",
        "FROM a\nENV b=c d\n",
        "FROM a\nLABEL b=c d\n",
        'FROM a\nCMD ["a", 1]\n',
        'FROM a\nONBUILD CMD ["a", null]\n',
        "FROM a\nRUN <<EOF\necho\n",
        "FROM a\nCOPY <<A <<B /x\na\nA\n",
    ],
)
def test_what_buildkit_refuses_we_refuse(text: str) -> None:
    assert refused_by_oracle(text)
    with pytest.raises(DockerfileError):
        parse(text)
