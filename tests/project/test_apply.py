"""The work tree changes once: what is in the way stops an update, and `take_back` undoes all of it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from scaffold.errors import InputError, NotOk, Transient
from scaffold.project.repository import open_repository
from scaffold.project.undo import finish, pending, take_back, unresolved
from tests.project.repositories import ANSWERS, Sandbox, Tree, make_sandbox, update, write_file

OLD: Tree = {"main.go": "a\nb\nc\n", "go.mod": "module a\n", "docs/README.md": "read\n"}
NEW: Tree = {
    "main.go": "a\nB\nc\n",
    "go.mod": "module a\n",
    "web/index.html": "<p>\n",
    "run": ("#!/bin/sh\n", 0o755),
}


@pytest.fixture
def sandbox(tmp_path: Path) -> Sandbox:
    return make_sandbox(tmp_path / "repository", OLD)


def edit(name: str, text: str) -> Callable[[Sandbox], None]:
    return lambda sandbox: write_file(sandbox.top / name, text)


def staged(name: str, text: str) -> Callable[[Sandbox], None]:
    def do(sandbox: Sandbox) -> None:
        write_file(sandbox.top / name, text)
        sandbox.git("add", name)

    return do


def ignored(sandbox: Sandbox) -> None:
    write_file(sandbox.top / ".git/info/exclude", "web/\n")
    write_file(sandbox.top / "web/index.html", "mine\n")


def linked(sandbox: Sandbox) -> None:
    (sandbox.top.parent / "outside").mkdir()
    write_file(sandbox.top / "web", Path("../outside"))


def assumed(sandbox: Sandbox) -> None:
    sandbox.git("update-index", "--assume-unchanged", "main.go")
    write_file(sandbox.top / "main.go", "mine\n")


def sparse(sandbox: Sandbox) -> None:
    sandbox.git("sparse-checkout", "set", "--no-cone", "/*", "!/docs/")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(edit("main.go", "mine\n"), "main.go has changes", id="edited"),
        pytest.param(staged("main.go", "mine\n"), "main.go has changes", id="staged"),
        pytest.param(lambda sandbox: (sandbox.top / "main.go").unlink(), "main.go has changes", id="removed"),
        pytest.param(edit(ANSWERS, "_commit: 0.1\n"), f"{ANSWERS} has changes", id="answers edited"),
        pytest.param(edit("web/index.html", "mine\n"), "web/index.html is not tracked", id="untracked"),
        pytest.param(edit("web", "a file\n"), "web/index.html is not tracked", id="untracked, for a folder"),
        pytest.param(edit("run/mine", "a file\n"), "run is not tracked", id="untracked, in a folder"),
        pytest.param(ignored, "web/index.html is not tracked", id="ignored"),
        pytest.param(linked, "web/index.html is not tracked", id="a link that leads out"),
        pytest.param(assumed, "main.go is hidden from git", id="assumed to be unchanged"),
        pytest.param(sparse, "docs/README.md is hidden from git", id="sparse checkout"),
        pytest.param(
            lambda sandbox: write_file(sandbox.top / ".git/MERGE_HEAD", "x"), "a merge is in", id="merging"
        ),
    ],
)
def test_what_is_in_the_way_stops_it(sandbox: Sandbox, make: Callable[[Sandbox], None], message: str) -> None:
    make(sandbox)
    before = sandbox.state()
    with pytest.raises(InputError, match=re.escape(message)) as error:
        update(sandbox, OLD, NEW)
    assert "\n" not in error.value.message
    assert error.value.hint
    assert sandbox.state() == before
    assert list((sandbox.top / ".git/scaffold").glob("*")) == []


def test_what_is_not_in_the_way_stays(sandbox: Sandbox) -> None:
    edit("go.mod", "mine\n")(sandbox)
    staged("mine", "mine\n")(sandbox)
    (sandbox.top / "web").mkdir()
    (sandbox.top / "run").mkdir()
    update(sandbox, OLD, NEW)
    assert (sandbox.top / "go.mod").read_text() == "mine\n"
    assert sandbox.git("status", "--porcelain") == (
        f"M  {ANSWERS}\nD  docs/README.md\n M go.mod\nM  main.go\nA  mine\nA  run\nA  web/index.html\n"
    )
    assert (sandbox.top / "run").stat().st_mode & 0o111


def test_a_locked_index_stops_it(sandbox: Sandbox) -> None:
    before = sandbox.state()
    lock = sandbox.top / ".git/index.lock"
    lock.touch()
    with pytest.raises(Transient, match=re.escape("index.lock exists")):
        update(sandbox, OLD, NEW)
    assert lock.exists()
    assert sandbox.state() == before


def test_with_a_commit_only_the_update_is_in_it(sandbox: Sandbox) -> None:
    staged("mine", "mine\n")(sandbox)
    update(sandbox, OLD, NEW, commit=True)
    assert sandbox.git("show", "--name-status", "--format=%s") == (
        f"Update to go 1.1.0\n\nM\t{ANSWERS}\nD\tdocs/README.md\nM\tmain.go\nA\trun\nA\tweb/index.html\n"
    )
    assert sandbox.git("status", "--porcelain") == "A  mine\n"
    assert "Update to go 1.1.0" in sandbox.git("reflog", "-1")


def conflicting(sandbox: Sandbox) -> None:
    sandbox.commit({"main.go": "a\nmine\nc\n"})


@pytest.mark.parametrize("conflicts", [False, True])
def test_taken_back_all_is_as_before(sandbox: Sandbox, *, conflicts: bool) -> None:
    if conflicts:
        conflicting(sandbox)
    staged("mine", "mine\n")(sandbox)
    edit("go.mod", "mine\n")(sandbox)
    before = sandbox.state()
    _, journal = update(sandbox, OLD, NEW)
    assert sandbox.state() != before
    take_back(open_repository(sandbox.project), journal)
    assert sandbox.state() == before
    assert list((sandbox.top / ".git/scaffold").glob("*")) == []


def test_taken_back_after_edits_all_is_as_before(sandbox: Sandbox) -> None:
    conflicting(sandbox)
    before = sandbox.state()
    _, journal = update(sandbox, OLD, NEW)
    edit("main.go", "half\nresolved\n")(sandbox)
    edit("web/index.html", "edited\n")(sandbox)
    edit("docs/README.md", "back again\n")(sandbox)
    sandbox.git("add", "--all")
    take_back(open_repository(sandbox.project), journal)
    assert sandbox.state() == before


def test_an_update_is_pending_until_it_is_committed(sandbox: Sandbox) -> None:
    repository = open_repository(sandbox.project)
    update(sandbox, OLD, NEW)
    assert pending(repository, ANSWERS) is not None
    sandbox.commit()
    assert pending(repository, ANSWERS) is None


def test_an_update_is_over_when_the_user_has_taken_it_back(sandbox: Sandbox) -> None:
    update(sandbox, OLD, NEW)
    sandbox.git("reset", "--hard", "--quiet")
    assert pending(open_repository(sandbox.project), ANSWERS) is None
    assert list((sandbox.top / ".git/scaffold").glob("*")) == []


def test_conflicts_are_left_until_they_are_staged_without_markers(sandbox: Sandbox) -> None:
    repository = open_repository(sandbox.project)
    conflicting(sandbox)
    _, journal = update(sandbox, OLD, NEW)
    assert unresolved(repository, journal) == ["main.go"]
    with pytest.raises(NotOk, match=r"still in conflict: main\.go"):
        finish(repository, journal)
    sandbox.git("add", "main.go")
    assert unresolved(repository, journal) == ["main.go"]
    staged("main.go", "a\nmine and B\nc\n")(sandbox)
    finish(repository, journal)
    assert pending(repository, ANSWERS) is None
    assert "main.go" in sandbox.git("diff", "--cached", "--name-only")


def test_a_change_too_soon_after_the_commit_for_times_to_show_is_not_hidden(sandbox: Sandbox) -> None:
    sandbox.git("config", "core.trustCtime", "false")
    at_once = (1_700_000_000, 1_700_000_000)
    os.utime(sandbox.top / "go.mod", at_once)
    sandbox.git("update-index", "--refresh")
    (sandbox.top / "go.mod").write_text("module b\n")
    for path in ("go.mod", ".git/index"):
        os.utime(sandbox.top / path, at_once)
    # A look that may write would leave a mark in the index.
    assert sandbox.git("--no-optional-locks", "status", "--porcelain") == " M go.mod\n"
    update(sandbox, OLD, NEW)
    assert " M go.mod\n" in sandbox.git("status", "--porcelain")
