"""The lines that tell what the lab is doing, each with the seconds since it began."""

from __future__ import annotations

import time
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Progress:
    """Seconds count from when it was made; it can be handed to another process of the same machine."""

    began: float = field(default_factory=time.monotonic)

    def say(self, message: str) -> None:
        """Print one line."""
        print(f"[{time.monotonic() - self.began:6.1f} s] {message}", flush=True)
