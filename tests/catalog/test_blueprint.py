"""blueprint.yml is read strictly, and every mistake is told with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from scaffold.catalog.blueprint import Budget, read_blueprint
from scaffold.catalog.builtin import blueprints, find_blueprint, materialise, root
from scaffold.errors import BlueprintError, InputError
from scaffold.languages import LANGUAGES
from tests.conftest import CHECKOUT

GOOD = """\
name: go
title: Go
description: A service
language: go
version: 1.0.0
bases:
  - id: scratch
    size: 8
    compressed: 3.3
budget:
  adds: 8
  adds_compressed: 3.4
contract:
  root: /
  bad_environment: {PORT: 1}
"""


def write(folder: Path, text: str) -> Path:
    (folder / "blueprint.yml").write_text(text)
    return folder


def test_a_good_one(tmp_path: Path) -> None:
    blueprint = read_blueprint(write(tmp_path, GOOD))
    assert blueprint.bases[0].base.id == "scratch"
    assert blueprint.bases[0].budget == Budget(adds=8_000_000, adds_compressed=3_400_000)
    assert blueprint.contract.bad_environment == {"PORT": "1"}
    assert blueprint.contract.first_path == "/"


def test_a_base_may_have_an_image_and_a_budget_of_its_own(tmp_path: Path) -> None:
    """Distroless is a family; and what an interpreter adds to scratch, its distroless image has already."""
    own = """\
  - id: distroless
    image: gcr.io/distroless/python3-debian13:nonroot
    libc: glibc
    size: 60
    compressed: 20
    budget: {total_compressed: 21.5}
budget:
"""
    blueprint = read_blueprint(write(tmp_path, GOOD.replace("budget:\n", own)))
    offer = blueprint.offer("distroless")
    assert offer is not None
    assert (offer.base.image, offer.base.libc) == ("gcr.io/distroless/python3-debian13:nonroot", "glibc")
    assert (offer.base.shell, offer.budget) == (False, Budget(total_compressed=21_500_000))
    assert blueprint.offer("alpine") is None


def test_an_answer_may_raise_the_budget_that_is_set(tmp_path: Path) -> None:
    more = """\
allowances:
  - question: framework
    answer: large
    more: {adds: 2, total: 50}
contract:
"""
    blueprint = read_blueprint(write(tmp_path, GOOD.replace("contract:\n", more)))
    small = Budget(adds=8_000_000, adds_compressed=3_400_000)
    assert blueprint.budget("scratch", {}) == small
    assert blueprint.budget("scratch", {"framework": "small"}) == small
    large = blueprint.budget("scratch", {"framework": "large"})
    assert large == Budget(adds=10_000_000, adds_compressed=3_400_000)
    assert blueprint.budget("alpine", {"framework": "large"}) is None


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "contract:",
            "allowances: [{question: a, answer: b}]\ncontract:",
            "an allowance has to say how much more",
        ),
        ("title: Go", "titel: Go", "blueprint.yml:1: 'title' is missing"),
        ("version: 1.0.0", "version: 1.0", r"blueprint.yml:5: 'version' has to be a text, not 1.0"),
        ("id: scratch", "id: scrach", "blueprint.yml:7: unknown base 'scrach'"),
        ("size: 8", "size: big", "blueprint.yml:8: 'size' has to be a number"),
        ("  adds: 8", "  ads: 8", "blueprint.yml:11: unknown key 'ads'"),
        ("root: /", "rot: /", "blueprint.yml:14: unknown key 'rot'"),
        ("  - id", "  -\tid", "blueprint.yml:7: "),
        ("bases:", "bases: 1\nx:", "blueprint.yml:6: 'bases' has to be a list"),
        (GOOD, "- 1", "blueprint.yml:1: the file has to be a mapping"),
        (GOOD, "a: [", "blueprint.yml:2: "),
    ],
)
def test_mistakes_have_a_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(BlueprintError, match=message):
        read_blueprint(write(tmp_path, GOOD.replace(old, new)))


def test_a_nearly_right_key_is_suggested(tmp_path: Path) -> None:
    with pytest.raises(BlueprintError) as error:
        read_blueprint(write(tmp_path, GOOD.replace("root: /", "rot: /")))
    assert error.value.hint == "did you mean 'root'?"
    with pytest.raises(BlueprintError) as error:
        read_blueprint(write(tmp_path, GOOD.replace("  adds: 8", "  ads: 8")))
    assert error.value.hint == "did you mean 'adds'?"


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(BlueprintError, match=r"blueprint\.yml: No such file"):
        read_blueprint(tmp_path)


def test_the_builtin_ones_can_be_read_and_their_languages_are_known() -> None:
    assert root() == CHECKOUT / "blueprints"
    assert {blueprint.language for blueprint in blueprints()} <= set(LANGUAGES)
    assert all(blueprint.folder.name == blueprint.name for blueprint in blueprints())


def test_a_mistyped_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(InputError, match="no blueprint 'goo'") as error:
        find_blueprint("goo")
    assert error.value.hint == "did you mean 'go'?"


def test_materialise_lays_the_shared_parts_beside_the_template(tmp_path: Path) -> None:
    template = materialise(find_blueprint("go"), tmp_path / "go")
    assert (template / "copier.yml").is_file()
    assert (template / "template").is_dir()
    assert (template / "shared").is_dir()
