"""What a merge of an update comes to, for each way in which a project and its blueprint can differ."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from scaffold.project.merge import Merge
from tests.project.repositories import ANSWERS, Sandbox, Tree, files, make_sandbox, predict, update

LINES = "".join(f"line {number}\n" for number in range(20))
OLD: Tree = {"main.go": LINES, "internal/api.go": LINES.replace("line", "api"), "go.mod": "module a\n"}


def changed(text: str, number: int, to: str) -> str:
    return text.replace(f"line {number}\n", f"{to}\n").replace(f"api {number}\n", f"{to}\n")


@pytest.fixture
def sandbox(tmp_path: Path) -> Sandbox:
    return make_sandbox(tmp_path / "repository", OLD)


def kinds(merged: Merge) -> dict[str, str]:
    return {conflict.path: conflict.kind for conflict in merged.conflicts}


def statuses(merged: Merge) -> dict[str, str]:
    return {change.path: change.status for change in merged.changes if change.path != ANSWERS}


def test_both_sides_are_there(sandbox: Sandbox) -> None:
    sandbox.commit({"main.go": changed(LINES, 3, "mine")})
    merged, _ = update(sandbox, OLD, {**OLD, "main.go": changed(LINES, 15, "theirs"), "new.go": "new\n"})
    assert kinds(merged) == {}
    assert statuses(merged) == {"main.go": "modified", "new.go": "added"}
    assert (sandbox.top / "main.go").read_text() == changed(changed(LINES, 3, "mine"), 15, "theirs")
    assert sandbox.git("diff", "--name-only") == ""
    assert sandbox.git("status", "--porcelain") == f"M  {ANSWERS}\nM  main.go\nA  new.go\n"


def test_conflict(sandbox: Sandbox) -> None:
    sandbox.commit({"main.go": changed(LINES, 3, "mine")})
    merged, _ = update(sandbox, OLD, {**OLD, "main.go": changed(LINES, 3, "theirs")})
    assert kinds(merged) == {"main.go": "content"}
    text = (sandbox.top / "main.go").read_text()
    assert "<<<<<<< yours\nmine\n=======\ntheirs\n>>>>>>> go 1.1.0\n" in text
    assert [line.split()[2] for line in sandbox.git("ls-files", "-u").splitlines()] == ["1", "2", "3"]
    sandbox.git("checkout", "--conflict=diff3", "main.go")
    assert "||||||| base\nline 3\n" in (sandbox.top / "main.go").read_text()


def test_conflict_in_the_diff3_style_names_all_three(sandbox: Sandbox) -> None:
    sandbox.git("config", "merge.conflictStyle", "diff3")
    sandbox.commit({"main.go": changed(LINES, 3, "mine")})
    update(sandbox, OLD, {**OLD, "main.go": changed(LINES, 3, "theirs")})
    assert "||||||| go 1.0.0\nline 3\n" in (sandbox.top / "main.go").read_text()


def test_git_mergetool_resolves_a_conflict(sandbox: Sandbox) -> None:
    sandbox.commit({"main.go": changed(LINES, 3, "mine")})
    update(sandbox, OLD, {**OLD, "main.go": changed(LINES, 3, "theirs")})
    tool = (
        'grep -q mine "$LOCAL" && grep -q theirs "$REMOTE" && grep -q "line 3" "$BASE" && cp "$REMOTE" "$MERGED"'
    )
    settings = (
        "mergetool.copier.cmd=" + tool,
        "mergetool.copier.trustExitCode=true",
        "mergetool.keepBackup=false",
    )
    words = [word for setting in settings for word in ("-c", setting)]
    sandbox.git(*words, "mergetool", "--no-prompt", "--tool=copier")
    assert sandbox.git("ls-files", "-u") == ""
    assert (sandbox.top / "main.go").read_text() == changed(LINES, 3, "theirs")


@pytest.mark.parametrize(
    ("mine", "new", "expected", "conflicts"),
    [
        pytest.param(
            {"internal/api.go": None, "internal/routes.go": OLD["internal/api.go"]},
            {**OLD, "internal/api.go": changed(str(OLD["internal/api.go"]), 7, "theirs")},
            {"internal/routes.go": changed(str(OLD["internal/api.go"]), 7, "theirs"), "internal/api.go": None},
            {},
            id="renamed by the user",
        ),
        pytest.param(
            {"internal/api.go": changed(str(OLD["internal/api.go"]), 7, "mine")},
            {"main.go": LINES, "go.mod": "module a\n", "web/api.go": OLD["internal/api.go"]},
            {"web/api.go": changed(str(OLD["internal/api.go"]), 7, "mine"), "internal/api.go": None},
            {},
            id="renamed by the blueprint",
        ),
        pytest.param(
            {"internal/api.go": None, "a.go": OLD["internal/api.go"]},
            {"main.go": LINES, "go.mod": "module a\n", "b.go": OLD["internal/api.go"]},
            {"a.go": OLD["internal/api.go"], "b.go": OLD["internal/api.go"]},
            {"internal/api.go": "rename/rename", "a.go": "rename/rename", "b.go": "rename/rename"},
            id="renamed by both, apart",
        ),
        pytest.param({"go.mod": None}, OLD, {"go.mod": None}, {}, id="deleted by the user"),
        pytest.param(
            {"go.mod": None},
            {**OLD, "go.mod": "module b\n"},
            {"go.mod": "module b\n"},
            {"go.mod": "modify/delete"},
            id="deleted by the user, changed by the release",
        ),
        pytest.param(
            {},
            {"main.go": LINES, "go.mod": "module a\n"},
            {"internal/api.go": None, "internal": None},
            {},
            id="deleted by the release",
        ),
        pytest.param(
            {"go.mod": "module mine\n"},
            {name: text for name, text in OLD.items() if name != "go.mod"},
            {"go.mod": "module mine\n"},
            {"go.mod": "modify/delete"},
            id="deleted by the release, changed by the user",
        ),
        pytest.param(
            {"new": "same\n"}, {**OLD, "new": "same\n"}, {"new": "same\n"}, {}, id="added by both, the same"
        ),
        pytest.param(
            {"new": "mine\n"},
            {**OLD, "new": "theirs\n"},
            {"new": "<<<<<<< yours\nmine\n=======\ntheirs\n>>>>>>> go 1.1.0\n"},
            {"new": "add/add"},
            id="added by both, not the same",
        ),
        pytest.param(
            {"main.go": changed(LINES, 3, "mine")},
            {**OLD, "main.go": (LINES, 0o755)},
            {"main.go": (changed(LINES, 3, "mine"), 0o755)},
            {},
            id="made to run by the release",
        ),
        pytest.param(
            {"main.go": (LINES, 0o755)},
            {**OLD, "main.go": changed(LINES, 3, "theirs")},
            {"main.go": (changed(LINES, 3, "theirs"), 0o755)},
            {},
            id="made to run by the user",
        ),
        pytest.param({}, {**OLD, "link": Path("go.mod")}, {"link": Path("go.mod")}, {}, id="a new link"),
        pytest.param(
            {}, {**OLD, "go.mod": Path("main.go")}, {"go.mod": Path("main.go")}, {}, id="a file to a link"
        ),
        pytest.param(
            {"go.mod": "module mine\n"},
            {**OLD, "go.mod": Path("main.go")},
            {},
            {"go.mod~yours": "distinct types", "go.mod": "distinct types"},
            id="a file of mine, a link of theirs",
        ),
        pytest.param(
            {"logo": b"\0mine"},
            {**OLD, "logo": b"\0theirs"},
            {"logo": b"\0mine"},
            {"logo": "binary"},
            id="binary",
        ),
        pytest.param(
            {"a name of mine.txt": "mine\n"},
            {**OLD, "größe und maß.txt": "neu\n", 'odd "name"\t.txt': "odd\n"},
            {"größe und maß.txt": "neu\n", "a name of mine.txt": "mine\n", 'odd "name"\t.txt': "odd\n"},
            {},
            id="spaces and other letters in names",
        ),
        pytest.param(
            {"go.mod": "module mine\n"},
            {"main.go": LINES, "go.mod/file": "a folder now\n"},
            {"go.mod/file": "a folder now\n", "go.mod~yours": "module mine\n"},
            {"go.mod~yours": "file/directory"},
            id="a file of mine, a folder of theirs",
        ),
        pytest.param({"main.go": LINES + "mine\n"}, OLD, {"main.go": LINES + "mine\n"}, {}, id="nothing new"),
    ],
)
def test_outcomes(
    sandbox: Sandbox, mine: Tree, new: Tree, expected: Tree, conflicts: dict[str, str], tmp_path: Path
) -> None:
    sandbox.commit(mine)
    before = sandbox.state()
    predicted = predict(sandbox, OLD, new)
    assert sandbox.state() == before
    merged, _ = update(sandbox, OLD, new)
    assert merged == predicted
    assert kinds(merged) == conflicts
    assert all(conflict.hint and conflict.message for conflict in merged.conflicts)
    check_files(sandbox, expected, tmp_path)
    unmerged = {line.partition("\t")[2] for line in sandbox.git("ls-files", "-u", "-z").split("\0")[:-1]}
    assert unmerged == set(conflicts)


def check_files(sandbox: Sandbox, expected: Tree, folder: Path) -> None:
    """Compare the files that are named with what is there."""
    from tests.project.repositories import write_tree

    there = files(sandbox.top)
    write_tree(folder / "expected", expected)
    wanted = files(folder / "expected") if (folder / "expected").exists() else {}
    for name in expected:
        assert there.get(name) == wanted.get(name), name


def test_deleted_folders_go(sandbox: Sandbox) -> None:
    update(sandbox, OLD, {"main.go": LINES, "go.mod": "module a\n"})
    assert not (sandbox.top / "internal").exists()


def test_line_ends_are_the_users(tmp_path: Path) -> None:
    sandbox = make_sandbox(tmp_path / "repository", OLD)
    sandbox.git("config", "core.autocrlf", "true")
    sandbox.git("rm", "--cached", "-r", "-q", ".")
    sandbox.git("reset", "--hard", "-q")
    assert (sandbox.top / "main.go").read_bytes().count(b"\r\n") == 20
    merged, _ = update(sandbox, OLD, {**OLD, "main.go": changed(LINES, 3, "theirs"), "new.go": "new\n"})
    assert kinds(merged) == {}
    assert (sandbox.top / "main.go").read_bytes() == changed(LINES, 3, "theirs").replace("\n", "\r\n").encode()
    assert (sandbox.top / "new.go").read_bytes() == b"new\r\n"
    assert sandbox.git("diff", "--name-only") == ""


def test_attributes_of_the_project_decide_how_a_render_is_stored(tmp_path: Path) -> None:
    old: Tree = {"run.bat": "echo old\r\n", ".gitattributes": "*.bat text eol=crlf\n"}
    sandbox = make_sandbox(tmp_path / "repository", old, "services/one")
    merged, _ = update(sandbox, old, {**old, "run.bat": "echo new\r\n"})
    assert statuses(merged) == {"services/one/run.bat": "modified", f"services/one/{ANSWERS}": "modified"}
    assert (sandbox.project / "run.bat").read_bytes() == b"echo new\r\n"
    assert "i/lf    w/crlf" in sandbox.git("ls-files", "--eol", "services/one/run.bat")
    assert sandbox.git("diff", "--name-only") == ""


def test_a_project_in_a_folder_of_a_repository(tmp_path: Path) -> None:
    sandbox = make_sandbox(tmp_path / "repository", OLD, "services/größe one")
    # A copy of a file that the user deletes here must not be taken for its new place.
    sandbox.commit(OLD, at="services/two")
    sandbox.commit({"go.mod": None})
    (sandbox.top / "services/two/main.go").write_text("work\n")
    (sandbox.top / "staged").write_text("work\n")
    sandbox.git("add", "staged")
    merged, _ = update(sandbox, OLD, {**OLD, "go.mod": "module b\n", "new.go": "new\n"})
    assert kinds(merged) == {"services/größe one/go.mod": "modify/delete"}
    assert (sandbox.project / "new.go").read_text() == "new\n"
    assert (sandbox.top / "services/two/go.mod").read_text() == "module a\n"
    assert (sandbox.top / "services/two/main.go").read_text() == "work\n"
    assert "A  staged" in sandbox.git("status", "--porcelain")


def test_projects_inside_of_a_project_are_let_be(tmp_path: Path) -> None:
    sandbox = make_sandbox(tmp_path / "repository", OLD)
    sandbox.commit({**OLD, ANSWERS: "_commit: 7\n"}, at="tools/inner")
    sandbox.commit({"go.mod": None})
    merged, _ = update(sandbox, OLD, {**OLD, "go.mod": "module b\n"})
    assert kinds(merged) == {"go.mod": "modify/delete"}
    assert (sandbox.top / "tools/inner/go.mod").read_text() == "module a\n"


def test_submodules_stay(sandbox: Sandbox, tmp_path: Path) -> None:
    inner = make_sandbox(tmp_path / "inner", {"file": "x\n"})
    sandbox.git("-c", "protocol.file.allow=always", "submodule", "add", "--quiet", inner.top, "vendored")
    sandbox.commit()
    (sandbox.top / "vendored/file").write_text("work\n")
    merged, _ = update(sandbox, OLD, {**OLD, "go.mod": "module b\n"})
    assert statuses(merged) == {"go.mod": "modified"}
    assert (sandbox.top / "vendored/file").read_text() == "work\n"
    assert sandbox.git("ls-files", "--stage", "vendored").startswith("160000 ")


def test_a_submodule_in_the_way_is_a_conflict(sandbox: Sandbox, tmp_path: Path) -> None:
    inner = make_sandbox(tmp_path / "inner", {"file": "x\n"})
    sandbox.git("-c", "protocol.file.allow=always", "submodule", "add", "--quiet", inner.top, "new")
    sandbox.commit()
    before = sandbox.state()
    predicted = predict(sandbox, OLD, {**OLD, "new": "a file\n"})
    assert predicted.conflicts
    assert sandbox.state() == before


def test_a_project_that_is_a_submodule(tmp_path: Path) -> None:
    inner = make_sandbox(tmp_path / "inner", OLD)
    outer = make_sandbox(tmp_path / "outer", {"file": "x\n"})
    outer.git("-c", "protocol.file.allow=always", "submodule", "add", "--quiet", inner.top, "service")
    outer.commit()
    service = Sandbox(outer.top / "service")
    update(service, OLD, {**OLD, "go.mod": "module b\n"})
    assert service.git("status", "--porcelain") == f"M  {ANSWERS}\nM  go.mod\n"


def test_a_linked_work_tree(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.git("worktree", "add", "--quiet", tmp_path / "linked")
    linked = Sandbox(tmp_path / "linked")
    update(linked, OLD, {**OLD, "go.mod": "module b\n"})
    assert linked.git("status", "--porcelain") == f"M  {ANSWERS}\nM  go.mod\n"
    assert sandbox.git("status", "--porcelain") == ""


def test_a_shallow_clone(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.commit({"main.go": changed(LINES, 3, "mine")})
    subprocess.run(["git", "clone", "-q", "--depth=1", sandbox.top.as_uri(), tmp_path / "shallow"], check=True)
    shallow = Sandbox(tmp_path / "shallow")
    update(shallow, OLD, {**OLD, "main.go": changed(LINES, 15, "theirs")})
    assert (shallow.top / "main.go").read_text() == changed(changed(LINES, 3, "mine"), 15, "theirs")


def test_strange_settings_and_hooks_do_nothing(sandbox: Sandbox, tmp_path: Path) -> None:
    beacon = tmp_path / "beacon"
    script = f"#!/bin/sh\necho \"$0\" >> '{beacon}'\nexit 1\n"
    hooks = ("post-index-change", "pre-commit", "commit-msg", "reference-transaction", "post-checkout")
    for name in hooks:
        (sandbox.top / ".git/hooks").mkdir(exist_ok=True)
        (sandbox.top / ".git/hooks" / name).write_text(script)
        (sandbox.top / ".git/hooks" / name).chmod(0o755)
    for name, value in {
        "commit.gpgSign": "true",
        "gpg.program": sandbox.top / ".git/hooks/pre-commit",
        "core.fsmonitor": sandbox.top / ".git/hooks/pre-commit",
        "diff.external": sandbox.top / ".git/hooks/pre-commit",
        "core.safecrlf": "true",
        "core.abbrev": "4",
        "core.quotePath": "true",
        "merge.renames": "false",
        "diff.renames": "false",
        "status.showUntrackedFiles": "no",
        "index.version": "4",
        "core.untrackedCache": "true",
        "core.splitIndex": "true",
        "color.ui": "always",
    }.items():
        sandbox.git("config", name, str(value))
    quiet = ("-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "commit.gpgSign=false")
    (sandbox.top / "internal/api.go").rename(sandbox.top / "routes.go")
    sandbox.git(*quiet, "add", "--all")
    sandbox.git(*quiet, "commit", "--quiet", "-m", "work")
    beacon.unlink(missing_ok=True)
    new = {**OLD, "internal/api.go": changed(str(OLD["internal/api.go"]), 7, "theirs")}
    merged, _ = update(sandbox, OLD, new, commit=True)
    assert not beacon.exists()
    assert kinds(merged) == {}
    assert (sandbox.top / "routes.go").read_text() == new["internal/api.go"]
    assert sandbox.git(*quiet, "log", "-1", "--format=%s %G?") == "Update to go 1.1.0 N\n"
    assert sandbox.git(*quiet, "status", "--porcelain") == ""
