"""The closing words of a verification."""

from __future__ import annotations

from collections.abc import Callable

import click

from scaffold.ui.terminal import faint, human_bytes, human_seconds, say
from scaffold.verify.model import Report, Status

_FACTS: tuple[tuple[str, str, Callable[[float], str]], ...] = (
    ("size_bytes", "{} on disk", human_bytes),
    ("compressed_bytes", "{} compressed", human_bytes),
    ("layers", "{}", lambda count: f"{count:.0f} layer{'' if count == 1 else 's'}"),
    ("seconds_build", "built in {}", human_seconds),
    ("seconds_to_ready", "ready in {}", human_seconds),
    ("seconds_rebuild", "rebuilt in {}", human_seconds),
    ("resident_bytes", "{} resident", human_bytes),
)


def print_report(report: Report) -> None:
    """Print what was measured, how many checks ended how, and where the logs are."""
    measured = []
    for name, words, form in _FACTS:
        value = report.facts.get(name)
        if isinstance(value, (int, float)):
            measured.append(words.format(form(value)))
    say()
    if measured:
        say(" · ".join(measured))
    if report.facts.get("stand_in_base"):
        say(faint("measured on a base image that stands in for the published one"))
    counts = [f"{count} {status.value}" for status in Status if (count := report.count(status))]
    colour = "red" if report.count(Status.FAILED) else "green"
    say(f"{click.style(', '.join(counts), fg=colour, bold=True)}")
    if image := report.facts.get("image"):
        say(f"kept as {image}")
    if report.unavailable:
        say(f"{click.style('not run:', fg='yellow')} {report.unavailable}")
        say(f"{click.style('hint:', fg='cyan')} {report.unavailable_hint}")
    if report.logs:
        say(f"logs: {report.logs}")
