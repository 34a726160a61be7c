"""`make updates`: what `scaffold update` and its peers make of the same situations. Writes bench/UPDATES.md."""

from __future__ import annotations

import subprocess
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from bench.updates.judge import RIGHT, verdict
from bench.updates.model import Scenario, Tool
from bench.updates.scenarios import SCENARIOS
from bench.updates.tools import Copier, Cruft, Ours

_TABLE = Path(__file__).parents[1] / "UPDATES.md"
_TITLE = """\
# Updates

Made by `make updates`: the same template in the format of each tool, the same project, the same edits, and each
tool used as its documentation says, with its defaults. One function judges what lies there afterwards, file by
file. A conflict counts as told by whatever means: git's index, markers in the file, a `.rej` beside it, or a line
of output that names the file.
"""


def main() -> int:
    """Run all, write the table, and exit with 1 when ours is not right everywhere."""
    tools: list[Tool] = [Ours(), Copier(), Cruft()]
    rows = []
    with tempfile.TemporaryDirectory(prefix="scaffold-updates-") as folder:
        for number, scenario in enumerate(SCENARIOS):
            rows.append([verdict(scenario, tool, Path(folder) / f"{tool.name}-{number}") for tool in tools])
            print(f"{scenario.name}: {' | '.join(rows[-1])}", flush=True)
    _TABLE.write_text(_report(tools, list(SCENARIOS), rows), encoding="utf-8")
    return int(any(row[0] != RIGHT for row in rows))


def _report(tools: list[Tool], scenarios: list[Scenario], rows: list[list[str]]) -> str:
    head = f"| situation | right is | {' | '.join(f'{tool.name} update' for tool in tools)} |"
    lines = [
        f"| {one.name} | {one.expected} | {' | '.join(cell.replace('|', '/') for cell in row)} |"
        for one, row in zip(scenarios, rows, strict=True)
    ]
    counts = [Counter(row[column].partition(":")[0] for row in rows) for column in range(len(tools))]
    sums = (", ".join(f"{count[word]} {word}" for word in (RIGHT, "wrong", "refuses")) for count in counts)
    versions = [tool.version() for tool in tools]
    git = subprocess.check_output(["git", "--version"], text=True).strip()
    table = "\n".join([head, "|---" * (len(tools) + 2) + "|", *lines, f"| {len(rows)} | | {' | '.join(sums)} |"])
    return f"{_TITLE}\n{table}\n\n{datetime.now(tz=UTC).date()}: {'; '.join([*versions, git])}\n"


if __name__ == "__main__":
    raise SystemExit(main())
