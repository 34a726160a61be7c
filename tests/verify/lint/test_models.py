"""Well-made Dockerfiles are left in peace, badly made ones are not, and no rule stumbles over anything."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings

from scaffold.bases import BASES
from scaffold.catalog.builtin import find_blueprint, materialise
from scaffold.dockerfile import DockerfileError, decode, parse, read
from scaffold.render import Questionnaire, render
from scaffold.verify.lint import LintSubject
from scaffold.verify.model import Severity
from tests.dockerfile.generator import dockerfiles, scribbles
from tests.verify.lint.model import findings

HERE = Path(__file__).parent
MODELS = sorted((HERE / "models").iterdir())
ALLOW_LIST = HERE / "models" / "python-uv-slim"
CORPUS = sorted((HERE.parents[1] / "dockerfile" / "corpus").glob("*.Dockerfile"))

# The shape of what introductions to Docker show.
SINGLE_STAGE = (
    "FROM golang:1.27.3-trixie\nWORKDIR /app\nCOPY . .\nRUN go build -o main .\nEXPOSE 8080\nCMD ./main\n"
)
TWO_STAGES = """\
FROM golang:latest AS builder
ADD . /app
WORKDIR /app
RUN CGO_ENABLED=0 go build -a -o main .
FROM alpine
WORKDIR /root/
COPY --from=builder /app/main .
CMD ["./main"]
"""


@pytest.mark.parametrize("folder", MODELS, ids=lambda folder: folder.name)
def test_well_made_dockerfiles_are_left_in_peace(folder: Path) -> None:
    assert findings(LintSubject(folder, read(folder / "Dockerfile"))) == []


@pytest.mark.parametrize("base", BASES)
def test_the_go_blueprint_is_left_in_peace(base: str, tmp_path: Path) -> None:
    template = materialise(find_blueprint("go"), tmp_path / "template")
    project = tmp_path / "project"
    project.mkdir()
    questions = Questionnaire(template)
    render(questions, project, questions.resolve({"base": base}, use_defaults=True))
    assert findings(LintSubject(project, read(project / "Dockerfile"), BASES[base])) == []


def test_a_single_stage_gets_its_errors(tmp_path: Path) -> None:
    found = findings(LintSubject(tmp_path, parse(SINGLE_STAGE)))
    assert {each.rule for each in found if each.severity is Severity.ERROR} == {
        "lint-last-stage-image",
        "lint-user",
        "lint-exec-form",
    }
    assert {each.rule for each in found if each.severity is Severity.WARNING} == {
        "lint-last-stage-builds",
        "lint-build-cache",
        "lint-dockerignore",
        "lint-healthcheck",
        "lint-labels",
    }


def test_two_stages_get_theirs(tmp_path: Path) -> None:
    found = findings(LintSubject(tmp_path, parse(TWO_STAGES)))
    assert [(each.rule, each.place) for each in found if each.severity is Severity.ERROR] == [
        ("lint-base-pinned", "Dockerfile:1"),
        ("lint-base-pinned", "Dockerfile:5"),
        ("lint-user", "Dockerfile:5"),
    ]


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_rules_read_every_peculiarity(path: Path, tmp_path: Path) -> None:
    found = findings(LintSubject(tmp_path, parse(decode(path.read_bytes()))))
    assert "lint-labels" in {each.rule for each in found}


@settings(max_examples=150, deadline=None)
@given(dockerfiles())
def test_rules_stumble_over_no_dockerfile(text: str) -> None:
    lines = text.count("\n") + 1
    places = [each.place for each in findings(LintSubject(ALLOW_LIST, parse(text)))]
    numbers = [int(place.partition(":")[2]) for place in places if place.startswith("Dockerfile:")]
    assert all(1 <= number <= lines for number in numbers)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(scribbles())
def test_rules_stumble_over_no_scribble(text: str) -> None:
    try:
        dockerfile = parse(text)
    except DockerfileError:
        assume(False)
    assert "lint-labels" in {each.rule for each in findings(LintSubject(ALLOW_LIST, dockerfile))}
