"""What a blueprint says of itself in blueprint.yml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from scaffold.bases import BASES, Base
from scaffold.document import Section, load

_MEGA = 1_000_000


@dataclass(frozen=True, slots=True)
class Excluded:
    """A base that people look for and the blueprint does not offer, and why."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Budget:
    """How many bytes an image may add to its base, and have in total; None is no limit.

    Unpacked is the length of the layers' tar archives, compressed that of the same under gzip at level 6.
    """

    adds: int | None = None
    adds_compressed: int | None = None
    total: int | None = None
    total_compressed: int | None = None

    def plus(self, more: Budget) -> Budget:
        """Return one that is larger by `more`; what is not limited stays so."""
        limits = {limit.name: getattr(self, limit.name) for limit in fields(self)}
        return Budget(
            **{name: None if most is None else most + (getattr(more, name) or 0) for name, most in limits.items()}
        )


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much more than the budget of its base an image may have where a question has this answer."""

    question: str
    answer: str
    more: Budget


@dataclass(frozen=True, slots=True)
class BaseOffer:
    """A base that the blueprint supports, with the expected size of the whole image in MB (10^6 bytes).

    `base` has the traits of the very image that the last stage starts from; `budget` is this base's own, else
    the blueprint's.
    """

    base: Base
    size: float
    compressed: float
    budget: Budget | None


@dataclass(frozen=True, slots=True)
class Contract:
    """What a service promises. A path or a variable that is "" is not promised and not tested.

    `bad_environment` must keep the service from starting; `grace` is the seconds it may take to stop, `start`
    the seconds it may take to come up.
    """

    root: str = ""
    live: str = ""
    ready: str = ""
    port_variable: str = ""
    drain_variable: str = ""
    bad_environment: Mapping[str, str] = field(default_factory=dict)
    json_logs: bool = False
    healthcheck: bool = False
    grace: float = 10.0
    start: float = 30.0

    @property
    def first_path(self) -> str:
        """The path that tells that the service is up."""
        return self.ready or self.live or self.root or "/"


@dataclass(frozen=True, slots=True)
class Blueprint:
    """One blueprint. `folder` has its copier.yml."""

    name: str
    title: str
    description: str
    language: str
    version: str
    bases: tuple[BaseOffer, ...]
    excluded: tuple[Excluded, ...]
    contract: Contract
    folder: Path
    allowances: tuple[Allowance, ...] = ()

    def offer(self, base: str) -> BaseOffer | None:
        """Return what it offers on the base of that id, or None."""
        return next((offer for offer in self.bases if offer.base.id == base), None)

    def budget(self, base: str, answers: Mapping[str, Any]) -> Budget | None:
        """Return what an image on that base may have with these answers, or None where nothing is limited."""
        offer = self.offer(base)
        budget = offer.budget if offer else None
        for allowance in self.allowances:
            if budget and answers.get(allowance.question) == allowance.answer:
                budget = budget.plus(allowance.more)
        return budget


def read_blueprint(folder: Path) -> Blueprint:
    """Read `folder`/blueprint.yml; raises BlueprintError with file and line."""
    top = load(folder / "blueprint.yml")
    budget = _budget(top.section("budget"))
    blueprint = Blueprint(
        name=top.take("name", str),
        title=top.take("title", str),
        description=top.take("description", str),
        language=top.take("language", str),
        version=top.take("version", str),
        bases=tuple(_base_offer(section, budget) for section in top.sections("bases")),
        excluded=tuple(_excluded(section) for section in top.sections("excluded")),
        contract=_contract(top.section("contract")),
        folder=folder,
        allowances=tuple(_allowance(section) for section in top.sections("allowances")),
    )
    top.finish()
    return blueprint


def plain_template(name: str, folder: Path) -> Blueprint:
    """Return what can be said of a copier template that has no blueprint.yml: it is a blueprint too."""
    return Blueprint(
        name=name,
        title=name,
        description="a copier template",
        language="",
        version="0.0.0.dev0",
        bases=(),
        excluded=(),
        contract=Contract(),
        folder=folder,
    )


def describe(root: Path, name: str) -> Blueprint:
    """Read what the template at `root` says of itself, under the name that its catalog gives it."""
    return read_blueprint(root) if (root / "blueprint.yml").is_file() else plain_template(name, root)


def _base_offer(section: Section, budget: Budget | None) -> BaseOffer:
    name = section.take("id", str)
    if name not in BASES:
        raise section.error(f"unknown base {name!r}", "id", hint=f"known: {', '.join(BASES)}")
    family = BASES[name]
    offer = BaseOffer(
        base=replace(
            family, image=section.take("image", str, family.image), libc=section.take("libc", str, family.libc)
        ),
        size=section.take("size", float),
        compressed=section.take("compressed", float),
        budget=_budget(section.section("budget")) or budget,
    )
    section.finish()
    return offer


def _excluded(section: Section) -> Excluded:
    excluded = Excluded(section.take("id", str), section.take("reason", str))
    section.finish()
    return excluded


def _allowance(section: Section) -> Allowance:
    question, answer = section.take("question", str), section.take("answer", str)
    more = _budget(section.section("more"))
    if more is None:
        raise section.error("an allowance has to say how much more", "more")
    section.finish()
    return Allowance(question, answer, more)


def _budget(section: Section | None) -> Budget | None:
    if section is None:
        return None
    limits = {limit.name: _bytes(section, limit.name) for limit in fields(Budget)}
    section.finish()
    return Budget(**limits)


def _bytes(section: Section, key: str) -> int | None:
    megabytes = section.optional(key, float)
    return None if megabytes is None else round(megabytes * _MEGA)


def _contract(section: Section | None) -> Contract:
    if section is None:
        return Contract()
    default = Contract()
    wrong: dict[str, object] = section.take("bad_environment", dict, {})
    contract = Contract(
        root=section.take("root", str, default.root),
        live=section.take("live", str, default.live),
        ready=section.take("ready", str, default.ready),
        port_variable=section.take("port_variable", str, default.port_variable),
        drain_variable=section.take("drain_variable", str, default.drain_variable),
        bad_environment={str(name): str(value) for name, value in wrong.items()},
        json_logs=section.take("json_logs", bool, default.json_logs),
        healthcheck=section.take("healthcheck", bool, default.healthcheck),
        grace=section.take("grace", float, default.grace),
        start=section.take("start", float, default.start),
    )
    section.finish()
    return contract
