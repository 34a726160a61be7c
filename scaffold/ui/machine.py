"""How `doctor` shows a machine."""

from __future__ import annotations

import click

from scaffold.flows.doctor import EngineState, Machine
from scaffold.ui.terminal import faint, human_bytes, say


def print_machine(machine: Machine) -> None:
    """Print a line a thing, with how to mend what is missing."""
    _line(True, "scaffold", f"{machine.scaffold}, Python {machine.python}, {machine.platform}")
    _line(bool(machine.git), "git", machine.git or "not installed: projects get no repository")
    for engine in machine.engines:
        _print_engine(engine)
    _line(True, "certificates", machine.ca_bundle or "the system's own")
    proxies = ", ".join(f"{name}={value}" for name, value in machine.proxies.items())
    _line(True, "proxy", proxies or "none")
    _line(True, "cache", f"{machine.cache}, {human_bytes(machine.cache_bytes)}")


def _print_engine(engine: EngineState) -> None:
    _line(not engine.problem, engine.name, engine.problem or f"{engine.version} at {engine.program}")
    if engine.capabilities is not None:
        able = engine.capabilities
        rights = "rootless" if able.rootless else "as root"
        health = "health checks by its daemon" if able.health_daemon else "health checks on demand"
        say(faint(f"    {able.builder}, {rights}, {able.storage} storage, {health}"))
    if engine.hint:
        say(faint(f"    {engine.hint}"))


def _line(good: bool, name: str, text: str) -> None:
    mark = click.style("✓", fg="green") if good else click.style("✗", fg="yellow")
    say(f"{mark} {name:<12}  {text}")
