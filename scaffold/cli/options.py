"""Flags that more than one command has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def catalog_options(command: Command) -> Command:
    """Add `--catalog` and `--offline`."""
    for option in (
        click.option(
            "--offline", is_flag=True, help="Take a catalog of git from the cache, as it was last time."
        ),
        click.option(
            "--catalog",
            "-c",
            default="",
            metavar="URL[@REF]",
            help="Where blueprints come from: a git repository or a folder; else that of the configuration.",
        ),
    ):
        command = option(command)
    return command


def answers_file_option(command: Command) -> Command:
    """Add `--answers-file`."""
    return click.option(
        "--answers-file",
        default="",
        metavar="FILE",
        help="Which answers file, seen from PROJECT, when more than one blueprint is in it.",
    )(command)
