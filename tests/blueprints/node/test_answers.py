"""The answers that only the Node blueprint asks for, and all of them as TypeScript reads them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import example, given

from tests.blueprints.template import Template
from tests.blueprints.test_answers import NASTY, accepts, lines, names, slow

ABOUT = Path("src/about.ts")


@slow
@given(name=names, description=lines(200))
@example(name="a" * 63, description=NASTY[0])
@example(name="fastify", description=NASTY[3])
@example(name="null", description=NASTY[7])
def test_typescript_reads_the_answers_as_given(template: Template, name: str, description: str) -> None:
    """Every string of JSON is one of ECMAScript since 2019."""
    text = (template.render(project_name=name, description=description) / ABOUT).read_text()
    found = {
        key: json.loads(value)
        for key, value in re.findall(r'^export const (\w+) = (".*"|\d+);$', text, re.MULTILINE)
    }
    assert found == {"NAME": name, "DESCRIPTION": description, "DEFAULT_PORT": 8080}


def test_it_is_one_bundle_unless_packages_have_to_stay_apart(template: Template) -> None:
    assert not accepts(template.questions, "bundle", "webpack")
    bundled, apart = (
        (template.render(bundle=value) / "Dockerfile").read_text() for value in ("esbuild", "node_modules")
    )
    assert template.render(bundle="esbuild") != template.render(bundle="node_modules")
    assert bundled == (template.render() / "Dockerfile").read_text()
    for word in ("--omit=dev", "--packages=external", "COPY --from=packages"):
        assert word in apart
        assert word not in bundled


@pytest.mark.parametrize("address", ["https://github.com/you/hello", "https://git.example.co.uk/a/b/c.d_e~f"])
def test_the_repository_is_in_the_image(template: Template, address: str) -> None:
    assert f'image.source="{address}"' in (template.render(repository=address) / "Dockerfile").read_text()
