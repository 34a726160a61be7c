"""The run checks: each starts the image as production would and watches one promise being kept."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import suppress

from scaffold.errors import ScaffoldError
from scaffold.verify.model import Check, NotApplicable, Outcome, Problem, Step, check
from scaffold.verify.running.container import Container, json_lines
from scaffold.verify.running.subject import RunSubject, last_words

# OpenShift and hardened clusters give each namespace a user id of its own, with group 0.
ARBITRARY_USER = "1234567:0"
_OTHER_PORT_OFFSET = 1111
_DRAIN_SECONDS = 2
_SETTLE_SECONDS = 0.3


@check(
    "run-starts",
    Step.RUN,
    title="the service comes up with a read-only root, no capabilities and no new privileges",
    why="That is how production should run it: what a process cannot do, an intruder cannot do either.",
)
def starts(subject: RunSubject) -> Iterator[Problem]:
    """Start once with everything taken away, and measure."""
    with subject.container("start") as container:
        seconds = container.await_ready(subject.contract.first_path, subject.contract.start)
        if seconds is None:
            yield Problem(
                f"the service does not come up: {last_words(container)}",
                "it has to run with a read-only root, no capabilities and its own user; try `docker run "
                "--read-only --cap-drop ALL --security-opt no-new-privileges`",
            )
            return
        subject.facts["seconds_to_ready"] = round(seconds, 3)
        # A daemon on a machine without `ps` cannot tell; that is no fault of the image.
        with suppress(ScaffoldError):
            subject.facts["resident_bytes"] = subject.engine.resident_memory(container.id)


@check(
    "run-answers",
    Step.RUN,
    title="root, liveness and readiness answer",
    why="A container that runs is not yet a service that works.",
)
def answers(subject: RunSubject) -> Outcome:
    """Ask for each path that the contract names."""
    contract = subject.contract
    paths = list(filter(None, (contract.root, contract.live, contract.ready)))
    return _unanswered(subject, paths) if paths else NotApplicable("the project names no path to ask for")


def _unanswered(subject: RunSubject, paths: list[str]) -> Iterator[Problem]:
    with subject.ready_container("answers") as container:
        for path in paths:
            answer = container.get(path)
            if not answer.ok:
                said = f"status {answer.status}" if answer.status else answer.text
                yield Problem(f"GET {path}: {said}", f"answer GET {path} with a 2xx status", path)


@check(
    "run-port",
    Step.RUN,
    title="the port follows the environment",
    why="Platforms choose the port; a service that ignores it is unreachable there.",
)
def follows_port(subject: RunSubject) -> Outcome:
    """Move the service to another port by its variable."""
    variable = subject.contract.port_variable
    return _port_problems(subject, variable) if variable else NotApplicable("no variable sets the port")


def _port_problems(subject: RunSubject, variable: str) -> Iterator[Problem]:
    other = subject.port + _OTHER_PORT_OFFSET
    with subject.container("port", port=other, environment={variable: str(other)}) as container:
        if container.await_ready(subject.contract.first_path, subject.contract.start) is None:
            yield Problem(
                f"with {variable}={other} nothing answers on port {other}: {last_words(container)}",
                f"listen on the port that {variable} names",
            )


@check(
    "run-logs",
    Step.RUN,
    title="logs are JSON lines on stdout",
    why="The platform collects stdout and indexes the fields; free text and stderr are lost to queries.",
)
def logs_json(subject: RunSubject) -> Outcome:
    """Read the log of a service that started, answered and stopped."""
    return _log_problems(subject) if subject.contract.json_logs else NotApplicable("logs have no promised form")


def _log_problems(subject: RunSubject) -> Iterator[Problem]:
    with subject.ready_container("logs") as container:
        container.get(subject.contract.root or "/")
        container.signal("SIGTERM")
        container.await_exit(subject.contract.grace)
        logs = container.logs()
    objects, others = json_lines(logs.stdout)
    if not objects and not others:
        yield Problem("nothing is logged on stdout", "log to stdout: the platform collects it from there")
    if others:
        yield Problem(f"not a JSON object: {others[0]!r}", "log one JSON object a line", "stdout")
    if logs.stderr.strip():
        first = logs.stderr.strip().splitlines()[0]
        yield Problem(f"a line went to stderr: {first!r}", "log to stdout alone, as JSON", "stderr")


@check(
    "run-any-user",
    Step.RUN,
    title="it works as an arbitrary user id",
    why="Hardened clusters run each namespace under an id of its own that no image knows.",
)
def any_user(subject: RunSubject) -> Iterator[Problem]:
    """Start as a user that the image has never heard of."""
    with subject.container("user", user=ARBITRARY_USER) as container:
        if container.await_ready(subject.contract.first_path, subject.contract.start) is None:
            yield Problem(
                f"as user {ARBITRARY_USER} the service does not come up: {last_words(container)}",
                "let the program be read and run by all (mode 0755), and write nowhere but to /tmp",
            )


@check(
    "run-healthcheck",
    Step.RUN,
    title="HEALTHCHECK turns healthy",
    why="Compose and Docker wait for it; one that needs a shell fails on a base without one.",
)
def healthcheck(subject: RunSubject) -> Outcome:
    """Wait for the word of HEALTHCHECK."""
    return _health_problems(subject) if subject.contract.healthcheck else NotApplicable("no HEALTHCHECK")


def _health_problems(subject: RunSubject) -> Iterator[Problem]:
    with subject.ready_container("health") as container:
        health = container.await_health(subject.contract.start)
        if health != "healthy":
            yield Problem(
                f"HEALTHCHECK says {health!r} of a service that answers",
                "let HEALTHCHECK run a program that is in the image, in exec form, and that exits with 0",
            )


@check(
    "run-in-flight",
    Step.RUN,
    title="a request that is in flight at SIGTERM is answered",
    why="Every roll-out sends SIGTERM; requests that are cut then are errors that users see.",
)
def in_flight(subject: RunSubject) -> Iterator[Problem]:
    """Send half a request, then SIGTERM, then the rest.

    A service that can drain is given the time: net/http and others drop a request whose head is not whole at
    the moment when they stop serving.
    """
    variable = subject.contract.drain_variable
    environment = {variable: f"{_DRAIN_SECONDS}s"} if variable else {}
    with subject.ready_container("in-flight", environment=environment) as container:
        request = container.begin_request(subject.contract.root or subject.contract.first_path)
        time.sleep(_SETTLE_SECONDS)
        container.signal("SIGTERM")
        time.sleep(_SETTLE_SECONDS)
        answer = request.finish()
        if not answer.ok:
            said = f"status {answer.status}" if answer.status else answer.text
            yield Problem(
                f"a request that was in flight at SIGTERM was not answered: {said}",
                "on SIGTERM stop accepting, finish what is in flight, then exit",
            )
        yield from _exit_problems(subject, container)


@check(
    "run-stops",
    Step.RUN,
    title="SIGTERM ends it with 0 within its grace",
    why="A service that ignores SIGTERM is killed after the grace, and each deployment waits for that.",
)
def stops(subject: RunSubject) -> Iterator[Problem]:
    """Send SIGTERM to an idle service and measure how long it takes to end."""
    with subject.ready_container("stop") as container:
        asked = time.monotonic()
        container.signal("SIGTERM")
        yield from _exit_problems(subject, container)
        subject.facts["seconds_to_stop"] = round(time.monotonic() - asked, 3)


def _exit_problems(subject: RunSubject, container: Container) -> Iterator[Problem]:
    code = container.await_exit(subject.contract.grace)
    if code is None:
        yield Problem(
            f"SIGTERM did not end the service within {subject.contract.grace:.0f} s",
            "handle SIGTERM; an exec-form ENTRYPOINT lets it reach the program, a shell in between does not",
        )
    elif code != 0:
        yield Problem(f"after SIGTERM it exited with {code}", "exit with 0 when asked to stop")


@check(
    "run-drains",
    Step.RUN,
    title="readiness is 503 while it drains, and it still serves",
    why="Load balancers learn late that a pod is going; until then its requests must be answered.",
)
def drains(subject: RunSubject) -> Outcome:
    """Ask for readiness while the service drains."""
    contract = subject.contract
    if not contract.drain_variable or not contract.ready:
        return NotApplicable("the project names no drain delay")
    return _drain_problems(subject, contract.ready)


def _drain_problems(subject: RunSubject, ready: str) -> Iterator[Problem]:
    drain = {subject.contract.drain_variable: f"{_DRAIN_SECONDS}s"}
    with subject.ready_container("drain", environment=drain) as container:
        container.signal("SIGTERM")
        time.sleep(_SETTLE_SECONDS)
        answer = container.get(ready)
        if answer.status != 503:
            said = f"status {answer.status}" if answer.status else answer.text
            yield Problem(
                f"while draining, GET {ready}: {said}",
                "answer 503 from SIGTERM on, and keep serving for the drain delay: load balancers need both",
                ready,
            )


@check(
    "run-configuration",
    Step.RUN,
    title="a wrong setting stops it at start with one clear line",
    why="A typo must fail the deployment at once and say why, not surface under load.",
)
def refuses_bad_configuration(subject: RunSubject) -> Outcome:
    """Start with a wrong setting."""
    wrong = subject.contract.bad_environment
    return _configuration_problems(subject) if wrong else NotApplicable("the project names no wrong setting")


def _configuration_problems(subject: RunSubject) -> Iterator[Problem]:
    wrong = dict(subject.contract.bad_environment)
    words = " ".join(f"{name}={value}" for name, value in wrong.items())
    with subject.container("configuration", environment=wrong) as container:
        code = container.await_exit(subject.contract.grace)
        logs = container.logs()
    lines = (logs.stdout + logs.stderr).strip().splitlines()
    if code is None:
        yield Problem(f"with {words} the service starts all the same", "validate the configuration at start")
    elif code == 0:
        yield Problem(f"with {words} it exits with 0", "exit with a code other than 0")
    if code is not None and not _is_one_clear_line(lines, wrong):
        yield Problem(
            f"with {words} it logs {len(lines)} lines, not one that names what is wrong: {lines[:1]}",
            "log one line that names the variable and what is allowed",
        )


def _is_one_clear_line(lines: list[str], wrong: dict[str, str]) -> bool:
    return len(lines) == 1 and any(name in json.dumps(lines[0]) for name in wrong)


CHECKS: tuple[Check[RunSubject], ...] = (
    starts,
    answers,
    follows_port,
    logs_json,
    any_user,
    healthcheck,
    in_flight,
    stops,
    drains,
    refuses_bad_configuration,
)
