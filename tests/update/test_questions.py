"""`scaffold update` on a terminal: it asks what the project has not answered, and nothing else."""

from __future__ import annotations

from tests.person import ENTER, INTERRUPT, Person
from tests.update.conftest import ANSWERS, QUESTIONS, SECOND, Catalog, Project


def test_a_new_question_is_asked(project: Project) -> None:
    person = Person(project.folder, "update")
    person.sees("Should it serve metrics")
    assert "web 1.0.0 → web 1.1.0" in person.shown()
    assert "port" not in person.shown()
    person.presses("y")
    assert person.leaves() == 0
    assert "metrics: true\n" in project.read(ANSWERS)
    assert "See /metrics." in project.read("README.md")


def test_an_answer_that_holds_no_more_is_asked_again_with_the_reason(web: Catalog, project: Project) -> None:
    web.release("2.0.0", SECOND, QUESTIONS.replace("port < 1", "port < 9000").replace("8080", "9000"))
    person = Person(project.folder, "update")
    person.sees("a port is more than 0")
    person.sees("9000")
    person.presses(ENTER)
    assert person.leaves() == 0
    assert "port: 9000\n" in project.read(ANSWERS)


def test_interrupted_at_a_question_nothing_has_changed(project: Project) -> None:
    before = project.state()
    person = Person(project.folder, "update")
    person.sees("Should it serve metrics")
    person.presses(INTERRUPT)
    assert person.leaves() == 130
    assert project.state() == before


def test_with_defaults_nothing_is_asked(project: Project) -> None:
    person = Person(project.folder, "update", "--defaults")
    assert person.leaves() == 0
    assert "metrics: false\n" in project.read(ANSWERS)
