"""What an organisation settles for all its services: the mirror of base images, and labels."""

from __future__ import annotations

from typing import Any

import pytest

from scaffold.dockerfile import read
from scaffold.errors import InputError
from tests.blueprints.template import Template

LABELS = {"com.example.team": 'Pay & "Ship"', "com.example.cost-centre": "$HOME \\ ${VERSION} 日本"}


def test_nobody_is_asked(template: Template) -> None:
    answers = template.questions.resolve({"base": "alpine"}, use_defaults=True)
    for key in ("image_mirror", "labels"):
        question = template.questions.question(key, answers)
        assert question is not None
        assert not question.asked
    assert (answers["image_mirror"], answers["labels"]) == ("", {})


@pytest.mark.parametrize("base", ["alpine", "distroless", "scratch"])
def test_every_base_image_comes_from_the_mirror(template: Template, base: str) -> None:
    plain = read(template.render(base=base) / "Dockerfile")
    mirrored = read(template.render(base=base, image_mirror="mirror.example.com:5000/hub") / "Dockerfile")
    before, after = ([plain_stage.base for plain_stage in file.stages] for file in (plain, mirrored))
    own = {"scratch", *(stage.name for stage in plain.stages)}
    for old, new in zip(before, after, strict=True):
        if old in own:
            assert new == old
        elif old.startswith("gcr.io/"):
            assert new == f"mirror.example.com:5000/hub/{old.removeprefix('gcr.io/')}"
        else:
            assert new == f"mirror.example.com:5000/hub/library/{old}"


def test_labels_stand_in_the_image_as_they_were_given(template: Template) -> None:
    text = (template.render(labels=LABELS) / "Dockerfile").read_text()
    assert '      com.example.team="Pay & \\"Ship\\"" \\\n' in text
    assert '      com.example.cost-centre="\\$HOME \\\\ \\${VERSION} 日本" \\\n' in text
    assert read(template.render(labels=LABELS) / "Dockerfile").stages[-1].of("LABEL")


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("image_mirror", "mirror"),
        ("image_mirror", "https://mirror.example.com"),
        ("image_mirror", "mirror.example.com/"),
        ("image_mirror", "me:secret@mirror.example.com"),
        ("image_mirror", "mirror.example.com\nRUN id"),
        ("labels", "text"),
        ("labels", {"a b": "c"}),
        ("labels", {"a": 1}),
        ("labels", {"a": ""}),
        ("labels", {"a": "x\nRUN id"}),
        ("labels", {"A=": "x"}),
    ],
)
def test_what_would_be_more_than_a_name_or_a_text_is_refused(
    template: Template, question: str, value: Any
) -> None:
    with pytest.raises(InputError):
        template.questions.accept(question, value, {})


@pytest.mark.parametrize("value", ["mirror.example.com", "localhost:5000", "10.0.0.1:5000/a_b/c.d-e"])
def test_a_mirror_may_be_any_registry(template: Template, value: str) -> None:
    assert template.questions.accept("image_mirror", value, {}) == value
