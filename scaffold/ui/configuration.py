"""How `config` shows what holds."""

from __future__ import annotations

from scaffold.flows.config import Effective
from scaffold.ui.terminal import faint, heading, say


def print_effective(found: Effective) -> None:
    """Print where the file is, then a line a setting."""
    say(f"{heading(str(found.path))}{'' if found.exists else faint(' (not there: all by default)')}")
    lines = [
        ("catalog", found.catalog),
        ("trusted", ", ".join(found.trusted) or "no source but the built-in one"),
        ("certificates", found.ca_bundle or "the system's own"),
        *found.mirrors.items(),
    ]
    for name, value in lines:
        say(f"{name:<20}  {value}")
