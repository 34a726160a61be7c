"""The checkers of others, which have an environment of their own."""

from __future__ import annotations

import os
from pathlib import Path

from scaffold.run import Finished, run
from tests.conftest import CHECKOUT


def tool(name: str, *arguments: str | Path, cwd: Path) -> Finished:
    """Run one of them in `cwd`."""
    tools = Path(os.environ.get("SCAFFOLD_TOOLS") or CHECKOUT / ".cache/tools")
    return run([str(tools / "bin" / name), *map(str, arguments)], cwd=cwd, check=False, timeout=300)
