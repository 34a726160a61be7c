"""A release made ready to render: its files, its questions, and what its organisation answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scaffold.catalog.organisation import organisation_answers
from scaffold.catalog.releases import Release
from scaffold.catalog.trust import is_trusted
from scaffold.project.answers import FILE_NAME, Answers, write_answers
from scaffold.render import Questionnaire, render


@dataclass(frozen=True, slots=True)
class Template:
    """A release whose files are in `root`; `settled` are the answers that the catalog's organisation gives."""

    release: Release
    root: Path
    questions: Questionnaire
    settled: Mapping[str, Any]

    def write(
        self, tree: Path, answers: Mapping[str, Any], *, answers_file: str = FILE_NAME, tasks: bool = True
    ) -> frozenset[str]:
        """Write a project's files, and the answers but for secret ones, into `tree`.

        Returns and raises what `render` does.
        """
        left_alone = render(self.questions, tree, answers, answers_file=answers_file, tasks=tasks)
        kept = {key: value for key, value in answers.items() if key not in self.questions.secrets}
        write_answers(tree, Answers(self.release.source, self.release.version, kept), answers_file)
        return left_alone


def lay_out(release: Release, folder: Path) -> Template:
    """Lay a release out in `folder`; raises UntrustedError when it would run code that is not allowed."""
    root = release.materialise(folder / release.blueprint)
    questions = Questionnaire(root, trusted=is_trusted(release.origin))
    settled = {key: value for key, value in organisation_answers(root).items() if key in questions.keys}
    return Template(release, root, questions, settled)
