"""The answers file: what is written is read back, and a broken one is told with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaffold.errors import InputError
from scaffold.project.answers import FILE_NAME, Answers, read_answers, write_answers

VALUES = st.one_of(st.text(st.characters(exclude_categories=["Cs"])), st.integers(), st.booleans())


@given(st.dictionaries(st.from_regex(r"\A[a-z][a-z0-9_]*\Z"), VALUES))
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, values: dict[str, object]
) -> None:
    project = tmp_path_factory.mktemp("project")
    answers = Answers("builtin:go", "1.0.0", values)
    write_answers(project, answers)
    assert read_answers(project) == answers


def test_its_parts() -> None:
    answers = Answers("builtin:go", "1.0.0", {})
    assert (answers.catalog, answers.blueprint) == ("builtin", "go")


def test_a_project_without_one(tmp_path: Path) -> None:
    assert read_answers(tmp_path) is None


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a: 1\nb: [", r"answers.yml:2: "),
        (b"- a", "answers are `name: value` lines"),
        (b"a: 1", "`_src_path` does not name"),
        (b"\xff\xfe", "is not UTF-8"),
        (b"a: \x00", "answers.yml"),
    ],
)
def test_a_broken_one_is_one_line(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    with pytest.raises(InputError, match=message) as error:
        read_answers(tmp_path)
    assert "\n" not in error.value.message
    assert error.value.hint
