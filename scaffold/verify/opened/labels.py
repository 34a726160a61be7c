"""The check of labels: where an image comes from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from urllib.parse import urlsplit

from scaffold.verify.model import Problem, Severity
from scaffold.verify.opened.check import check
from scaffold.verify.opened.subject import ImageSubject

_PREFIX = "org.opencontainers.image."
_WANTED = ("title", "version", "revision", "source")
# The grammar of SPDX expressions (SPDX specification, annex D), without the list of licences, which grows.
_LICENCE = r"\(*(LicenseRef-|DocumentRef-)?[A-Za-z0-9.:-]+\+?\)*"
_LICENCES = re.compile(rf"{_LICENCE}(\s+(AND|OR|WITH)\s+{_LICENCE})*")


def _is_url(value: str) -> bool:
    parts = urlsplit(value)
    return parts.scheme in {"http", "https", "git", "ssh"} and bool(parts.netloc)


def _is_time(value: str) -> bool:
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _is_licence(value: str) -> bool:
    return bool(_LICENCES.fullmatch(value)) and value.count("(") == value.count(")")


_FORMS: dict[str, tuple[Callable[[str], bool], str]] = {
    "source": (_is_url, "a URL with a scheme and a host"),
    "url": (_is_url, "a URL with a scheme and a host"),
    "documentation": (_is_url, "a URL with a scheme and a host"),
    "created": (_is_time, "a time as in RFC 3339, with its offset"),
    "licenses": (_is_licence, "an SPDX licence expression"),
}


@check(
    "open-labels",
    title="labels say what it is and where it comes from",
    why="With version, revision and source, an image found in a cluster leads to the commit it was built from.",
    severity=Severity.WARNING,
)
def labels(subject: ImageSubject) -> Iterator[Problem]:
    """Look for the labels of the OCI image specification (annotations.md), and whether they are as it says."""
    present = subject.image.config.labels
    missing = [_PREFIX + name for name in _WANTED if not present.get(_PREFIX + name)]
    if missing:
        yield Problem(
            f"labels are missing or empty: {', '.join(missing)}",
            "set them with LABEL at the end of the last stage",
            "LABEL",
        )
    for name, (fits, form) in _FORMS.items():
        value = present.get(_PREFIX + name, "")
        if value and not fits(value):
            yield Problem(f"the label {_PREFIX}{name} is {value!r}", f"write {form}", "LABEL")
