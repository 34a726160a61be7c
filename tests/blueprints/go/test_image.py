"""The Dockerfile and the service, judged by real engines and by the checkers of others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from scaffold.engines.command_line import CommandLineEngine
from scaffold.engines.docker import Docker
from scaffold.engines.model import BuildRequest
from scaffold.engines.podman import Podman
from tests.blueprints.go.conftest import GO_IMAGE
from tests.blueprints.images import REPOSITORY, build, change, refused, remove_images, saved, uncached
from tests.blueprints.template import DESCRIPTION, Template
from tests.lab.engine import ensure_podman
from tests.lab.later_docker import ensure_later_docker
from tests.lab.progress import Progress
from tests.lab.supply import supply

BASES = ("alpine", "distroless", "scratch")
IMAGES = (GO_IMAGE, "alpine:3.23", "gcr.io/distroless/static-debian13:nonroot")
API = "internal/api/api.go"
MODULE = "golang.org/x/text v0.30.0"


@pytest.fixture(scope="session")
def podman() -> Iterator[CommandLineEngine]:
    """Podman and buildah of Debian 12, with the base images that the Dockerfile names."""
    yield from supplied(ensure_podman(Progress()))


@pytest.fixture(scope="session")
def later_docker() -> Iterator[CommandLineEngine]:
    """Docker 26 with buildx."""
    yield from supplied(ensure_later_docker(Progress()))


def supplied(found: Docker | Podman) -> Iterator[CommandLineEngine]:
    """Give an engine the base images, and take our own away from it in the end."""
    supply(IMAGES, found, Progress())
    yield found
    remove_images(found)


@pytest.fixture(params=["engine", "later_docker", "podman"])
def builder(request: pytest.FixtureRequest) -> CommandLineEngine:
    """Each engine in turn, the machine's own first."""
    found = request.getfixturevalue(request.param)
    assert isinstance(found, CommandLineEngine)
    return found


@pytest.mark.parametrize("base", BASES)
def test_image_is_the_base_and_one_small_layer(
    engine: CommandLineEngine, template: Template, base: str, tmp_path: Path
) -> None:
    image = saved(engine, build(engine, template.copy(tmp_path, base=base)).tag, tmp_path)
    added = image.layers[-1]
    assert len(image.layers) == (1 if base == "scratch" else 2)
    assert added.size <= 8_000_000
    assert added.compressed_size <= 3_400_000
    files = {entry.path: entry for entry in added.entries if entry.kind == "file"}
    beside = sum(entry.size for path, entry in files.items() if path != "/app")
    assert beside <= 700_000
    assert (
        set(files)
        == {
            "alpine": {"/app", "/etc/passwd", "/etc/group"},
            "distroless": {"/app"},
            "scratch": {"/app", "/etc/passwd", "/etc/group", "/etc/ssl/certs/ca-certificates.crt"},
        }[base]
    )
    assert {entry.uid for entry in added.entries} == {0}
    writable = {entry.path for entry in added.entries if entry.mode & 0o022}
    assert writable == ({"/tmp"} if base == "scratch" else set())


@pytest.mark.parametrize("base", BASES)
def test_image_says_what_it_is(engine: CommandLineEngine, template: Template, base: str, tmp_path: Path) -> None:
    config = saved(engine, build(engine, template.copy(tmp_path, base=base)).tag, tmp_path).config
    assert (config.user, config.entrypoint, config.command) == ("65532:65532", ("/app",), ())
    assert (config.healthcheck, config.stop_signal) == (("CMD", "/app", "healthcheck"), "SIGTERM")
    assert config.exposed_ports == ("8080/tcp",)
    prefix = "org.opencontainers.image."
    assert {
        key.removeprefix(prefix): value for key, value in config.labels.items() if key.startswith(prefix)
    } == {
        "title": "hello",
        "description": DESCRIPTION,
        "authors": "The hello authors",
        "source": "https://example.com/hello",
        "version": "1.2.3",
        "revision": "abcdef",
    }


@pytest.mark.parametrize("base", BASES)
def test_a_user_of_that_number_has_a_name(
    engine: CommandLineEngine, template: Template, base: str, tmp_path: Path
) -> None:
    """So that os/user, ssh and the like find one; the base's own entries stay."""
    image = saved(engine, build(engine, template.copy(tmp_path, base=base)).tag, tmp_path)
    text = image.open("/etc/passwd").read().decode()
    names = {line.split(":")[2]: line.split(":")[0] for line in text.splitlines()}
    assert names["65532"] == "nonroot"
    assert base == "scratch" or names["0"] == "root"


@pytest.mark.parametrize("base", BASES)
def test_a_comment_changes_no_byte_and_a_statement_does(
    builder: CommandLineEngine, template: Template, tmp_path: Path, base: str
) -> None:
    """The second half is what bind mounts break in buildah before 1.39: an old image for new sources.

    So BuildKit of docker 20.10, a later one, and buildah 1.28 all build the file, on every base.
    """
    project = template.copy(tmp_path, base=base)
    before = builder.layers(build(builder, project).tag)
    change(project, API, "// Info is what", f"// Info {uuid4()} is what")
    assert builder.layers(build(builder, project).tag) == before
    change(project, API, '`json:"service"`', f'`json:"{uuid4()}"`')
    after = builder.layers(build(builder, project).tag)
    assert after[:-1] == before[:-1]
    assert after[-1] != before[-1]


@pytest.mark.parametrize("base", BASES)
def test_the_same_sources_give_the_same_layer_without_a_cache(
    engine: CommandLineEngine, template: Template, tmp_path: Path, base: str
) -> None:
    """Then a registry has it already, whichever machine builds it."""
    project = template.copy(tmp_path, base=base)
    first = engine.layers(build(engine, project).tag)
    uncached(project)
    second = build(engine, project)
    assert not any(step.cached for step in second.steps if "RUN" in step.name)
    assert engine.layers(second.tag) == first


@pytest.mark.parametrize("name", ["engine", "later_docker"])
def test_compiles_for_another_platform(
    name: str, request: pytest.FixtureRequest, project: Path, tmp_path: Path
) -> None:
    """Not with podman 4.3, whose BUILDPLATFORM is the target's: it would want the toolchain of that."""
    builder = request.getfixturevalue(name)
    tag = f"{REPOSITORY}:{uuid4()}"
    command = builder.build_command(BuildRequest(project, tag))
    builder.call(*command, "--platform", "linux/arm64", "--tag", tag, str(project), timeout=600)
    assert saved(builder, tag, tmp_path).config.architecture == "arm64"


def test_dependencies_stay_in_their_layer(engine: CommandLineEngine, project: Path) -> None:
    """With a real module: fetched once, in the layer for CI, and not again after a change of the sources."""
    change(project, "go.mod", "go 1.27\n", f"go 1.27\n\nrequire {MODULE}\n")
    change(project, API, "package api\n", 'package api\n\nimport _ "golang.org/x/text/language"\n')
    (project / "go.sum").write_text(
        "golang.org/x/text v0.30.0 h1:yznKA/E9zq54KzlzBEAWn1NXSQ8DIp/NYMy88xJjl4k=\n"
        "golang.org/x/text v0.30.0/go.mod h1:yDdHFIX9t+tORqspjENWgzaCVXgk0yYnYuSZ8UzzBVM=\n"
    )
    build(engine, project)
    listed = engine.call(
        "run", "--rm", build(engine, project, target="source").tag, "ls", "/go/pkg/mod/golang.org/x"
    )
    assert listed.stdout.split() == ["text@v0.30.0"]

    change(project, API, "// Info is what", f"// Info {uuid4()} is what")
    steps = {step.name: step.cached for step in build(engine, project).steps}
    (download,) = (cached for name, cached in steps.items() if "go mod download" in name)
    (compile_,) = (cached for name, cached in steps.items() if "go build" in name)
    assert (download, compile_) == (True, False)


def test_the_certificate_bundle_of_a_company_stays_outside(
    engine: CommandLineEngine, project: Path, tmp_path: Path
) -> None:
    """It is mounted where the image's own certificates are taken from."""
    bundle = tmp_path / "company.pem"
    bundle.write_text("-----BEGIN CERTIFICATE-----\nthe company's own\n-----END CERTIFICATE-----\n")
    uncached(project)
    tag = f"{REPOSITORY}:{uuid4()}"
    engine.build(BuildRequest(project, tag, secrets={"ca-bundle": bundle}), lambda _: None)
    (layer,) = saved(engine, tag, tmp_path).layers
    contents = [stream.read() for _, stream in layer.contents()]
    assert contents
    assert not any(b"the company's own" in content for content in contents)


def test_the_project_passes_its_own_tests(engine: CommandLineEngine, project: Path) -> None:
    build(engine, project, target="test")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("package api\n", "package  api\n", "package  api"),
        ("func respond(", 'func broken() { fmt.Printf("%d", "x") }\n\nfunc respond(', "undefined: fmt"),
        ("http.StatusOK, info", "http.StatusAccepted, info", "FAIL"),
    ],
    ids=["not formatted", "refused by vet", "wrong"],
)
def test_its_tests_can_fail(engine: CommandLineEngine, project: Path, old: str, new: str, said: str) -> None:
    change(project, API, old, new)
    refused(engine, project, said, target="test")
