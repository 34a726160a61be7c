"""The answers that only the Python blueprint asks for, and all of them as Python reads them."""

from __future__ import annotations

import ast
import shutil
import sys
from pathlib import Path

import pytest
from hypothesis import example, given

from scaffold.run import run
from tests.blueprints.template import Template
from tests.blueprints.test_answers import NASTY, accepts, lines, names, slow

ABOUT = Path("src/service/about.py")


@slow
@given(name=names, description=lines(200))
@example(name="a" * 63, description=NASTY[0])
@example(name="fastapi", description=NASTY[3])
@example(name="null", description=NASTY[7])
def test_python_reads_the_answers_as_given(template: Template, name: str, description: str) -> None:
    found = constants(template.render(project_name=name, description=description) / ABOUT)
    assert found == {"NAME": name, "DESCRIPTION": description, "DEFAULT_PORT": 8080}


def test_whatever_is_answered_ruff_has_nothing_to_say(template: Template, tmp_path: Path) -> None:
    """All at once, in a project whose settings are those of the blueprint."""
    project = Path(shutil.copytree(template.render(), tmp_path / "project"))
    for index, description in enumerate([*NASTY, 'it\'s "both"', "it's", "x" * 200]):
        about = template.render(description=description) / ABOUT
        (project / f"src/service/about{index}.py").write_text(about.read_text())
    settings = project / "pyproject.toml"
    settings.write_text(settings.read_text().replace("about.py", "about*.py"))
    for command in (["format", "--check"], ["check"]):
        said = run([sys.executable, "-m", "ruff", *command, "--no-cache", str(project)], check=False)
        assert said.code == 0, said.output


@pytest.mark.parametrize(
    "address",
    ["https://github.com/you/hello", "https://git.example.co.uk/a/b/c.d_e~f", "https://example.com/x"],
)
def test_accepted_repositories(template: Template, address: str) -> None:
    assert accepts(template.questions, "repository", address)
    assert f'image.source="{address}"' in (template.render(repository=address) / "Dockerfile").read_text()


@pytest.mark.parametrize(
    "address",
    [
        *("", "example.com/a", "http://example.com/a", "https://example.com", "https://example.com/"),
        *("https://localhost/a", "https://user:word@example.com/a", "https://example.com/a b"),
        *('https://example.com/"', "https://example.com/$a", "https://example.com/a\n", "https://exämple.com/a"),
        "https://example.com/" + "a" * 200,
    ],
)
def test_refused_repositories(template: Template, address: str) -> None:
    assert not accepts(template.questions, "repository", address)


def constants(path: Path) -> dict[str, object]:
    """Return the constants of a module that are plain values, by Python's own parser."""
    found: dict[str, object] = {}
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Constant):
            found[ast.unparse(node.target)] = node.value.value
    return found
