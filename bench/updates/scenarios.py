"""What users meet when they update, each with its right outcome: that of a textbook three-way merge."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from bench.updates.model import Conflict, Release, Scenario, Wanted, Workplace
from tests.project.repositories import Content, Tree, write_tree


def lines(word: str, **changed: str) -> str:
    """Twelve lines; `n3="other"` changes the third."""
    return "".join(f"{changed.get(f'n{number}', f'{word} {number}')}\n" for number in range(12))


MAIN, API = lines("main"), lines("api")
OLD: dict[str, Content] = {"README.md": "# {{ project_name }}\n", "main.txt": MAIN, "lib/api.txt": API}
THEIRS = "the release's"
README = {"README.md": "# shop\n"}
ALL: dict[str, Wanted] = {**README, "main.txt": MAIN, "lib/api.txt": API}


def new(changes: Tree, **questions: str) -> Release:
    """The next release: the old one with changes, and its questions."""
    files = {name: content for name, content in {**OLD, **changes}.items() if content is not None}
    return Release(files, {"project_name": "shop", **questions})


def does(changes: Tree) -> Callable[[Workplace], None]:
    """The user writes and deletes files of the project."""
    return lambda place: write_tree(place.project, changes)


def renames(old: str, name: str) -> Callable[[Workplace], None]:
    """The user renames a file."""

    def do(place: Workplace) -> None:
        (place.project / name).parent.mkdir(parents=True, exist_ok=True)
        (place.project / old).rename(place.project / name)

    return do


def simple(name: str, expected: str, mine: Tree, theirs: Tree, wanted: Mapping[str, Wanted]) -> Scenario:
    """A scenario of what the user and the release did to files."""
    return Scenario(name, expected, Release(OLD), new(theirs), {**ALL, **wanted}, does(mine))


def _line_ends(place: Workplace) -> None:
    # As it is on a machine with `core.autocrlf`, from the first checkout on.
    with place.settings.open("a") as settings:
        settings.write("[core]\n\tautocrlf = true\n")
    (place.project / "main.txt").write_bytes(lines("main", n2="mine").encode())
    place.commit()
    place.git("rm", "--cached", "-r", "--quiet", ".")
    place.git("reset", "--hard", "--quiet")


def _shallow(place: Workplace) -> None:
    write_tree(place.project, {"main.txt": lines("main", n2="mine")})
    place.commit()
    deep = place.top.rename(place.folder / "deep")
    place.git("clone", "--quiet", "--depth=1", f"file://{deep}", place.top, cwd=place.folder)


def _neighbours(place: Workplace) -> None:
    write_tree(place.top, {"other/work.txt": "before\n", "shared.txt": "before\n"})
    write_tree(place.project, {"main.txt": lines("main", n2="mine")})


def _neighbours_are_dirty(place: Workplace) -> None:
    write_tree(place.top, {"other/work.txt": "in the middle of it\n", "shared.txt": "staged\n"})
    place.git("add", "shared.txt")


def _hooks(place: Workplace) -> None:
    hook = "#!/bin/sh\nexit 1\n"
    write_tree(place.folder, {f"hooks/{name}": (hook, 0o755) for name in ("pre-commit", "commit-msg")})
    with place.settings.open("a") as settings:
        settings.write(f"[core]\n\thooksPath = {place.folder}/hooks\n")
        settings.write("[commit]\n\tgpgSign = true\n[gpg]\n\tprogram = false\n")


def _crlf(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()


def _logo(word: bytes) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4 + word


_ODD = {"a name with spaces.txt": lines("spaces"), "größe/maß ü.txt": lines("letters")}
_LINKS: Tree = {"current": Path("main.txt")}
_SECOND = {"job/job.txt": lines("job")}
_PORT = "port {{ port }}\n"
_BOTH = lines("main", n2="mine", n9=THEIRS)
_MINE_AND_THEIRS = {"main.txt": lines("main", n9=THEIRS)}

SCENARIOS = (
    simple(
        "clean update",
        "changed, added and deleted as the release says",
        {},
        {"main.txt": lines("main", n9=THEIRS), "new.txt": "new\n", "lib/api.txt": None},
        {"main.txt": lines("main", n9=THEIRS), "new.txt": "new\n", "lib/api.txt": None},
    ),
    simple(
        "user's edit elsewhere in the file",
        "both edits",
        {"main.txt": lines("main", n2="mine")},
        _MINE_AND_THEIRS,
        {"main.txt": _BOTH},
    ),
    simple(
        "both changed the same line",
        "a conflict in this file that has both lines",
        {"main.txt": lines("main", n5="mine")},
        {"main.txt": lines("main", n5=THEIRS)},
        {"main.txt": Conflict("mine", THEIRS)},
    ),
    replace(
        simple(
            "user renamed a file, the release changes it",
            "the change is in the renamed file",
            {},
            _MINE_AND_THEIRS,
            {"main.txt": None, "src/start.txt": lines("main", n9=THEIRS)},
        ),
        prepare=renames("main.txt", "src/start.txt"),
    ),
    simple(
        "the release renames a file, user edited it",
        "the edit is in the renamed file",
        {"main.txt": lines("main", n2="mine")},
        {"main.txt": None, "start.txt": MAIN},
        {"main.txt": None, "start.txt": lines("main", n2="mine")},
    ),
    simple(
        "user deleted a file, the release changes it",
        "it stays away, or is a conflict",
        {"main.txt": None},
        _MINE_AND_THEIRS,
        {"main.txt": [None, Conflict(theirs=THEIRS)]},
    ),
    simple(
        "the release deletes a file, user changed it",
        "a conflict that has the user's file",
        {"main.txt": lines("main", n2="mine")},
        {"main.txt": None},
        {"main.txt": Conflict("mine")},
    ),
    simple(
        "both added the same file",
        "it is there once, no conflict",
        {"new.txt": "the same\n"},
        {"new.txt": "the same\n"},
        {"new.txt": "the same\n"},
    ),
    simple(
        "both added a file, not the same",
        "a conflict that has both",
        {"new.txt": "mine\n"},
        {"new.txt": f"{THEIRS}\n"},
        {"new.txt": Conflict("mine", THEIRS)},
    ),
    simple(
        "the release makes a file executable, user edited it",
        "executable, with the edit",
        {"main.txt": lines("main", n2="mine")},
        {"main.txt": (MAIN, 0o755)},
        {"main.txt": (lines("main", n2="mine"), 0o755)},
    ),
    Scenario(
        "symbolic links",
        "one leads elsewhere, one is new",
        Release({**OLD, **_LINKS}),
        new({"current": Path("lib/api.txt"), "link": Path("main.txt")}),
        {**ALL, "current": Path("lib/api.txt"), "link": Path("main.txt")},
    ),
    Scenario(
        "binary file",
        "the new bytes",
        Release({**OLD, "logo": _logo(b"old")}),
        new({"logo": _logo(b"new")}),
        {**ALL, "logo": _logo(b"new")},
    ),
    Scenario(
        "project with CRLF (core.autocrlf)",
        "both edits, CRLF in every line",
        Release(OLD),
        new(_MINE_AND_THEIRS),
        {name: _crlf(text) for name, text in {**README, "main.txt": _BOTH, "lib/api.txt": API}.items()},
        _line_ends,
    ),
    Scenario(
        "names with spaces and other letters",
        "both edits in each",
        Release({**OLD, **_ODD}),
        new(
            {"a name with spaces.txt": lines("spaces", n9=THEIRS), "größe/maß ü.txt": lines("letters", n9=THEIRS)}
        ),
        {
            **ALL,
            "a name with spaces.txt": lines("spaces", n2="mine", n9=THEIRS),
            "größe/maß ü.txt": lines("letters", n2="mine", n9=THEIRS),
        },
        does(
            {"a name with spaces.txt": lines("spaces", n2="mine"), "größe/maß ü.txt": lines("letters", n2="mine")}
        ),
    ),
    Scenario(
        "project in a subfolder, other parts have changes",
        "both edits, and what others do is as it was",
        Release(OLD),
        new({**_MINE_AND_THEIRS, "new.txt": "new\n"}),
        {
            "services/shop/README.md": "# shop\n",
            "services/shop/main.txt": _BOTH,
            "services/shop/lib/api.txt": API,
            "services/shop/new.txt": "new\n",
            "other/work.txt": "in the middle of it\n",
            "shared.txt": "staged\n",
        },
        _neighbours,
        _neighbours_are_dirty,
        subfolder="services/shop",
    ),
    Scenario(
        "an untracked file is where a new one goes",
        "it is as it was: refused, or left in peace",
        Release(OLD),
        new({"new.txt": f"{THEIRS}\n"}),
        {**ALL, "new.txt": "not committed\n"},
        leave=does({"new.txt": "not committed\n"}),
        may_refuse=True,
    ),
    Scenario(
        "an untracked file elsewhere",
        "both edits, and it is as it was",
        Release(OLD),
        new(_MINE_AND_THEIRS),
        {**ALL, "main.txt": _BOTH, "notes.txt": "not committed\n"},
        does({"main.txt": lines("main", n2="mine")}),
        leave=does({"notes.txt": "not committed\n"}),
    ),
    Scenario(
        "new question",
        "its default is rendered, the edit stays",
        Release(OLD),
        new({"port.txt": _PORT}, port="8080"),
        {**ALL, "main.txt": lines("main", n2="mine"), "port.txt": "port 8080\n"},
        does({"main.txt": lines("main", n2="mine")}),
    ),
    Scenario(
        "vanished question",
        "what it rendered goes, the edit stays",
        Release({**OLD, "port.txt": _PORT}, {"project_name": "shop", "port": "8080"}),
        new({"port.txt": "any port\n"}),
        {**ALL, "main.txt": lines("main", n2="mine"), "port.txt": "any port\n"},
        does({"main.txt": lines("main", n2="mine")}),
    ),
    Scenario(
        "changed answer",
        "the new release with the new answer, the edit stays",
        Release(OLD),
        new(_MINE_AND_THEIRS),
        {**ALL, "README.md": "# store\n", "main.txt": _BOTH},
        does({"main.txt": lines("main", n2="mine")}),
        answers={"project_name": "store"},
    ),
    Scenario(
        "back to the older release",
        "the older release, the edit stays",
        Release(OLD),
        new({**_MINE_AND_THEIRS, "new.txt": "new\n"}),
        {**ALL, "main.txt": lines("main", n2="mine")},
        does({"main.txt": _BOTH}),
        downgrade=True,
    ),
    Scenario(
        "shallow clone of the project",
        "both edits",
        Release(OLD),
        new(_MINE_AND_THEIRS),
        {**ALL, "main.txt": _BOTH},
        _shallow,
    ),
    Scenario(
        "two templates in one project",
        "both releases, the edits in both stay",
        Release(OLD),
        new(_MINE_AND_THEIRS),
        {**ALL, "main.txt": _BOTH, "job/job.txt": lines("job", n2="mine", n9=THEIRS)},
        does({"main.txt": lines("main", n2="mine"), "job/job.txt": lines("job", n2="mine")}),
        second=(Release(_SECOND), Release({"job/job.txt": lines("job", n9=THEIRS)})),
    ),
    Scenario(
        "hooks that fail and signing are configured",
        "both edits",
        Release(OLD),
        new(_MINE_AND_THEIRS),
        {**ALL, "main.txt": _BOTH},
        does({"main.txt": lines("main", n2="mine")}),
        leave=_hooks,
    ),
)
