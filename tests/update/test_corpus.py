"""Hundreds of random histories: an update is git's own merge, loses nothing, is foretold, can be taken back."""

from __future__ import annotations

import itertools
import os
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings

from scaffold.errors import InputError
from scaffold.project.journal import Journal
from scaffold.project.merge import Merge
from scaffold.project.repository import open_repository
from scaffold.project.undo import take_back
from tests.project.repositories import ANSWERS, Content, Sandbox, files, predict, update
from tests.update.histories import PROGRAM, File, History, histories
from tests.update.oracle import git, import_commits, make_repository, merge_with_git, read_outcome

EXAMPLES = 320
# The answers of both releases, as tests.project.repositories writes them.
OLD_ANSWERS = {ANSWERS: File(b"_commit: 1.0.0\n")}
NEW_ANSWERS = {ANSWERS: File(b"_commit: 1.1.0\n")}
# What the histories must come to, each at least once; the words are git's, the last three are ours.
KINDS = {
    "content",
    "modify/delete",
    "rename/delete",
    "rename/rename",
    "add/add",
    "binary",
    "file/directory",
    "file location",
    "distinct types",
    "mode alone",
    "none",
    "in the way",
}


@pytest.fixture(autouse=True)
def plain_git(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine's user decides how a history merges."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


def make(top: Path, history: History) -> Sandbox:
    """Make the user's repository: the render's commit, the user's commit, and what is not committed."""
    make_repository(top)
    sandbox = Sandbox(top, history.prefix)
    import_commits(
        top,
        base=(history.tree(OLD_ANSWERS | history.old), ""),
        main=(history.tree(OLD_ANSWERS | history.mine), "base"),
    )
    for name, value in history.settings.items():
        git(top, "config", name, value)
    git(top, "checkout", "--quiet", "--force", "main")
    (top / ".git/info").mkdir(exist_ok=True)
    (top / ".git/info/exclude").write_text("*.log\n")
    for name, content in history.untracked.items():
        path = sandbox.project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    if is_dirty(history):
        with (sandbox.project / history.dirty).open("ab") as file:
            file.write(b"not committed\n")
    return sandbox


def everything(top: Path) -> dict[str, tuple[int, int, bytes]]:
    """Every file, folder and link of a repository, git's own too, with its mode, time and content.

    But for the times of objects: git freshens one that it would write again, so that no cleaning takes it.
    """
    found = {}
    objects = str(top / ".git" / "objects")
    for root, folders, names in os.walk(top):
        for name in (*folders, *names):
            path = os.path.join(root, name)  # noqa: PTH118 - thousands of them
            stat = os.lstat(path)
            content = Path(path).read_bytes() if name in names and not os.path.islink(path) else b""  # noqa: PTH114
            time = 0 if path.startswith(objects) else stat.st_mtime_ns
            found[path] = (stat.st_mode, time, content)
    return found


def check(history: History, folder: Path) -> set[str]:
    """Hold an update of one history to all that we promise; return what came of it."""
    sandbox = make(folder / "shop", history)
    untouched = everything(sandbox.top)
    old, new = contents(history)
    predicted = predict(sandbox, old, new)
    assert everything(sandbox.top) == untouched
    before = sandbox.state()
    objects = git(sandbox.top, "rev-list", "--objects", "HEAD")
    try:
        merged, journal = update(sandbox, old, new)
    except InputError:
        assert sandbox.state() == before
        assert is_in_the_way(history, predicted)
        return {"in the way"}
    assert merged == predicted
    assert git(sandbox.top, "rev-list", "--objects", "HEAD") == objects
    check_it_is_gits_merge(sandbox, history, folder / "oracle")
    check_it_was_foretold(sandbox, before, predicted)
    check_nothing_is_lost(sandbox, history, before, merged)
    check_it_can_be_taken_back(sandbox, before, journal)
    return {kind_of(merged, path) for path in journal.conflicts} or {"none"}


def is_in_the_way(history: History, predicted: Merge) -> bool:
    """Tell whether what is not committed meets what the update would change."""
    return any(
        path == name or path.startswith(f"{name}/") or name.startswith(f"{path}/")
        for path, name in itertools.product(predicted.touched, not_committed(history))
    )


def not_committed(history: History) -> set[str]:
    """Return the paths, seen from the top of the repository, of what git does not have."""
    own = {*history.untracked, *([history.dirty] if is_dirty(history) else [])}
    return {f"{history.prefix}/{name}" if history.prefix else name for name in own}


def kind_of(merged: Merge, path: str) -> str:
    conflict = next(conflict for conflict in merged.conflicts if conflict.path == path)
    sides = [conflict.stages.get(stage) for stage in (2, 3)]
    if all(sides) and len({side.object for side in sides if side}) == 1:
        return "mode alone"
    return (
        conflict.kind if conflict.kind in KINDS else next((kind for kind in KINDS if kind in conflict.kind), "?")
    )


def check_it_is_gits_merge(sandbox: Sandbox, history: History, folder: Path) -> None:
    expected = merge_with_git(folder, history, (OLD_ANSWERS, NEW_ANSWERS))
    # Git's merge has no such files: it refuses one over changes that are not committed where we need not.
    others = not_committed(history)
    found = read_outcome(sandbox.top).without(others)
    assert found.differences(expected.without(others)) == []


def is_dirty(history: History) -> bool:
    return bool(history.dirty) and history.mine[history.dirty].is_text


def check_it_was_foretold(sandbox: Sandbox, before: dict[str, object], predicted: Merge) -> None:
    """Compare the files that really changed, and the paths that git calls unmerged, with the prediction."""
    there, now = before["files"], files(sandbox.top)
    assert isinstance(there, dict)
    really = {path for path in there.keys() | now.keys() if there.get(path) != now.get(path)}
    assert really == {change.path for change in predicted.changes}
    for change in predicted.changes:
        assert (change.path in there, change.path in now) == (change.before is not None, change.after is not None)
        expected = {(False, True): {"added"}, (True, False): {"deleted"}}
        both = {"mode"} if change.status == "mode" else {"modified"}
        assert change.status in expected.get((change.path in there, change.path in now), both)
    unmerged = {line.partition("\t")[2] for line in git(sandbox.top, "ls-files", "-u", "-z").split("\0")[:-1]}
    assert unmerged == {conflict.path for conflict in predicted.conflicts}


def check_nothing_is_lost(sandbox: Sandbox, history: History, before: dict[str, object], merged: Merge) -> None:
    """Look for the user's work in the outcome.

    What git does not know is as it was. A file that both releases have alike is the user's, in content and mode,
    unless a conflict names it. Every line that the user has and no release has, is there as often as it was, and
    every file that is not text is there, whole.
    """
    now, there = files(sandbox.project), before["files"]
    assert isinstance(there, dict)
    prefix = f"{history.prefix}/" if history.prefix else ""
    for name in history.untracked:
        assert now[name] == there[prefix + name]
    named = {conflict.path for conflict in merged.conflicts}
    for name in history.mine.keys() & history.old.keys() & history.new.keys():
        if history.old[name] == history.new[name] and prefix + name not in named:
            assert now[name] == there[prefix + name], name
    lost = users_lines(history) - lines_of(content for _, content in now.values())
    assert not lost
    for name, file in history.mine.items():
        if not file.is_text and file not in (*history.old.values(), *history.new.values()):
            assert file.data in {content for _, content in now.values()}, name


def users_lines(history: History) -> Counter[bytes]:
    releases = lines_of(file.data for tree in (history.old, history.new) for file in tree.values())
    own = lines_of(file.data for file in history.mine.values() if file.is_text)
    return Counter({line: count for line, count in own.items() if line not in releases})


def lines_of(contents: Iterable[bytes]) -> Counter[bytes]:
    return Counter(line for content in contents for line in content.splitlines())


def check_it_can_be_taken_back(sandbox: Sandbox, before: dict[str, object], journal: Journal) -> None:
    take_back(open_repository(sandbox.project), journal)
    assert sandbox.state() == before
    assert list((sandbox.top / ".git/scaffold").iterdir()) == []


TEXT = File(b"".join(f"text {number}\n".encode() for number in range(12)))
WORDS = File(b"".join(f"word {number}\n".encode() for number in range(12)))
# What is rare among random ones, so that each is there whatever hypothesis draws.
MOVED_FOLDER = History(
    {"internal/a": TEXT, "internal/b": WORDS},
    {"internal/a": TEXT, "internal/b": WORDS, "internal/mine": File(b"mine\n")},
    {"moved/a": TEXT, "moved/b": WORDS},
)
OTHER_MODE = History({"a": TEXT}, {"a": TEXT, "run": WORDS}, {"a": TEXT, "run": File(WORDS.data, PROGRAM)})
FILE_AND_FOLDER = History(
    {"a": TEXT, "b": WORDS},
    {"a": File(b"mine\n" + TEXT.data), "b": WORDS},
    {"a/inside": File(b"theirs\n"), "b": WORDS},
)


@pytest.mark.parametrize(
    ("history", "kind"),
    [(MOVED_FOLDER, "file location"), (OTHER_MODE, "mode alone"), (FILE_AND_FOLDER, "file/directory")],
)
def test_what_is_rare(history: History, kind: str, tmp_path: Path) -> None:
    assert check(history, tmp_path) == {kind}


def test_random_histories(tmp_path: Path) -> None:
    seen: Counter[str] = Counter()
    numbers = itertools.count()

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @example(MOVED_FOLDER)
    @example(OTHER_MODE)
    @example(FILE_AND_FOLDER)
    @given(histories())
    def hold(history: History) -> None:
        seen.update(check(history, tmp_path / str(next(numbers))))
        seen["examples"] += 1

    hold()
    print(dict(seen))
    assert seen["examples"] >= EXAMPLES
    assert {kind for kind in KINDS if not seen[kind]} == set()


BEHIND = "".join(f"line {number}\n" for number in range(12)).encode()
# Both changed, apart; a file that the user renamed and the release changed; the same line in both.
SMALL = History(
    {"main.go": File(BEHIND), "api.go": File(BEHIND.replace(b"line", b"api")), "clash": File(b"1\n2\n3\n")},
    {
        "main.go": File(BEHIND.replace(b"line 2\n", b"mine\n")),
        "routes.go": File(BEHIND.replace(b"line", b"api")),
        "clash": File(b"1\nmine\n3\n"),
    },
    {
        "main.go": File(BEHIND.replace(b"line 9\n", b"theirs\n")),
        "api.go": File(BEHIND.replace(b"line", b"api").replace(b"api 7\n", b"theirs\n")),
        "clash": File(b"1\ntheirs\n3\n"),
    },
)


def test_the_small_history_holds(tmp_path: Path) -> None:
    assert check(SMALL, tmp_path) == {"content"}


def taken(side: str) -> Callable[[Sandbox], None]:
    return lambda sandbox: void(git(sandbox.top, "checkout", side, "--", "clash"))


def void(_: object) -> None:
    """Drop what a call returns."""


WRONG: dict[str, Callable[[Sandbox], None]] = {
    "one side wins": taken("--ours"),
    "a conflict is staged as if it were resolved": lambda sandbox: void(git(sandbox.top, "add", "clash")),
    "a line is lost": lambda sandbox: void((sandbox.top / "main.go").write_bytes(BEHIND)),
    "a run bit is there": lambda sandbox: (sandbox.top / "main.go").chmod(0o755),
    "a renamed file is back": lambda sandbox: void((sandbox.top / "api.go").write_bytes(BEHIND)),
    "an empty folder is left": lambda sandbox: (sandbox.top / "empty").mkdir(),
    "a file is not staged": lambda sandbox: void(git(sandbox.top, "reset", "--quiet", "main.go")),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_outcome_is_noticed(name: str, tmp_path: Path) -> None:
    sandbox = updated(SMALL, tmp_path / "shop")
    check_it_is_gits_merge(sandbox, SMALL, tmp_path / "oracle")
    WRONG[name](sandbox)
    with pytest.raises(AssertionError, match=r"index: |file: |folder: "):
        check_it_is_gits_merge(sandbox, SMALL, tmp_path / "oracle")


def test_a_merge_from_the_wrong_release_is_noticed(tmp_path: Path) -> None:
    sandbox = make(tmp_path / "shop", SMALL)
    _, new = contents(SMALL)
    update(sandbox, new, new)
    with pytest.raises(AssertionError, match=r"index: |file: "):
        check_it_is_gits_merge(sandbox, SMALL, tmp_path / "oracle")


def test_lost_work_is_noticed(tmp_path: Path) -> None:
    sandbox = make(tmp_path / "shop", SMALL)
    before = sandbox.state()
    merged, _ = update(sandbox, *contents(SMALL))
    check_nothing_is_lost(sandbox, SMALL, before, merged)
    (sandbox.top / "main.go").write_bytes(BEHIND)
    with pytest.raises(AssertionError, match="mine"):
        check_nothing_is_lost(sandbox, SMALL, before, merged)


def updated(history: History, top: Path) -> Sandbox:
    sandbox = make(top, history)
    update(sandbox, *contents(history))
    return sandbox


def contents(history: History) -> tuple[dict[str, Content], dict[str, Content]]:
    """Return both releases as the repositories of the tests are written."""
    old, new = ({name: file.content for name, file in tree.items()} for tree in (history.old, history.new))
    return old, new
