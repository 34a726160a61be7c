"""Runs the command in processes that end themselves, with SIGKILL, where they would change something.

A server: it has everything imported, and starts each run as a child of its own. For each it reads a line of
JSON, `{"folder": …, "top": …, "point": …, "words": […]}`, and answers with a line: the child's exit code, or
the signal's number below zero; how many points it came past; the first of them that was in the folder `top`.
Point 0 kills nowhere.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

# Audit hooks see every open, rename, link and spawn, whoever makes it. Git's own changes are whole in themselves;
# a spawn is the point before them, and the next point is the one after.
_END = "killer.end"
_EVENTS = {"os.mkdir", "os.rename", "os.link", "os.symlink", "os.rmdir", "os.remove", "os.utime", "os.chmod"}


def watch(top: str, point: int, passed: int) -> None:
    """End this process at a point; write each that it comes past to a descriptor."""
    count = 0

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal count
        if _is_point(event, arguments, top):
            count += 1
            os.write(passed, b"." if event in {"subprocess.Popen", _END} else b"!")
            if count == point:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def _is_point(event: str, arguments: tuple[Any, ...], top: str) -> bool:
    if event in {"subprocess.Popen", _END}:
        return True
    if event == "open":
        flags = arguments[2]
        writes = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        return bool(writes) and _is_under(arguments[0], top)
    return event in _EVENTS and any(_is_under(argument, top) for argument in _paths(arguments))


def _paths(arguments: tuple[Any, ...]) -> Iterator[object]:
    """Yield what an event names; `shutil.rmtree` names files by the descriptor of their folder."""
    for argument in arguments:
        if isinstance(argument, int) and argument > 2:
            with suppress(OSError):
                yield str(Path(f"/proc/self/fd/{argument}").readlink())
        yield argument


def _is_under(path: object, top: str) -> bool:
    return isinstance(path, (str, bytes, os.PathLike)) and os.fsdecode(path).startswith(top)


def _child(run: dict[str, Any], passed: int) -> int:
    os.chdir(run["folder"])
    quiet = os.open(os.devnull, os.O_RDWR)
    os.dup2(quiet, 1)
    watch(run["top"], run["point"], passed)
    code = _exit_code(run["words"])
    # The last point: all is done, and nobody was told.
    sys.audit(_END)
    return code


def _exit_code(words: list[str]) -> int:
    from scaffold.cli.main import main

    try:
        main(words)
    except SystemExit as error:
        return int(error.code or 0)
    except BaseException:  # noqa: BLE001 - a child must not go on as the server
        traceback.print_exc()
        return 3
    return 0


def _run(run: dict[str, Any]) -> dict[str, int]:
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.close(reader)
        os._exit(_child(run, writer))
    os.close(writer)
    points = b""
    while found := os.read(reader, 4096):
        points += found
    os.close(reader)
    _, status = os.waitpid(child, 0)
    return {"code": os.waitstatus_to_exitcode(status), "points": len(points), "first": points.find(b"!") + 1}


def serve() -> None:
    """Answer until there is nothing more to read."""
    import copier  # noqa: F401 - so that no child has to

    import scaffold.cli.update
    import scaffold.flows.update  # noqa: F401

    for line in sys.stdin:
        print(json.dumps(_run(json.loads(line))), flush=True)


if __name__ == "__main__":
    serve()
