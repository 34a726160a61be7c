"""Every mistake of an author is told with its file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from scaffold.authoring.lint import lint
from scaffold.catalog import builtin
from scaffold.catalog.blueprint import Blueprint
from scaffold.errors import UntrustedError
from tests.catalog.conftest import write

GOOD = {
    "catalog.yml": "title: Ours\ndefaults:\n  owner: us\n  unasked: 1\n",
    "shared/questions.yml": "owner:\n  type: str\n  help: Who?\n  default: me\n",
    "shared/part.jinja": "{{ owner }} {{ size }} {{ extra | default('') }}\n",
    "web/CHANGELOG.md": "# Changelog\n",
    "web/blueprint.yml": """\
name: web
title: Web
description: A service
language: go
version: 1.0.0.dev0
bases:
  - id: alpine
    size: 1
    compressed: 1
""",
    "web/copier.yml": """\
_subdirectory: template
_templates_suffix: .jinja
name:
  type: str
  default: x
base:
  type: str
  choices: [alpine]
  default: alpine
label:
  type: str
  default: "{{ name }}"
  when: "{{ base != 'scratch' }}"
  validator: >-
    {%- if label | length > 20 -%}
    too long
    {%- endif -%}
---
!include shared/questions.yml
""",
    "web/template/{{ name }}.txt.jinja": "{% set size = 3 %}\n{% include 'shared/part.jinja' %}\n{{ label }}\n",
    "web/template/{% if base == 'alpine' %}a{% endif %}/plain.txt": "{{ as it is }}\n",
    "web/template/{% yield one from [1, 2] %}{{ one }}{% endyield %}.jinja": "{{ one }} {{ _copier_conf.os }}\n",
}


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    write(tmp_path, GOOD)
    return tmp_path


def shown(catalog: Path) -> list[str]:
    problems = lint(catalog / "web", trusted=False)
    return [f"{one.path.relative_to(catalog)}:{one.line}: {one.message} {one.hint}".strip() for one in problems]


def test_a_good_blueprint_has_none(catalog: Path) -> None:
    assert shown(catalog) == []


@pytest.mark.parametrize("blueprint", builtin.blueprints(), ids=lambda blueprint: blueprint.name)
def test_ours_have_none(blueprint: Blueprint) -> None:
    assert lint(blueprint.folder, trusted=False) == []


TEXT = "web/template/{{ name }}.txt.jinja"


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("web/blueprint.yml", "bases:", "bases: [", "web/blueprint.yml:7: "),
        ("web/blueprint.yml", "title:", "titel:", "web/blueprint.yml:1: 'title' is missing"),
        ("web/blueprint.yml", "name: web", "name: wbe", "web/blueprint.yml:1: the name is 'wbe'"),
        ("web/blueprint.yml", "1.0.0.dev0", "one", "web/blueprint.yml:5: 'one' is no version"),
        ("web/blueprint.yml", ": go", ": goo", "web/blueprint.yml:4: unknown language 'goo' did you mean 'go'?"),
        ("web/copier.yml", "[alpine]", "[alpine", "web/copier.yml:9: "),
        ("web/copier.yml", "name:\n", "- name\n", "web/copier.yml:3: "),
        (
            "web/copier.yml",
            "_subdirectory",
            "_subdirectry",
            "web/copier.yml:1: copier has no setting '_subdirectry'",
        ),
        ("web/copier.yml", "  default: x", "  defalt: x", "web/copier.yml:5: a question has no 'defalt' did you"),
        ("web/copier.yml", "base:", "name:", "web/copier.yml:6: 'name' is asked already, at copier.yml:3"),
        (
            "web/copier.yml",
            '"{{ name }}"',
            '"{{ nmae }}"',
            "web/copier.yml:12: 'nmae' is no question did you mean",
        ),
        ("web/copier.yml", "default: x", 'default: "{{ base }}"', "web/copier.yml:5: 'base' is asked only later"),
        ("web/copier.yml", '"{{ name }}"', '"{{ name "', "web/copier.yml:12: broken Jinja: unexpected end"),
        (
            "web/copier.yml",
            "| length",
            "| lenght",
            "web/copier.yml:15: Jinja has no filter 'lenght' did you mean 'length'?",
        ),
        (
            "web/copier.yml",
            "shared/questions",
            "shared/qestions",
            "web/copier.yml:19: there is no 'shared/qestions",
        ),
        (
            "web/copier.yml",
            "[alpine]",
            "[alpine, scratch]",
            "web/copier.yml:6: the bases that are asked and those",
        ),
        ("web/copier.yml", '"{{ name }}"', '"{{ name + 1 }}"', "web/copier.yml:10: label: "),
        ("shared/questions.yml", "  help: Who?", "  help: Who? :", "shared/questions.yml:3: "),
        ("shared/questions.yml", "help", "hepl", "shared/questions.yml:3: a question has no 'hepl'"),
        ("shared/part.jinja", "size", "sise", "shared/part.jinja:1: 'sise' is no question"),
        (TEXT, "{{ label }}", "\n{{ lable }}", f"{TEXT}:4: 'lable' is no question did you mean 'label'?"),
        (TEXT, "{{ label }}", "{{ label", f"{TEXT}:3: broken Jinja: unexpected"),
        (TEXT, "shared/part", "shared/prat", f"{TEXT}:2: there is no 'shared/prat.jinja' to include"),
        ("catalog.yml", "owner: us", "owner: [us]", "catalog.yml:3: owner: ['us'] is"),
        ("catalog.yml", "title", "titel", "catalog.yml:1: unknown key 'titel'"),
    ],
)
def test_a_mistake_is_told_with_file_and_line(
    catalog: Path, file: str, old: str, new: str, expected: str
) -> None:
    text = GOOD[file]
    assert old in text
    (catalog / file).write_text(text.replace(old, new, 1))
    assert [line[: len(expected)] for line in shown(catalog)][:1] == [expected]


@pytest.mark.parametrize(
    ("name", "expected"),
    [("{{ nmae }}.txt", "'nmae' is no question"), ("{{ name.txt", "broken Jinja"), ("{% if %}", "broken Jinja")],
)
def test_a_mistake_in_a_name_is_told(catalog: Path, name: str, expected: str) -> None:
    (catalog / "web" / "template" / name).write_text("")
    (found,) = shown(catalog)
    assert found.startswith(f"web/template/{name}:0: {expected}")


def test_a_missing_changelog_and_a_missing_copier_yml(catalog: Path) -> None:
    (catalog / "web" / "CHANGELOG.md").unlink()
    (catalog / "web" / "copier.yml").unlink()
    assert [line.partition(": ")[0] for line in shown(catalog)] == ["web/CHANGELOG.md:0", "web/copier.yml:0"]


def test_what_would_run_code_is_not_loaded(catalog: Path) -> None:
    text = GOOD["web/copier.yml"]
    (catalog / "web" / "copier.yml").write_text(f"_jinja_extensions: [os.path]\n{text}")
    with pytest.raises(UntrustedError):
        lint(catalog / "web", trusted=False)
