"""`scaffold update` as its user runs it: what it changes, what it says, and how it ends."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.catalog.conftest import Origin
from tests.conftest import run_scaffold
from tests.project.repositories import Tree
from tests.update.conftest import ANSWERS, LINES, METRICS, QUESTIONS, SECOND, Catalog, Project, make_project

FIVE = LINES.replace("line 5\n", "line five\n")
STAGED = (
    "It lies staged: `git diff --cached` shows it, `git commit` keeps it, "
    "`scaffold update --abort` takes it back."
)
MINE = LINES.replace("line 5\n", "my line\n")


def conflicting(project: Project) -> None:
    project.commit({"main.txt": f"shop on 8080\n{MINE}"})


class TestOutcome:
    def test_it_lies_staged_with_what_the_user_did(self, project: Project) -> None:
        project.commit({"main.txt": f"shop on 8080\n{LINES}mine\n", "own.txt": "own\n"})
        result = project.update()
        assert project.git("status", "--porcelain") == f"M  {ANSWERS}\nM  main.txt\nA  new.txt\nD  old.txt\n"
        assert project.read("main.txt") == f"shop on 8080\n{FIVE}mine\n"
        assert (result["old"], result["new"], result["outcome"]) == ("1.0.0", "1.1.0", "staged")
        assert result["new_answers"] == {"metrics": False}
        assert [section["text"] for section in result["changelog"]] == ["- What 1.1.0 brings."]

    def test_it_is_told_in_a_paragraph(self, project: Project) -> None:
        ran = project.run("update")
        assert ran.code == 0
        assert ran.stdout.splitlines()[-6:] == [
            f"  M {ANSWERS}",
            "  M main.txt",
            "  A new.txt",
            "  D old.txt",
            "new answers: metrics=False",
            f"shop: web 1.0.0 → 1.1.0. 4 files change. {STAGED}",
        ]

    def test_it_is_committed_by_flag(self, project: Project) -> None:
        result = project.update("--commit")
        assert project.git("log", "-1", "--format=%H %s").split(" ", 1) == [
            result["commit"],
            "Update from web 1.0.0 to web 1.1.0\n",
        ]
        assert project.git("status", "--porcelain") == ""

    def test_it_is_on_a_branch_by_flag(self, project: Project) -> None:
        head, state = project.git("rev-parse", "HEAD"), project.git("status", "--porcelain")
        result = project.update("--branch", "newer")
        assert (project.git("rev-parse", "HEAD"), project.git("status", "--porcelain")) == (head, state)
        assert project.git("show", "newer:new.txt") == "new\n"
        assert project.git("rev-parse", "newer^", "newer").split() == [head.strip(), result["commit"]]

    def test_nothing_to_do_is_said(self, project: Project) -> None:
        project.update("--commit")
        before = project.state()
        assert project.update()["outcome"] == "current"
        assert project.state() == before

    def test_a_pending_update_comes_first(self, project: Project) -> None:
        project.update()
        before = project.state()
        error = project.update(code=2)
        assert error["message"] == "the update to web 1.1.0 is not finished"
        assert project.state() == before


class TestPreview:
    def test_it_touches_nothing_and_predicts_what_comes(self, project: Project) -> None:
        conflicting(project)
        project.write({"untracked.txt": "mine\n"})
        before = project.state()
        preview = project.update("--preview", code=1)
        assert project.state() == before
        assert "+line five\n" in preview["diff"]
        assert "deleted file mode 100644\n" in preview["diff"]
        updated = project.update(code=1)
        for name in ("changes", "conflicts", "new_answers", "changelog"):
            assert preview[name] == updated[name]
        assert (preview["outcome"], updated["outcome"]) == ("preview", "conflicts")

    def test_it_says_what_is_in_the_way(self, project: Project) -> None:
        project.write({"new.txt": "mine\n"})
        preview = project.update("--preview", code=1)
        assert preview["obstacle"] == "new.txt is not tracked by git and in the way"
        error = project.update(code=2)
        assert error["message"] == preview["obstacle"]
        assert project.read("new.txt") == "mine\n"


class TestConflicts:
    def test_they_are_gits_own_and_told_with_a_hint(self, project: Project) -> None:
        conflicting(project)
        result = project.update(code=1)
        assert [(one["path"], one["kind"]) for one in result["conflicts"]] == [("main.txt", "content")]
        assert result["conflicts"][0]["hint"] == "both changed the same lines: keep what you need of each"
        assert "<<<<<<< yours\nmy line\n=======\nline five\n>>>>>>> web 1.1.0\n" in project.read("main.txt")
        assert len(project.git("ls-files", "--unmerged").splitlines()) == 3
        project.git("checkout", "--conflict=diff3", "main.txt")
        assert "my line\n||||||| base\nline 5\n=======\nline five\n" in project.read("main.txt")

    def test_continue_waits_until_they_are_resolved(self, project: Project) -> None:
        conflicting(project)
        project.update(code=1)
        error = project.update("--continue", code=1)
        assert error["message"] == "still in conflict: main.txt"
        project.write({"main.txt": "both\n"})
        project.git("add", "main.txt")
        assert project.update("--continue")["outcome"] == "staged"
        assert project.git("status", "--porcelain") == f"M  {ANSWERS}\nM  main.txt\nA  new.txt\nD  old.txt\n"

    def test_continue_commits_when_that_was_wanted(self, project: Project) -> None:
        conflicting(project)
        project.update("--commit", code=1)
        project.write({"main.txt": "both\n"})
        project.git("add", "main.txt")
        assert project.update("--continue")["commit"] == project.git("rev-parse", "HEAD").strip()
        assert project.git("status", "--porcelain") == ""

    @pytest.mark.parametrize("clash", [False, True])
    def test_abort_puts_everything_back(self, project: Project, *, clash: bool) -> None:
        if clash:
            conflicting(project)
        project.write({"own.txt": "not committed\n"})
        before = project.git("status", "--porcelain"), project.git("ls-files", "--stage"), contents(project)
        project.update(code=int(clash))
        project.write({"main.txt": "half resolved\n"})
        assert project.update("--abort")["outcome"] == "aborted"
        after = project.git("status", "--porcelain"), project.git("ls-files", "--stage"), contents(project)
        assert after == before

    def test_a_branch_takes_none(self, project: Project) -> None:
        conflicting(project)
        before = project.state()
        error = project.update("--branch", "newer", code=1)
        assert error["message"] == "in conflict: main.txt"
        assert project.state() == before

    @pytest.mark.parametrize("flag", ["--continue", "--abort"])
    def test_without_an_update_there_is_nothing_to_end(self, project: Project, flag: str) -> None:
        assert project.update(flag, code=2)["message"] == "no update is under way here"


class TestVersions:
    def test_one_can_be_named(self, web: Catalog, project: Project) -> None:
        web.release("1.2.0", {"later.txt": "later\n"}, QUESTIONS + METRICS)
        assert project.update("--to", "1.1.0")["new"] == "1.1.0"
        assert not (project.folder / "later.txt").exists()

    def test_back_to_an_older_one(self, project: Project) -> None:
        project.commit({"own.txt": "own\n"})
        project.update("--commit")
        result = project.update("--to", "1.0.0", "--commit")
        assert (result["old"], result["new"]) == ("1.1.0", "1.0.0")
        assert result["dropped_answers"] == {"metrics": False}
        assert project.read("old.txt") == "goes away\n"
        assert project.git("diff", "--stat", "HEAD~2", "HEAD") == ""

    def test_one_that_is_none_is_refused(self, project: Project) -> None:
        before = project.state()
        error = project.update("--to", "7.0.0", code=2)
        assert "has no release '7.0.0'" in error["message"]
        assert error["hint"] == "there are: 1.0.0, 1.1.0"
        assert project.state() == before

    def test_offline_it_takes_the_cache(self, web: Catalog, project: Project) -> None:
        project.run("status")
        web.origin.folder.rename(web.origin.folder.with_name("gone"))
        result = project.update("--offline")
        assert result["new"] == "1.1.0"
        assert re.match(r"from the cache, .* old$", result["notes"][0])


class TestAnswers:
    def test_they_can_be_changed_without_a_newer_release(self, project: Project) -> None:
        project.update("--commit")
        result = project.update("--data", "port=9090", "--data", "metrics=true")
        assert result["changed_answers"] == {"port": 9090, "metrics": True}
        assert project.read("main.txt").startswith("shop on 9090\n")
        assert "See /metrics." in project.read("README.md")

    def test_new_ones_come_by_flag(self, project: Project) -> None:
        assert project.update("--data", "metrics=true")["new_answers"] == {"metrics": True}
        assert "metrics: true\n" in project.read(ANSWERS)

    def test_one_that_holds_no_more_is_told(self, web: Catalog, project: Project) -> None:
        web.release("2.0.0", SECOND, QUESTIONS.replace("port < 1", "port < 9000").replace("8080", "9000"))
        before = project.state()
        error = project.update(code=2)
        assert "port" in error["message"]
        assert "8080" in error["message"]
        assert project.state() == before
        assert project.update("--defaults")["changed_answers"] == {"port": 9000}

    def test_those_of_a_question_that_is_gone_go(self, web: Catalog, project: Project) -> None:
        web.release("2.0.0", {**SECOND, "main.txt.jinja": "fixed\n"}, QUESTIONS.partition("port:")[0])
        assert project.update()["dropped_answers"] == {"port": 8080}
        assert "port" not in project.read(ANSWERS)

    def test_an_unknown_one_is_refused(self, project: Project) -> None:
        error = project.update("--data", "prt=1", code=2)
        assert "prt" in error["message"]

    def test_edited_by_hand_they_are_carried_out(self, project: Project) -> None:
        project.commit({ANSWERS: project.read(ANSWERS).replace("port: 8080", "port: 7070")})
        result = project.update()
        assert result["changed_answers"] == {"port": 7070}
        assert project.read("main.txt").startswith("shop on 7070\n")
        assert result["conflicts"] == []

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            pytest.param("a: [\n", f"{ANSWERS}:2: ", id="broken"),
            pytest.param("port: 1\n", f"{ANSWERS}: `_src_path` does not name", id="names nothing"),
            pytest.param(None, "has no .copier-answers.yml", id="missing"),
        ],
    )
    def test_a_file_that_tells_nothing_stops_it(
        self, project: Project, content: str | None, message: str
    ) -> None:
        project.commit({ANSWERS: content})
        before = project.state()
        error = project.update(code=2)
        assert message in error["message"]
        assert "\n" not in error["message"]
        assert error["hint"]
        assert project.state() == before

    def test_a_file_that_is_not_committed_stops_it(self, project: Project) -> None:
        project.git("rm", "--cached", "--quiet", ANSWERS)
        project.git("commit", "--quiet", "--message", "work")
        assert project.update(code=2)["message"] == f"{ANSWERS} is not committed"


class TestPlaces:
    def test_in_a_folder_of_a_repository_whose_rest_is_dirty(self, web: Catalog, user: Path) -> None:
        top = user / "mono"
        top.mkdir()
        outer = Project(top, top)
        outer.git("init", "--quiet", "--initial-branch=main")
        service = make_project(web, top / "services" / "shop", top=top)
        outer.commit({"other.txt": "other\n"})
        outer.write({"other.txt": "dirty\n", "untracked.txt": "x\n"})
        assert [one["path"] for one in service.update()["changes"]] == [ANSWERS, "main.txt", "new.txt", "old.txt"]
        assert outer.git("status", "--porcelain").splitlines() == [
            " M other.txt",
            f"M  services/shop/{ANSWERS}",
            "M  services/shop/main.txt",
            "A  services/shop/new.txt",
            "D  services/shop/old.txt",
            "?? untracked.txt",
        ]

    def test_two_blueprints_in_one_project(self, web: Catalog, project: Project) -> None:
        second = ".copier-answers.job.yml"
        job: Tree = {
            "copier.yml": "_subdirectory: template\nname: {type: str, default: job}\n",
            "blueprint.yml": "name: job\ntitle: j\ndescription: j\nlanguage: go\nversion: 1.0.0\n",
            "template/job.txt.jinja": "{{ name }} 1\n",
        }
        folder = web.origin.folder / "job"
        for name, text in job.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(str(text))
        web.origin.commit({}, "job/1.0.0")
        source = next(line for line in project.read(ANSWERS).splitlines() if line.startswith("_src_path"))
        answers = f"{source.replace('web', 'job')}\n_commit: 1.0.0\nname: job\n"
        project.commit({second: answers, "job.txt": "job 1\n"})
        (folder / "template/job.txt.jinja").write_text("{{ name }} 2\n")
        web.origin.commit({}, "job/2.0.0")
        assert project.update(code=2)["message"].endswith(f"has several: {ANSWERS}, {second}")
        result = project.update("--answers-file", second, "--commit")
        assert [one["path"] for one in result["changes"]] == [second, "job.txt"]
        assert "job.txt" not in [one["path"] for one in project.update("--answers-file", ANSWERS)["changes"]]

    def test_a_bare_clone(self, project: Project, user: Path) -> None:
        bare = Project(user / "bare.git", user / "bare.git")
        project.git("clone", "--quiet", "--bare", ".", str(bare.folder))
        assert bare.update("--preview")["changes"]
        error = bare.update(code=2)
        assert error["hint"] == "let the update make a branch: --branch NAME"
        bare.update("--branch", "newer")
        assert bare.git("show", "newer:new.txt") == "new\n"

    def test_no_repository(self, project: Project) -> None:
        subprocess.run(["rm", "-r", project.folder / ".git"], check=True)
        error = project.update(code=2)
        assert "is not in a git repository" in error["message"]

    def test_a_repository_without_a_commit(self, project: Project) -> None:
        subprocess.run(["rm", "-r", project.folder / ".git"], check=True)
        project.git("init", "--quiet")
        assert "has no commit yet" in project.update(code=2)["message"]

    def test_an_older_git_gets_one_line(self, project: Project, user: Path) -> None:
        programs = user / "programs"
        programs.mkdir()
        (programs / "git").write_text("#!/bin/sh\necho git version 2.37.9\n")
        (programs / "git").chmod(0o755)
        ran = project.run("update", env={"PATH": str(programs)})
        assert ran.code == 69
        assert ran.stderr.splitlines() == [
            "error: git 2.37 is too old for this",
            "hint: install git 2.38 or newer",
        ]


class TestCopier:
    def test_a_project_that_copier_made_follows_too(self, user: Path) -> None:
        template = Origin(user / "origins" / "template.git")
        answers_file = {"{{ _copier_conf.answers_file }}.jinja": "{{ _copier_answers | to_nice_yaml }}"}
        template.commit({"copier.yml": "name: x\n", "f.jinja": "{{ name }} one\n", **answers_file}, "v1.0.0")
        folder = user / "theirs"
        copy = ("copy", "--quiet", "--defaults", "--data", "name=shop", template.url, str(folder))
        subprocess.run([sys.executable, "-m", "copier", *copy], check=True)
        project = Project(folder, folder)
        project.git("init", "--quiet")
        project.commit({"own.txt": "own\n"})
        template.commit({"f.jinja": "{{ name }} two\n"}, "v1.1.0")
        states = project.run("status", "--json").document["result"]["projects"]
        assert [(one["release"], one["newest"], one["behind"]) for one in states] == [("v1.0.0", "v1.1.0", True)]
        project.update("--commit")
        assert project.read("f") == "shop two\n"
        template.commit({"f.jinja": "{{ name }} three\n"}, "v1.2.0")
        subprocess.run([sys.executable, "-m", "copier", "update", "--defaults"], cwd=folder, check=True)
        assert project.read("f") == "shop three\n"


def contents(project: Project) -> dict[str, str]:
    names = [path for path in sorted(project.folder.rglob("*")) if path.is_file() and ".git" not in path.parts]
    return {path.name: path.read_text() for path in names}


def test_flags_that_exclude_each_other(project: Project) -> None:
    ran = run_scaffold("update", project.folder, "--preview", "--commit")
    assert ran.code == 2
    assert "--preview and --commit do not go together" in ran.stderr


class TestOrganisation:
    """What a catalog's organisation answers for its projects reaches them with the next update."""

    @pytest.fixture
    def owned(self, web: Catalog, user: Path) -> Project:
        """A project that was made when the organisation said nothing yet of the port."""
        project = make_project(web, user / "owned")
        (web.origin.folder / "catalog.yml").write_text("defaults: {port: 9443}\n")
        web.release("1.2.0", {}, QUESTIONS + METRICS)
        return project

    def test_a_default_is_followed(self, owned: Project) -> None:
        assert owned.update()["changed_answers"] == {"port": 9443}
        assert owned.read("main.txt").startswith("owned on 9443\n")

    def test_an_answer_of_the_projects_own_stays(self, web: Catalog, user: Path, owned: Project) -> None:
        assert owned
        project = make_project(web, user / "own", "--data", "port=7070")
        assert project.update()["changed_answers"] == {}
        assert project.read("main.txt").startswith("own on 7070\n")
