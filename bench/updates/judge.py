"""Runs a scenario with a tool and tells, from what lies there afterwards, whether it came out right."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.updates.model import Conflict, Scenario, Tool, Wanted, Workplace
from bench.updates.tools import HOST
from tests.project.repositories import Content, files

_MARKERS = (b"<<<<<<< ", b">>>>>>> ")
_TOLD = re.compile(r"conflict|does not apply|error", re.IGNORECASE)
RIGHT = "right"
Found = Mapping[str, tuple[int, bytes]]


def verdict(scenario: Scenario, tool: Tool, folder: Path) -> str:
    """Return "right", "wrong: …" or "refuses: …"."""
    return carried_out(scenario, tool, set_up(scenario, tool, folder))


def carried_out(scenario: Scenario, tool: Tool, place: Workplace) -> str:
    """Update, and judge what lies there then."""
    before = _state(place)
    to = "1.0.0" if scenario.downgrade else ""
    ran = tool.update(place, "first", to, scenario.answers)
    if scenario.second and not ran.returncode:
        place.commit()
        ran = tool.update(place, "second", "", {})
    if _state(place) == before and (ran.returncode or scenario.may_refuse):
        return RIGHT if scenario.may_refuse else f"refuses: {_last_words(ran)}"
    found = problem(scenario, tool, place, ran.stdout + ran.stderr)
    return f"wrong: {found}" if found else RIGHT


def set_up(scenario: Scenario, tool: Tool, folder: Path) -> Workplace:
    """Make the project of the old release with what the user did, and publish the new release."""
    top = folder / "work" / "shop"
    place = Workplace(folder, top, top / scenario.subfolder if scenario.subfolder else top)
    folder.mkdir(parents=True)
    place.settings.write_text(
        "[user]\n\tname = user\n\temail = user@example.com\n[init]\n\tdefaultBranch = main\n"
        f'[url "file://{folder}/origins/"]\n\tinsteadOf = {HOST}/\n[protocol "file"]\n\tallow = always\n'
    )
    first, last = (scenario.new, scenario.old) if scenario.downgrade else (scenario.old, scenario.new)
    tool.publish(place, "first", "1.0.0", scenario.old)
    if scenario.downgrade:
        tool.publish(place, "first", "1.1.0", first)
    if scenario.subfolder:
        top.mkdir(parents=True)
        place.git("init", "--quiet")
    place.project.parent.mkdir(parents=True, exist_ok=True)
    tool.create(place, "first")
    if scenario.second:
        tool.publish(place, "second", "1.0.0", scenario.second[0])
        tool.create(place, "second")
    if not (top / ".git").exists():
        place.git("init", "--quiet")
    place.commit()
    scenario.prepare(place)
    place.commit()
    scenario.leave(place)
    if not scenario.downgrade:
        tool.publish(place, "first", "1.1.0", last)
    if scenario.second:
        tool.publish(place, "second", "1.1.0", scenario.second[1])
    return place


def _state(place: Workplace) -> object:
    return files(place.top), place.git("ls-files", "--stage"), place.git("rev-parse", "HEAD")


def _last_words(ran: subprocess.CompletedProcess[str]) -> str:
    """Return the last line that says something, without what frames it."""
    words = (ran.stdout + "\n" + ran.stderr).splitlines()
    lines = [" ".join(re.sub(r"[│╭╰╮╯─|]+", " ", line).split()) for line in words]
    said = [line for line in lines if line.count(" ") > 1 and not line.startswith(("hint:", "try:"))]
    return said[-1].partition(". ")[0][:120] if said else f"exit code {ran.returncode}"


def problem(scenario: Scenario, tool: Tool, place: Workplace, output: str = "") -> str:
    """Return what is wrong with the first path that is not as it should be; "" when all are.

    `output` is what the tool said of it.
    """
    own = {str(Path(scenario.subfolder, name)) for name in tool.own_files}
    found = {path: file for path, file in files(place.top).items() if path not in own}
    for path, wanted in scenario.wanted.items():
        options = wanted if isinstance(wanted, list) else [wanted]
        problems = [_mismatch(place, found, path, option, output) for option in options]
        if all(problems):
            return problems[0]
    known = {*scenario.wanted, *(f"{path}.rej" for path, wanted in scenario.wanted.items() if _conflicts(wanted))}
    left = sorted(found.keys() - known)
    return f"leaves {left[0]}" if left else ""


def _conflicts(wanted: Wanted) -> bool:
    return any(isinstance(one, Conflict) for one in (wanted if isinstance(wanted, list) else [wanted]))


def _mismatch(place: Workplace, found: Found, path: str, wanted: Content | Conflict, output: str) -> str:
    if isinstance(wanted, Conflict):
        return _unlike_conflict(place, found, path, wanted, output)
    if path not in found:
        return "" if wanted is None else f"{path} is missing"
    if wanted is None:
        return f"{path} is there"
    return _unlike_file(path, found[path], wanted)


def _unlike_file(path: str, found: tuple[int, bytes], wanted: Content) -> str:
    mode, content = found
    if isinstance(wanted, Path):
        if mode & 0o170000 != 0o120000:
            return f"{path} is no link"
        return "" if content == str(wanted).encode() else f"{path} leads to {content.decode()}"
    text, wanted_mode = wanted if isinstance(wanted, tuple) else (wanted, 0o644)
    expected = text.encode() if isinstance(text, str) else text or b""
    if content != expected:
        return _difference(path, content, expected)
    return "" if (mode & 0o100) == (wanted_mode & 0o100) else f"{path} has the mode {mode & 0o777:o}"


def _difference(path: str, content: bytes, expected: bytes) -> str:
    if b"\0" in expected:
        return f"{path} has other bytes"
    if content.replace(b"\r\n", b"\n") == expected.replace(b"\r\n", b"\n"):
        return f"{path} has other line ends"
    there, wanted = content.splitlines(), expected.splitlines()
    if any(line.startswith(_MARKERS) for line in there):
        return f"{path} is in conflict"
    lost = [line for line in wanted if line not in there]
    more = [line for line in there if line not in wanted]
    return f"{path} lacks `{_text(lost)}`" if lost else f"{path} has `{_text(more)}`"


def _text(lines: Sequence[bytes]) -> str:
    return lines[0].decode(errors="replace").strip() if lines else "other lines"


def _unlike_conflict(place: Workplace, found: Found, path: str, wanted: Conflict, output: str) -> str:
    """Git's index, markers, a `.rej` beside or the output tell of it; both sides have to be in reach."""
    content = found.get(path, (0, b""))[1]
    rejected = found.get(f"{path}.rej", (0, b""))[1]
    unmerged = place.git("ls-files", "--unmerged", "--", path).splitlines()
    told = any(path in line and _TOLD.search(line) for line in output.splitlines())
    if not (told or unmerged or rejected or all(marker in content for marker in _MARKERS)):
        kept = wanted.mine.encode() in content
        return f"{path}: no word of a conflict" + ("" if kept else ", and yours is gone")
    stages = [place.git("cat-file", "blob", line.split()[1]).encode() for line in unmerged]
    for side, text in (("yours", wanted.mine), ("the release's", wanted.theirs)):
        if not any(text.encode() in one for one in (content, rejected, *stages)):
            return f"{path}: {side} is gone"
    return ""
