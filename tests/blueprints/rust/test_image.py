"""What is in the images of Rust projects, and what becomes of them after a change."""

from __future__ import annotations

from pathlib import Path

import pytest

from scaffold.engines.command_line import CommandLineEngine
from tests.blueprints.images import build, change, refused, saved, uncached

API = "src/api.rs"


def test_it_is_one_layer_with_one_program(engine: CommandLineEngine, project: Path, tmp_path: Path) -> None:
    (layer,) = saved(engine, build(engine, project).tag, tmp_path).layers
    files = {entry.path for entry in layer.entries if entry.kind == "file"}
    assert files == {"/app", "/etc/passwd", "/etc/group", "/etc/ssl/certs/ca-certificates.crt"}
    assert {entry.uid for entry in layer.entries} == {0}


def test_the_smallest_build_is_smaller(engine: CommandLineEngine, project: Path, tmp_path: Path) -> None:
    default = saved(engine, build(engine, project).tag, tmp_path).compressed_size
    smallest = saved(engine, build(engine, project, PROFILE="smallest").tag, tmp_path).compressed_size
    assert smallest < default - 150_000


def test_the_certificate_bundle_of_a_company_is_the_one_that_counts(
    engine: CommandLineEngine, project: Path, tmp_path: Path
) -> None:
    """With one that vouches for nobody, nothing can be fetched."""
    bundle = tmp_path / "company.pem"
    bundle.write_text("-----BEGIN CERTIFICATE-----\nnobody\n-----END CERTIFICATE-----\n")
    uncached(project)
    refused(engine, project, "cargo fetch", bundle=bundle)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (API, "use axum::routing::get;", "use  axum::routing::get;", "use  axum"),
        (API, "async fn root()", "fn unused() {}\n\nasync fn root()", "never used"),
        ("src/probes.rs", "StatusCode::SERVICE_UNAVAILABLE, ", "StatusCode::ACCEPTED, ", "FAILED"),
    ],
    ids=["not formatted", "refused by clippy", "wrong"],
)
def test_its_tests_can_fail(
    engine: CommandLineEngine, project: Path, file: str, old: str, new: str, said: str
) -> None:
    change(project, file, old, new)
    refused(engine, project, said, target="test")
