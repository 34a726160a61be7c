"""`scaffold new` on a terminal, driven as a person would: keys are pressed, and the screen is looked at."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from scaffold.errors import ExitCode
from tests.person import DOWN, END, ENTER, ERASE_LINE, INTERRUPT, Person

# How the questions after the name begin.
REST = ("Which port", "What is the path", "What does the service", "Who maintains", "Under which", "Where do the")


def person_at(folder: Path, *words: str, columns: int = 100, lines: int = 40) -> Person:
    """Let somebody run `scaffold new`."""
    env = {"XDG_CACHE_HOME": str(folder.parent / "cache")}
    return Person(folder, "new", *words, columns=columns, lines=lines, env=env)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


def answer_all(person: Person, name: str = "orders") -> None:
    """Take Go, which comes second, and the first base, name the project, and take the rest as offered."""
    person.sees("Language")
    person.presses(DOWN, ENTER)
    person.sees("distroless")
    person.presses(ENTER)
    person.sees("hello")
    person.presses(ERASE_LINE, name, ENTER)
    review(person)


def review(person: Person) -> None:
    """Take what each question after the name offers, until the review is there."""
    for question in REST:
        person.sees(question)
        person.presses(ENTER)
    person.sees("Is this right?")


def test_from_the_first_question_to_the_project(folder: Path) -> None:
    person = person_at(folder)
    answer_all(person)
    person.sees("project_name")
    person.sees("Dockerfile")
    person.presses(ENTER)
    person.sees("docker compose up --build")
    assert person.leaves() == 0
    assert (folder / "orders" / "Dockerfile").is_file()
    assert (folder / "orders" / ".git").is_dir()


def test_each_base_says_what_helps_to_choose_and_what_does_not_fit(folder: Path) -> None:
    person = person_at(folder, "--blueprint", "go", columns=140)
    person.sees("distroless")
    person.sees("MB pulled")
    person.sees("no shell")
    person.sees("debian-slim")
    person.sees("adds 30 MB")
    person.presses(DOWN, DOWN, ENTER)
    person.sees("hello")
    person.presses(ENTER)
    review(person)
    person.presses(ENTER)
    assert person.leaves() == 0
    assert "FROM scratch" in (folder / "hello" / "Dockerfile").read_text()


def test_a_refused_answer_says_why_and_asks_again(folder: Path) -> None:
    person = person_at(folder, "--blueprint", "go", "--base", "scratch")
    person.sees("hello")
    person.presses(ERASE_LINE, "Not A Name", ENTER)
    person.sees("is refused")
    person.presses(ERASE_LINE, "a-name", ENTER)
    review(person)
    person.presses(ENTER)
    assert person.leaves() == 0
    assert (folder / "a-name" / "go.mod").is_file()


def test_an_answer_is_changed_in_the_review_and_what_follows_from_it_too(folder: Path) -> None:
    person = person_at(folder, "--blueprint", "go", "--base", "scratch")
    person.sees("hello")
    person.presses(ENTER)
    review(person)
    person.sees("example.com/hello")
    person.presses(DOWN, ENTER)
    person.sees("Which answer?")
    person.presses(ENTER)
    person.presses(ERASE_LINE, "renamed", ENTER)
    person.sees("example.com/renamed")
    person.presses(ENTER)
    assert person.leaves() == 0
    assert (folder / "renamed" / "go.mod").read_text().startswith("module example.com/renamed\n")


def test_a_file_can_be_looked_at_before_it_is_written(folder: Path) -> None:
    person = person_at(folder, "--blueprint", "go", "--base", "scratch", lines=60)
    person.sees("hello")
    person.presses(ENTER)
    review(person)
    person.presses(DOWN, DOWN, ENTER)
    person.sees("Which file?")
    person.presses(ENTER)
    person.sees("_src_path: builtin:go")
    person.sees("Is this right?")
    person.presses(DOWN, DOWN, DOWN, ENTER)
    person.sees("nothing was written")
    assert person.leaves() == ExitCode.INTERRUPTED
    assert list(folder.iterdir()) == []


# A list has no line whose end could be typed, so ^D is for the text alone.
@pytest.mark.parametrize(
    ("moment", "key"), [("Language", INTERRUPT), ("distroless", INTERRUPT), ("hello", INTERRUPT), ("hello", END)]
)
def test_interrupted_at_a_question(folder: Path, moment: str, key: str) -> None:
    person = person_at(folder)
    for question in ("Language", "distroless", "hello"):
        person.sees(question)
        if question == moment:
            break
        person.presses(ENTER)
    person.presses(ERASE_LINE if moment == "hello" else "", key)
    person.sees("interrupted; nothing was written")
    assert person.leaves() == ExitCode.INTERRUPTED
    assert list(folder.iterdir()) == []
    assert "Traceback" not in person.shown()


def test_a_signal_to_the_process_ends_it_with_nothing_written(folder: Path) -> None:
    person = person_at(folder, "--blueprint", "go")
    person.sees("distroless")
    person.child.kill(signal.SIGTERM)
    assert person.leaves() == ExitCode.INTERRUPTED
    assert list(folder.iterdir()) == []


def test_the_terminal_may_change_its_size_at_any_time(folder: Path) -> None:
    person = person_at(folder, columns=120)
    person.sees("Language")
    person.resizes(20, 40)
    person.presses(DOWN, ENTER)
    person.sees("distroless")
    person.resizes(50, 160)
    person.presses(ENTER)
    person.sees("hello")
    person.resizes(24, 60)
    person.presses(ENTER)
    review(person)
    person.presses(ENTER)
    assert person.leaves() == 0
    assert (folder / "hello" / "Dockerfile").is_file()


def test_defaults_ask_nothing_on_a_terminal_either(folder: Path) -> None:
    person = person_at(folder, "orders", "--blueprint", "go", "--defaults")
    assert person.leaves() == 0
    assert "?" not in person.shown()
    assert (folder / "orders" / "Dockerfile").is_file()
