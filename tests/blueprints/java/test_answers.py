"""The answers that only the Java blueprint asks for."""

from __future__ import annotations

import pytest
import yaml

from tests.blueprints.template import Template
from tests.blueprints.test_answers import accepts

JDK = {"Api", "Log", "Main", "Responses", "Server"}
SPRING_BOOT = {"Api", "Application", "Drain", "ReadOnlyServer", "RequestLog", "ServiceProperties"}
BOTH = {"Config", "Healthcheck", "Json", "Level", "Service"}


@pytest.mark.parametrize(("framework", "own"), [("jdk", JDK), ("spring-boot", SPRING_BOOT)])
def test_a_framework_has_its_classes_and_no_other(template: Template, framework: str, own: set[str]) -> None:
    project = template.render(framework=framework)
    assert {path.stem for path in (project / "src/main/java/service").iterdir()} == own | BOTH
    assert ("spring" in (project / "pom.xml").read_text()) == (framework == "spring-boot")
    assert ("spring" in (project / ".mvn/Rehearsal.java").read_text()) == (framework == "spring-boot")
    assert (project / "src/main/resources").exists() == (framework == "spring-boot")


def test_another_framework_is_refused(template: Template) -> None:
    assert not accepts(template.questions, "framework", "quarkus")


@pytest.mark.parametrize("name", ["null", "no", "v0", "hello-world"])
def test_spring_reads_the_name_as_given(template: Template, name: str) -> None:
    project = template.render(framework="spring-boot", project_name=name)
    text = (project / "src/main/resources/application.yaml").read_text()
    assert yaml.safe_load(text)["spring"]["application"]["name"] == name
