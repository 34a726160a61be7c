"""What the program knows of each language holds for the projects that the blueprints make."""

from __future__ import annotations

from pathlib import Path

from scaffold.catalog.builtin import find_blueprint
from scaffold.languages import LANGUAGES, recognise
from tests.blueprints.template import Template


def test_a_project_is_recognised_as_its_language_and_no_other(template: Template) -> None:
    project = template.render()
    language = find_blueprint(template.name).language
    assert [one.id for one in LANGUAGES.values() if one.recognise(project)] == [language]
    assert recognise(project) is LANGUAGES[language]


def test_the_entry_point_is_found_and_its_dependencies_have_a_step(template: Template) -> None:
    project = template.render()
    language = LANGUAGES[find_blueprint(template.name).language]
    source = language.source_to_change(project)
    assert source is not None
    assert source.is_relative_to(project)
    dockerfile = (project / "Dockerfile").read_text()
    assert any(command in dockerfile for command in language.dependency_commands)
    assert any(variable in dockerfile for variable in language.network_variables)


def test_an_empty_folder_is_no_language(tmp_path: Path) -> None:
    assert recognise(tmp_path) is None
    assert all(language.source_to_change(tmp_path) is None for language in LANGUAGES.values())
