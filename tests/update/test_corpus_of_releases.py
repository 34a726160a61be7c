"""Random histories through the command itself, with real releases: foretold, git's merge, taken back."""

from __future__ import annotations

import itertools
import shutil
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings

from tests.conftest import run_scaffold
from tests.project.repositories import Sandbox, write_tree
from tests.update.conftest import QUESTIONS, Catalog, Project
from tests.update.histories import FILE, LINK, PROGRAM, File, Files, History, histories
from tests.update.oracle import git, merge_with_git, read_outcome

EXAMPLES = 10


def publish(web: Catalog, version: str, tree: Files) -> None:
    shutil.rmtree(web.origin.folder / "web")
    template = {name: file.content for name, file in tree.items()}
    web.release(
        version, {"keep.txt.jinja": "{{ project_name }}\n", **template}, QUESTIONS + "_preserve_symlinks: true\n"
    )


def make(web: Catalog, version: str, folder: Path) -> Project:
    ran = run_scaffold("new", folder, "--catalog", f"{web.url}@{version}", "--blueprint", "web", "--defaults")
    assert ran.code == 0, ran.stderr
    return Project(folder, folder)


def edit(project: Project, history: History) -> None:
    """Do to a project what the user did in the history."""
    write_tree(project.folder, dict.fromkeys(history.old.keys() - history.mine.keys()))
    write_tree(project.folder, {name: file.content for name, file in history.mine.items()})
    project.git("add", "--all", "--force")
    project.git("commit", "--quiet", "--allow-empty", "--message", "work")
    # Git knows no empty folders; they are no part of the history.
    project.git("clean", "-d", "--force", "--quiet")


def tree_of(project: Project, revision: str) -> Files:
    """Read a tree from the repository of a project."""
    found = {}
    for line in git(project.top, "ls-tree", "-r", "-z", revision).split("\0")[:-1]:
        mode, _, rest = line.split(" ", 2)
        name, _, path = rest.partition("\t")
        found[path] = File(
            git(project.top, "cat-file", "blob", name).encode("utf-8", "surrogateescape"), int(mode, 8)
        )
    assert {file.mode for file in found.values()} <= {FILE, PROGRAM, LINK}
    return found


def check(history: History, web: Catalog, folder: Path, number: int) -> set[str]:
    publish(web, f"{number}.0.0", history.old)
    project = make(web, f"{number}.0.0", folder / "shop")
    edit(project, history)
    publish(web, f"{number}.1.0", history.new)
    untouched = project.state()
    foretold = project_update(project, "--preview")
    assert project.state() == untouched
    before = Sandbox(project.top).state()
    done = project_update(project)
    assert {name: done[name] for name in ("changes", "conflicts")} == {
        name: foretold[name] for name in ("changes", "conflicts")
    }
    assert diff_of_files(project) == foretold["diff"]
    # The next release as a new project has it: nothing of the update takes part in that.
    fresh = make(web, f"{number}.1.0", folder / "fresh" / "shop")
    trees = History(tree_of(project, "HEAD~1"), tree_of(project, "HEAD"), tree_of(fresh, "HEAD"))
    expected = merge_with_git(folder / "oracle", trees, ({}, {}), f"web {number}.1.0")
    assert read_outcome(project.top).differences(expected) == []
    assert project.run("update", "--abort").code == 0
    assert Sandbox(project.top).state() == before
    return {conflict["kind"] for conflict in done["conflicts"]} or {"none"}


def project_update(project: Project, *words: str) -> Mapping[str, Any]:
    ran = project.run("update", "--defaults", "--json", *words)
    assert ran.code in (0, 1), (ran.stdout, ran.stderr)
    result = ran.document["result"]
    assert ran.code == bool(result["conflicts"])
    assert isinstance(result, dict)
    return result


def diff_of_files(project: Project) -> str:
    """Tell how the files that lie there now differ from HEAD, by way of an index aside."""
    index = project.top.parent / "index"
    environment = {"GIT_INDEX_FILE": str(index)}
    git(project.top, "read-tree", "HEAD", env=environment)
    git(project.top, "add", "--all", "--force", env=environment)
    words = ("-c", "core.quotePath=false", "diff", "--cached", "--find-renames", "--abbrev=10", "HEAD")
    diff = git(project.top, *words, env=environment)
    index.unlink()
    return diff.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def test_random_histories_with_real_releases(web: Catalog, user: Path) -> None:
    seen: Counter[str] = Counter()
    numbers = itertools.count(2)

    @settings(
        max_examples=EXAMPLES,
        # An example takes seconds; a smaller one that fails is for tests/update/test_corpus.py to find.
        phases=[Phase.generate],
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(histories())
    def hold(history: History) -> None:
        number = next(numbers)
        plain = replace(history, prefix="", outside={}, settings={}, untracked={}, dirty="")
        seen.update(check(plain, web, user / str(number), number))
        seen["examples"] += 1

    hold()
    print(dict(seen))
    assert seen["examples"] >= EXAMPLES
    assert seen["none"]
    assert len(seen) > 3
