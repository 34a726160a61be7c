"""The answers that only the Go blueprint asks for, and all of them as Go reads them."""

from __future__ import annotations

import json
import string
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.blueprints.go.conftest import GoToolchain
from tests.blueprints.template import Template
from tests.blueprints.test_answers import NASTY, accepts, lines, names, slow


@slow
@given(name=names, description=lines(200))
@example(name="a" * 63, description=NASTY[0])
@example(name="con", description=NASTY[3])
@example(name="null", description=NASTY[7])
def test_go_reads_the_answers_as_given(
    template: Template, constants: Constants, name: str, description: str
) -> None:
    project = template.render(project_name=name, description=description)
    assert constants.of(project / "service.go") == {"name": name, "description": description}
    assert (project / "go.mod").read_text().split()[1].startswith(f"example.com/{name}")


elements = st.one_of(
    st.text(string.ascii_letters + string.digits + "._~-", min_size=1, max_size=10),
    st.sampled_from(
        [
            "v0",
            "v1",
            "v2",
            "v02",
            "v2.1",
            "v10",
            "con",
            "NUL.txt",
            "com1",
            "vendor",
            "internal",
            "testdata",
            "a.b",
            "cmd",
        ]
    ),
)
hosts = st.sampled_from(
    ["example.com", "github.com", "git.example.co.uk", "gopkg.in", "Example.com", "localhost"]
)
module_paths = st.tuples(hosts, st.lists(elements, min_size=1, max_size=3)).map(
    lambda parts: "/".join([parts[0], *parts[1]])
)


@settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck))
@given(paths=st.lists(module_paths, min_size=150, max_size=150, unique=True))
@example(
    paths=["example.com/a/v2", "example.com/internal", "example.com/a.b/testdata", "github.com/Org/Name_x-1"]
)
def test_go_takes_every_module_path_that_is_accepted(
    template: Template, go: GoToolchain, tmp_path_factory: pytest.TempPathFactory, paths: list[str]
) -> None:
    accepted = [path for path in paths if accepts(template.questions, "module_path", path)]
    assert accepted, "the strategy no longer finds a path that is accepted"
    folder = tmp_path_factory.mktemp("modules")
    for index, path in enumerate(accepted):
        write_module(folder / str(index), path)
    listed = go.run("sh", "-ec", 'for module in */; do (cd "$module" && go list ./...); done', cwd=folder)
    assert set(listed.stdout.split()) == {
        path for module in accepted for path in (module, f"{module}/internal/x")
    }


@pytest.mark.parametrize(
    "path",
    [
        *(
            "",
            "hello",
            "localhost/a",
            "example.com",
            "example.com/",
            "/a",
            "https://example.com/a",
            "Example.com/a",
        ),
        *(
            "example.com/a b",
            "example.com/-a",
            "example.com/a.",
            "example.com/.a",
            "example.com//a",
            "example.com/../a",
        ),
        *(
            "example.com/a/v1",
            "example.com/a/v2.1",
            "example.com/a/v02",
            "gopkg.in/yaml.v3",
            "example.com/vendor/a",
        ),
        *("example.com/CON", "example.com/a~1", 'example.com/"', "example.com/é", "example.com/a\n"),
        "example.com/" + "a" * 200,
    ],
)
def test_refused_module_paths(template: Template, path: str) -> None:
    assert not accepts(template.questions, "module_path", path)


def write_module(folder: Path, path: str) -> None:
    """Write a module that imports a package of its own."""
    (folder / "internal/x").mkdir(parents=True)
    (folder / "go.mod").write_text(f"module {path}\n\ngo 1.27\n")
    (folder / "main.go").write_text(f'package main\n\nimport _ "{path}/internal/x"\n\nfunc main() {{}}\n')
    (folder / "internal/x/x.go").write_text("package x\n")


class Constants:
    """Reads the string constants of a Go file with Go's own parser."""

    def __init__(self, go: GoToolchain) -> None:
        source = Path(__file__).parent / "constants"
        for name in ("go.mod", "main.go"):
            (go.folder / name).write_text((source / name).read_text())
        go.run("go", "build", "-o", "/tmp/constants", ".")
        self.go = go

    def of(self, path: Path) -> dict[str, str]:
        """Return the constants by name."""
        constants = json.loads(self.go.run("/tmp/constants", str(path)).stdout)
        assert isinstance(constants, dict)
        return constants


@pytest.fixture(scope="module")
def constants(go: GoToolchain) -> Constants:
    """The reader, compiled once."""
    return Constants(go)
