"""The search for secrets: in every layer, also in files that a later one deletes, and in the settings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scaffold.verify.model import Check, Problem, Step
from scaffold.verify.opened.subject import ImageSubject

_READ_BYTES = 256 * 1024
_NAMES = re.compile(
    r"/(\.env(\.(?!example|sample|template)[\w-]+)?|\.npmrc|\.netrc|\.pypirc|\.git-credentials|\.dockercfg"
    r"|id_(rsa|dsa|ecdsa|ed25519)|credentials\.json|kubeconfig|\.htpasswd|terraform\.tfstate|[\w-]+\.(pfx|p12|jks))$"
    r"|/\.(aws/credentials|docker/config\.json|kube/config)$"
)
# The shapes are those that the issuers publish for secret scanning; each is long enough not to occur by chance.
_SHAPES = {
    "a private key": re.compile(
        rb"-----BEGIN (?:RSA |EC |DSA |OPENSSH |ENCRYPTED )?PRIVATE KEY-----\s+[A-Za-z0-9+/=]{16}"
    ),
    "an AWS access key": re.compile(rb"(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Z0-9])"),
    "a GitHub token": re.compile(rb"(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{82})"),
    "a Slack token": re.compile(rb"(?<![A-Za-z0-9])xox[abpsr]-[0-9]{10,}-[A-Za-z0-9-]{20,}"),
    "a Google API key": re.compile(rb"(?<![A-Za-z0-9])AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])"),
    "a password in a URL": re.compile(
        rb"(?<![a-z])[a-z]{3,10}://[^/\s:@\"'<>{}$%]{1,64}:[^/\s:@\"'<>{}$%]{6,64}@[a-z0-9]"
    ),
}
_VARIABLE = re.compile(r"(?i)(passw(or)?d|secret|token|api_?key|private_?key|credential)")


def no_secrets(subject: ImageSubject) -> Iterator[Problem]:
    """Search file names, file contents, variables, labels and history."""
    for index in range(subject.base_layers, len(subject.image.layers)):
        for path, content in subject.image.scan(index, _READ_BYTES):
            yield from _file_problems(subject, index, path, content)
    yield from _configuration_problems(subject)


def _file_problems(subject: ImageSubject, layer: int, path: str, content: bytes) -> Iterator[Problem]:
    seen = subject.image.files.get(path)
    gone = "" if seen and seen.layer == layer else ", in a layer below one that hides it"
    mend = "mount it as a build secret (RUN --mount=type=secret) or give it at run time; revoke this one"
    if _NAMES.search(path) and content:
        yield Problem(f"a file that usually holds secrets is in the image{gone}", mend, path)
        return
    for what, shape in _SHAPES.items():
        if shape.search(content):
            yield Problem(f"{what} is in a file of the image{gone}", mend, path)


def _configuration_problems(subject: ImageSubject) -> Iterator[Problem]:
    config = subject.image.config
    for name, value in config.environment.items():
        if _VARIABLE.search(name) and value:
            yield Problem(
                f"the variable {name} is set in the image",
                "set it when the container starts, from a secret",
                name,
            )
    for where, texts in {"labels": config.labels.values(), "history": config.history}.items():
        for what, shape in _SHAPES.items():
            if any(shape.search(text.encode()) for text in texts):
                yield Problem(f"{what} is in the {where} of the image", "pass it as a build secret", where)


CHECKS: tuple[Check[ImageSubject], ...] = (
    Check(
        id="open-secrets",
        title="no secret is in any layer",
        why="Whoever can pull an image can read every layer, also what a later one deletes.",
        step=Step.OPEN,
        test=no_secrets,
    ),
)
