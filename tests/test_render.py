"""Questions and files of a template, and what an author gets to see of mistakes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scaffold.errors import AnswersError, BlueprintError, InputError, UntrustedError
from scaffold.render import Questionnaire, render

QUESTIONS = """\
_subdirectory: template
_templates_suffix: .jinja
kind:
  type: str
  choices:
    A service: service
    A worker: {value: worker, validator: "{% if true %}not yet{% endif %}"}
port:
  type: int
  default: 8080
  when: "{{ kind == 'service' }}"
name:
  type: str
  help: Name of the {{ kind }}
label:
  type: str
  default: "{{ name }}-{{ kind }}"
  validator: "{% if label | length > 20 %}too long{% endif %}"
tags:
  type: str
  multiselect: true
  choices: [a, b, c]
  default: [a]
password:
  type: str
  secret: true
  default: hunter2
"""


@pytest.fixture
def template(tmp_path: Path) -> Path:
    root = tmp_path / "blueprint"
    (root / "template").mkdir(parents=True)
    (root / "copier.yml").write_text(QUESTIONS)
    (root / "template" / "{{ name }}.txt.jinja").write_text("{{ label }} {{ tags | join('+') }}\n")
    (root / "template" / "plain.txt").write_text("{{ as it is }}\n")
    return root


def made(template: Path, destination: Path, given: dict[str, str]) -> None:
    questions = Questionnaire(template)
    render(questions, destination, questions.resolve(given, use_defaults=True))


def test_questions_follow_the_answers(template: Path) -> None:
    questions = Questionnaire(template)
    assert questions.keys == ["kind", "port", "name", "label", "tags", "password"]
    assert questions.secrets == {"password"}
    kind = questions.question("kind", {})
    assert kind is not None
    assert [(choice.label, choice.value, choice.disabled) for choice in kind.choices] == [
        ("A service", "service", ""),
        ("A worker", "worker", "not yet"),
    ]
    assert kind.default is None
    name = questions.question("name", {"kind": "service"})
    assert name is not None
    assert name.help == "Name of the service"
    label = questions.question("label", {"kind": "service", "name": "x"})
    assert label is not None
    assert label.default == "x-service"
    assert questions.question("port", {"kind": "other"}) is None


def test_resolve_takes_defaults_and_casts(template: Path) -> None:
    answers = Questionnaire(template).resolve(
        {"kind": "service", "name": "x", "port": "9090", "tags": "[c, a]"}, use_defaults=True
    )
    assert answers == {
        "kind": "service",
        "port": 9090,
        "name": "x",
        "label": "x-service",
        "tags": ["a", "c"],
        "password": "hunter2",
    }


def test_resolve_names_every_problem(template: Path) -> None:
    with pytest.raises(AnswersError) as error:
        Questionnaire(template).resolve(
            {"knd": 1, "kind": "worker", "label": "x" * 21, "port": "many"}, use_defaults=True
        )
    assert error.value.problems == [
        "knd: no such question; did you mean 'kind'?",
        "kind: 'worker' cannot be taken: not yet",
        f"label: '{'x' * 21}' is refused: too long",
        "missing: name",
    ]


def test_accept_refuses_in_one_line(template: Path) -> None:
    questions = Questionnaire(template)
    with pytest.raises(InputError, match=r"^kind: 'servce' is no choice; did you mean 'service'\?$"):
        questions.accept("kind", "servce", {})


def test_render_writes_the_files(template: Path, tmp_path: Path) -> None:
    made(template, tmp_path / "out", {"kind": "service", "name": "x"})
    assert (tmp_path / "out" / "x.txt").read_text() == "x-service a\n"
    assert (tmp_path / "out" / "plain.txt").read_text() == "{{ as it is }}\n"


@pytest.mark.parametrize(
    ("feature", "named"),
    [
        ("_tasks: [touch /tmp/x, [echo, a b]]", "task `touch /tmp/x`, task `echo 'a b'`"),
        ("_tasks: [{command: make, when: false}]", "task `make`"),
        ("_jinja_extensions: [os.path]", "extension `os.path`"),
        ("_migrations: [{version: v1, before: [[rm, x]]}]", "migration `rm x`"),
    ],
)
def test_a_template_that_would_run_code_is_refused(template: Path, feature: str, named: str) -> None:
    (template / "copier.yml").write_text(f"{feature}\n{QUESTIONS}")
    with pytest.raises(UntrustedError, match=re.escape(named)):
        Questionnaire(template)


def test_a_trusted_template_runs_its_tasks_and_leaves_stdout_alone(
    template: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (template / "copier.yml").write_text(f"_tasks: [echo said; touch made]\n{QUESTIONS}")
    questions = Questionnaire(template, trusted=True)
    answers = questions.resolve({"kind": "service", "name": "x"}, use_defaults=True)
    render(questions, tmp_path / "out", answers)
    assert (tmp_path / "out" / "made").is_file()
    assert capfd.readouterr() == ("", "said\n")
    render(questions, tmp_path / "without", answers, tasks=False)
    assert not (tmp_path / "without" / "made").exists()


def test_a_link_out_of_the_project_is_refused(template: Path, tmp_path: Path) -> None:
    (template / "copier.yml").write_text(f"_preserve_symlinks: true\n{QUESTIONS}")
    (template / "template" / "inside").symlink_to("plain.txt")
    answers = {"kind": "service", "name": "x"}
    made(template, tmp_path / "good", answers)
    assert (tmp_path / "good" / "inside").is_symlink()
    # Out of the project, though not out of the template.
    (template / "template" / "outside").symlink_to("../copier.yml")
    with pytest.raises(BlueprintError, match=r"outside would be a link to \.\./copier\.yml, out of"):
        made(template, tmp_path / "bad", answers)


# copier leaves a directory open when it stops.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_path_out_of_the_project_is_refused(template: Path, tmp_path: Path) -> None:
    (template / "template" / "{{ name }}.txt.jinja").rename(template / "template" / "{{ label }}.txt.jinja")
    answers = {"kind": "service", "name": "x", "label": "../out"}
    with pytest.raises(BlueprintError):
        made(template, tmp_path / "bad", answers)
    assert not (tmp_path / "out.txt").exists()


MISTAKES = {
    "broken-yaml": ("copier.yml", "a: [", "copier.yml"),
    "unknown-type": ("copier.yml", "a: {type: colour, default: x}", "colour"),
    "reserved-name": ("copier.yml", "now: {type: str}", "now"),
    "broken-jinja": ("template/x.jinja", "line\n{% if %}", "template/x.jinja:2: "),
    "failing-jinja": ("template/x.jinja", "line\n\n{{ 1 / 0 }}", "template/x.jinja:3: "),
    "missing-include": ("template/x.jinja", "{% include 'gone' %}", "gone"),
}


# copier leaves the folder it walks open when a template raises.
@pytest.mark.filterwarnings("ignore:.*ScandirIterator:pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("mistake", MISTAKES)
def test_an_author_is_told_where_the_mistake_is(template: Path, tmp_path: Path, mistake: str) -> None:
    file, text, message = MISTAKES[mistake]
    (template / file).write_text(text)
    given = {"kind": "service", "name": "x"} if file != "copier.yml" else {}
    with pytest.raises(BlueprintError, match=message) as error:
        made(template, tmp_path / "out", given)
    assert "\n" not in error.value.message
    assert str(template) not in error.value.message
