"""Questions and files of a copier template: the only importer of copier.

`Worker` and `Question` are internal to copier, but they alone give its exact meaning of defaults, choices,
`when` and validators; tests hold them to what is used here, and the dependency is capped below the next major.
"""

from __future__ import annotations

import os
import re
import shlex
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Literal

from scaffold.errors import AnswersError, BlueprintError, InputError, ScaffoldError, UntrustedError
from scaffold.links import link_out_of

if TYPE_CHECKING:
    from copier._main import Worker
    from copier._template import Task, Template
    from copier._user_data import Question as CopierQuestion
    from jinja2 import Environment

# What runs code on the machine that renders: copier's own list (its settings `trust` and `--trust`).
_UNSAFE = {"tasks": "task", "migrations": "migration", "jinja_extensions": "extension"}
_ANSWERS_FILE = ".copier-answers.yml"
_WORDS = {"int": "a whole number", "float": "a number", "bool": "yes or no", "json": "JSON", "yaml": "YAML"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a question's choices; `disabled` is the reason why it cannot be taken, or ""."""

    label: str
    value: Any
    disabled: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One question as it stands after the answers so far. `default` is None where there is none.

    One that is not `asked` of people keeps its default unless it is answered in another way.
    """

    key: str
    type: str
    help: str
    default: Any
    choices: tuple[Choice, ...] = ()
    secret: bool = False
    multiselect: bool = False
    asked: bool = True


@dataclass(frozen=True, slots=True)
class Moves:
    """From which version to which a project moves, and where it is on that way: "before" or "after" the merge."""

    old: str
    new: str
    stage: Literal["before", "after"]


class Questionnaire:
    """The questions of one template, in their order."""

    def __init__(self, root: Path, *, trusted: bool = False) -> None:
        """Read the template at `root`.

        Raises BlueprintError when it is broken, UntrustedError when it would run code and is not `trusted`.
        """
        self.root = root
        self.trusted = trusted
        with _ours(root):
            self._worker = _worker(root)
            # It is a plain folder. To find that out, copier makes a repository and asks git three times.
            vars(self._worker.template)["vcs"] = None
            self._details = dict(self._worker.template.questions_data)
            if not trusted:
                _refuse_code(self._worker)
            # Not before that, for it loads extensions. For each answer, settings would be compiled once more.
            vars(self._worker.jinja_env)["from_string"] = cache(self._worker.jinja_env.from_string)

    @property
    def keys(self) -> list[str]:
        """The names of all questions."""
        return list(self._details)

    @property
    def secrets(self) -> set[str]:
        """The names of the questions whose answers are never written down."""
        return set(self._worker.template.secret_questions)

    @property
    def environment(self) -> Environment:
        """The environment of Jinja in which the template is rendered."""
        return self._worker.jinja_env

    @property
    def has_migrations(self) -> bool:
        """Whether the template has programs that change a project on its way to it."""
        return bool(self._worker.template.config_data.get("migrations"))

    @property
    def subdirectory(self) -> str:
        """The folder below the template's root that has the project's files, "" for all of it."""
        return self._worker.template.subdirectory

    @property
    def suffix(self) -> str:
        """How the names of the files end that are templates; "" for all."""
        return self._worker.template.templates_suffix

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
                asked=asked.get_ask(),
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
            takes_default = use_defaults or not question.asked
            if key not in given and (not takes_default or question.default is None):
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

    def worker_for(
        self, destination: Path, answers: Mapping[str, Any], *, answers_file: str, tasks: bool = True
    ) -> Worker:
        """Return copier's worker for one project; what is read and compiled of the template already is shared."""
        runs = self.trusted and tasks
        worker = _worker(self.root, destination, answers, answers_file=answers_file, tasks=runs)
        vars(worker).update(template=self._worker.template, jinja_env=self._worker.jinja_env)
        return worker

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


def render(
    questions: Questionnaire,
    destination: Path,
    answers: Mapping[str, Any],
    *,
    answers_file: str = _ANSWERS_FILE,
    tasks: bool = True,
) -> frozenset[str]:
    """Write the files of the template that asks `questions` to `destination`, and run its `tasks` there.

    Returns which of them an update leaves alone where a project has them (copier's `_skip_if_exists`). Raises
    BlueprintError when it is broken, when a task fails, or when one that is not trusted writes a link that leads
    out of `destination`.
    """
    with _ours(questions.root):
        worker = questions.worker_for(destination, answers, answers_file=answers_file, tasks=tasks)
        # It starts git for each file, to keep the index of an existing repository in step; there is none here,
        # and that is a sixth of the time.
        worker._sync_git_index_executable_bit = _nothing  # type: ignore[method-assign]
        with worker, _stdout_on_stderr():
            worker.run_copy()
        if not questions.trusted and (link := link_out_of(destination)) is not None:
            raise BlueprintError(
                f"{link} would be a link to {(destination / link).readlink()}, out of the project",
                hint="this is for the blueprint's author to mend",
            )
        return _left_alone(worker, destination)


def migrate(
    questions: Questionnaire, project: Path, answers: Mapping[str, Any], moves: Moves, *, answers_file: str
) -> None:
    """Run the migrations of a template in a project that moves to it.

    Raises BlueprintError when one fails.
    """
    from copier._main import as_operation
    from copier._user_data import AnswersMap

    with _ours(questions.root):
        worker = questions.worker_for(project, answers, answers_file=answers_file)
        worker.answers = AnswersMap(user=dict(answers))
        with worker, _stdout_on_stderr():
            as_operation("update")(worker._execute_tasks)(_migrations(worker.template, moves))


def load_copier() -> None:
    """Import copier now, for processes that are forked afterwards to have it: it takes half a second of each."""
    import copier  # noqa: F401


def _left_alone(worker: Worker, tree: Path) -> frozenset[str]:
    if not worker.all_skip_if_exists:
        return frozenset()
    names = (path.relative_to(tree) for path in tree.rglob("*") if path.is_symlink() or path.is_file())
    return frozenset(name.as_posix() for name in names if worker.match_skip(name))


def _migrations(template: Template, moves: Moves) -> Sequence[Task]:
    """Return the migrations of a stage; copier asks git for the versions, and ours are known without."""
    from packaging.version import Version

    vars(template).update(version=Version(moves.new), commit=moves.new)
    before = SimpleNamespace(version=Version(moves.old), commit=moves.old)
    with warnings.catch_warnings():
        # Of the older form, which works as well.
        warnings.simplefilter("ignore", DeprecationWarning)
        return template.migration_tasks(moves.stage, before)  # type: ignore[arg-type]


def _code(worker: Worker) -> tuple[str, ...]:
    config = worker.template.config_data
    return tuple(f"{word} `{_shown(one)}`" for key, word in _UNSAFE.items() for one in config.get(key) or ())


def _shown(item: Any) -> str:
    """Return a task or a migration, in any of copier's forms, as one would type it."""
    if isinstance(item, list):
        return shlex.join(map(str, item))
    if not isinstance(item, dict):
        return str(item)
    stages = [*item.get("before", ()), *item.get("after", ())]
    return "; ".join(map(_shown, [item["command"]] if "command" in item else stages))


def _refuse_code(worker: Worker) -> None:
    if found := _code(worker):
        raise UntrustedError(
            f"the blueprint wants to run code on this machine: {', '.join(found)}",
            hint="read it first; `scaffold trust add CATALOG` allows all that comes from there",
        )


@contextmanager
def _stdout_on_stderr() -> Iterator[None]:
    """Let what tasks print go to stderr: stdout is for our result, which may be JSON."""
    sys.stdout.flush()
    kept = os.dup(1)
    try:
        os.dup2(2, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


def _nothing(*_: object, **__: object) -> None:
    """Do nothing."""


def _worker(
    root: Path,
    destination: Path | None = None,
    answers: Mapping[str, Any] | None = None,
    *,
    answers_file: str = _ANSWERS_FILE,
    tasks: bool = False,
) -> Worker:
    from copier._main import Worker
    from copier._settings import SettingsModel

    return Worker(
        src_path=str(root),
        dst_path=destination or Path(),
        # A template may name another file; what copier would write there has the path of `root` in it.
        answers_file=Path(answers_file),
        data=dict(answers or {}),
        # A user's own settings of copier would make two machines render two projects.
        settings=SettingsModel(),
        defaults=True,
        quiet=True,
        # What may not run has been refused before; copier's own question would be for a terminal.
        unsafe=True,
        skip_tasks=not tasks,
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
    except ScaffoldError:
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
