"""Questions and files of a copier template: the only importer of copier.

`Worker` and `Question` are internal to copier, but they alone give its exact meaning of defaults, choices,
`when` and validators; tests hold them to what is used here, and the dependency is capped below the next major.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scaffold.errors import AnswersError, BlueprintError, InputError

if TYPE_CHECKING:
    from copier._main import Worker
    from copier._user_data import Question as CopierQuestion

_UNSAFE = ("tasks", "migrations", "jinja_extensions")
_WORDS = {"int": "a whole number", "float": "a number", "bool": "yes or no", "json": "JSON", "yaml": "YAML"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a question's choices; `disabled` is the reason why it cannot be taken, or ""."""

    label: str
    value: Any
    disabled: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One question as it stands after the answers so far. `default` is None where there is none."""

    key: str
    type: str
    help: str
    default: Any
    choices: tuple[Choice, ...] = ()
    secret: bool = False
    multiselect: bool = False


class Questionnaire:
    """The questions of one template, in their order."""

    def __init__(self, root: Path) -> None:
        """Read the template at `root`; raises BlueprintError when it is broken or wants to run code."""
        with _ours(root):
            self._worker = _worker(root)
            self._details = dict(self._worker.template.questions_data)
            self._refuse_code()

    @property
    def keys(self) -> list[str]:
        """The names of all questions."""
        return list(self._details)

    @property
    def secrets(self) -> set[str]:
        """The names of the questions whose answers are never written down."""
        return set(self._worker.template.secret_questions)

    def question(self, key: str, answers: Mapping[str, Any]) -> Question | None:
        """Return a question as it stands after `answers`, or None when it is not asked then."""
        with _ours():
            asked = self._asked(key, answers)
            if not asked.get_when():
                return None
            return Question(
                key=key,
                type=asked.get_type_name(),
                help=asked.render_value(asked.help) or key,
                default=_default(asked),
                choices=tuple(
                    Choice(str(choice.title), choice.value, choice.disabled or "")
                    for choice in asked._formatted_choices
                ),
                secret=asked.secret,
                multiselect=asked.multiselect,
            )

    def accept(self, key: str, raw: Any, answers: Mapping[str, Any]) -> Any:
        """Return the answer that `raw` stands for; raises InputError with one line when it is refused."""
        asked = self._asked(key, answers)
        try:
            _refuse_other_type(asked, raw)
            answer = asked.parse_answer(raw)
            asked.validate_answer(answer)
        except Exception as error:
            raise InputError(f"{key}: {_refusal(asked, raw, error)}") from error
        return answer

    def resolve(self, given: Mapping[str, Any], *, use_defaults: bool) -> dict[str, Any]:
        """Return an answer to every question that is asked, from `given` and, if wanted, the defaults.

        Raises AnswersError with a line for each unknown, refused or missing answer, all at once.
        """
        problems = [self._unknown(key) for key in given if key not in self._details]
        answers: dict[str, Any] = {}
        missing = []
        for key in self._details:
            question = self.question(key, answers)
            if question is None:
                continue
            # Stands in for a refused or missing answer, so that the questions after it can be looked at too.
            answers[key] = question.default
            if key not in given and (not use_defaults or question.default is None):
                missing.append(key)
                continue
            try:
                answers[key] = self.accept(key, given.get(key, question.default), answers)
            except InputError as error:
                problems.append(error.message)
        if missing:
            problems.append(f"missing: {', '.join(missing)}")
        if problems:
            raise AnswersError(problems, hint="give answers with --data NAME=VALUE, or take --defaults")
        return answers

    def _unknown(self, key: str) -> str:
        near = get_close_matches(key, self._details, n=1)
        return f"{key}: no such question; " + (
            f"did you mean {near[0]!r}?" if near else f"there are {', '.join(self._details)}"
        )

    def _asked(self, key: str, answers: Mapping[str, Any]) -> CopierQuestion:
        from copier._settings import SettingsModel
        from copier._user_data import AnswersMap
        from copier._user_data import Question as CopierQuestion

        self._worker.answers = AnswersMap(user=dict(answers))
        return CopierQuestion(
            var_name=key,
            answers=self._worker.answers,
            context=self._worker._render_context(),
            jinja_env=self._worker.jinja_env,
            settings=SettingsModel(),
            **self._details[key],
        )

    def _refuse_code(self) -> None:
        config = self._worker.template.config_data
        found = [feature for feature in _UNSAFE if config.get(feature)]
        if found:
            raise BlueprintError(
                f"the blueprint wants to run code on this machine ({', '.join(found)})",
                hint="scaffold renders only blueprints without tasks, migrations and extensions",
            )


def render(root: Path, destination: Path, answers: Mapping[str, Any]) -> None:
    """Write the files of the template at `root` to `destination`; raises BlueprintError when it is broken."""
    with _ours(root):
        worker = _worker(root, destination, answers)
        # It starts git for each file, to keep the index of an existing repository in step; there is none here,
        # and that is a sixth of the time.
        worker._sync_git_index_executable_bit = _nothing  # type: ignore[method-assign]
        with worker:
            worker.run_copy()


def _nothing(*_: object, **__: object) -> None:
    """Do nothing."""


def _worker(root: Path, destination: Path | None = None, answers: Mapping[str, Any] | None = None) -> Worker:
    from copier._main import Worker
    from copier._settings import SettingsModel

    return Worker(
        src_path=str(root),
        dst_path=destination or Path(),
        data=dict(answers or {}),
        # A user's own settings of copier would make two machines render two projects.
        settings=SettingsModel(),
        defaults=True,
        quiet=True,
        skip_tasks=True,
    )


def _default(asked: CopierQuestion) -> Any:
    from copier._types import MISSING

    try:
        default = asked.get_default()
    except ValueError:
        # A default that its own validator refuses is none: the question has to be answered.
        return None
    return None if default is MISSING else default


def _refuse_other_type(asked: CopierQuestion, raw: Any) -> None:
    """Refuse what Python would quietly turn into something else: int(1.9) is 1, str(True) is "True"."""
    kind = asked.get_type_name()
    if (kind == "int" and isinstance(raw, (bool, float))) or (kind == "str" and isinstance(raw, (bool, float))):
        raise TypeError(kind)


def _refusal(asked: CopierQuestion, raw: Any, error: Exception) -> str:
    kind = asked.get_type_name()
    choices = [choice for choice in asked._formatted_choices if not choice.disabled]
    if choices:
        disabled = {str(choice.value): choice.disabled for choice in asked._formatted_choices if choice.disabled}
        if str(raw) in disabled:
            return f"{raw!r} cannot be taken: {disabled[str(raw)]}"
        values = [str(choice.value) for choice in choices]
        near = get_close_matches(str(raw), values, n=1)
        return f"{raw!r} is no choice; " + (
            f"did you mean {near[0]!r}?" if near else f"there are {', '.join(values)}"
        )
    found = re.match(r"Validation error for question '[^']*': (.*)", " ".join(str(error).split()))
    if found:
        return f"{raw!r} is refused: {found[1]}"
    return f"{raw!r} is not {_WORDS.get(kind, 'one line of text')}"


@contextmanager
def _ours(root: Path | None = None) -> Iterator[None]:
    """Turn what copier, Jinja, YAML and pydantic raise into our errors, with file and line where known."""
    try:
        yield
    except (AnswersError, BlueprintError, InputError):
        raise
    except Exception as error:
        # A full disk is not the author's fault; Jinja's TemplateNotFound is an OSError too, without a number.
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise BlueprintError(
            _described(error, root), hint="this is for the blueprint's author to mend"
        ) from error


def _described(error: Exception, root: Path | None) -> str:
    place = _place_of(error)
    text = " ".join(str(error).split()) or type(error).__name__
    if root is not None:
        place, text = (words.replace(f"{root}/", "").replace(str(root), root.name) for words in (place, text))
    return f"{place}: {text}" if place else text


def _place_of(error: Exception) -> str:
    """Find the template line: Jinja's syntax errors carry it, its others have it in the traceback."""
    name, line = getattr(error, "filename", None), getattr(error, "lineno", None)
    if name and line:
        return f"{name}:{line}"
    trace, place = error.__traceback__, ""
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if not file.endswith(".py") and not file.startswith("<"):
            place = f"{file}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
