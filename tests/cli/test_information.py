"""`list`, `show` and `doctor`."""

from __future__ import annotations

from pathlib import Path

import pytest

from scaffold.bases import BASES
from scaffold.errors import ExitCode
from tests.conftest import Scaffold


def test_list(scaffold: Scaffold) -> None:
    assert "go" in scaffold("list").stdout
    blueprints = {each["name"]: each for each in scaffold("list", "--json").document["result"]}
    blueprint = blueprints["go"]
    assert {offer["id"] for offer in blueprint["bases"]} == set(BASES)


def test_show_has_bases_with_reasons_and_questions_with_defaults(scaffold: Scaffold) -> None:
    text = scaffold("show", "go").stdout
    assert "not offered: debian-slim: a static Go binary" in text
    assert "8080" in text
    shown = scaffold("show", "go", "--json").document["result"]
    questions = {question["name"]: question for question in shown["questions"]}
    assert questions["base"]["choices"] == ["distroless", "alpine", "scratch"]
    assert questions["port"]["default"] == 8080
    assert all(question["help"] for question in questions.values())


@pytest.mark.engine
def test_doctor_tells_what_each_engine_can_do(scaffold: Scaffold, tmp_path: Path) -> None:
    ran = scaffold("doctor", "--json", env={"HTTPS_PROXY": "http://user:secret@proxy.example:3128"})
    assert ran.code == 0
    machine = ran.document["result"]
    assert any(engine["capabilities"] and engine["capabilities"]["builder"] for engine in machine["engines"])
    assert machine["git"]
    assert machine["cache"].startswith(str(tmp_path))
    assert machine["proxies"] == {"HTTPS_PROXY": "http://***@proxy.example:3128"}
    assert "✓ git" in scaffold("doctor").stdout


def test_doctor_without_anything_says_what_to_install(scaffold: Scaffold, tmp_path: Path) -> None:
    ran = scaffold("doctor", env={"PATH": str(tmp_path)})
    assert ran.code == ExitCode.UNAVAILABLE
    assert "docker is not installed" in ran.stdout
    assert "install podman 4.3 or later" in ran.stdout
    assert "projects get no repository" in ran.stdout


def test_a_certificate_bundle_that_is_not_there_is_told(scaffold: Scaffold) -> None:
    ran = scaffold("doctor", env={"SCAFFOLD_CA_BUNDLE": "/gone.pem"})
    assert ran.code == ExitCode.USAGE
    assert "SCAFFOLD_CA_BUNDLE names /gone.pem, which is not a file" in ran.stderr
