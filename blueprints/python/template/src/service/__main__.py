"""`python -m service` serves; `python -m service healthcheck` asks whether the running service is alive."""

import signal
import sys
from typing import NoReturn


def main(arguments: list[str]) -> int:
    """Run a command; the result is the exit code."""
    # Each imports what it needs: a health check, which runs every few seconds, would otherwise spend most of
    # its time on loading FastAPI.
    if arguments == ["healthcheck"]:
        from service.healthcheck import healthcheck  # noqa: PLC0415

        return healthcheck()
    from service.serve import serve  # noqa: PLC0415

    return serve(arguments)


def stop(_signal: int, _frame: object) -> NoReturn:
    """End before the service is up; as process 1 it would otherwise ignore the signal."""
    sys.exit(0)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, stop)
    sys.exit(main(sys.argv[1:]))
