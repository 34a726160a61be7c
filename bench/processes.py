"""Times whole processes against each other, in turn, so that both see the same machine."""

from __future__ import annotations

import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Command = Callable[[], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two figures, of two commands the medians in seconds; `most` is the ratio that the project promises.

    `unit` and `form` say how they are shown.
    """

    what: str
    ours: float
    peer: float
    most: float
    unit: str = "s"
    form: str = ".3f"

    @property
    def ratio(self) -> float:
        """Ours over the peer's."""
        return self.ours / self.peer

    @property
    def is_kept(self) -> bool:
        """Whether the promise is kept."""
        return self.ratio <= self.most


def compare(
    what: str,
    ours: Command,
    peer: Command,
    most: float,
    rounds: int = 15,
    environment: Mapping[str, str] | None = None,
) -> Comparison:
    """Run both commands `rounds` times in turn.

    Each call of a Command gives the words of one run, and may prepare for it: that is not timed.
    """
    seconds: dict[str, list[float]] = {"ours": [], "peer": []}
    for name, command in (("ours", ours), ("peer", peer)):
        timed(command(), environment)
        seconds[name].clear()
    for _ in range(rounds):
        seconds["ours"].append(timed(ours(), environment))
        seconds["peer"].append(timed(peer(), environment))
    return Comparison(what, statistics.median(seconds["ours"]), statistics.median(seconds["peer"]), most)


def timed(words: Sequence[str], environment: Mapping[str, str] | None = None) -> float:
    """Run a command once and return its seconds."""
    started = time.perf_counter()
    subprocess.run(words, check=True, capture_output=True, stdin=subprocess.DEVNULL, env=environment)
    return time.perf_counter() - started
