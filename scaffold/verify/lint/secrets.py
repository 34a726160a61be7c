"""Rules about secrets: whatever an instruction says stays in the image's history."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scaffold.dockerfile import Assignment, Instruction
from scaffold.verify.lint.rule import Fault, rule
from scaffold.verify.lint.subject import LintSubject

_SECRET_NAME = re.compile(
    r"(?:^|_)(?:PASSWORD|PASSWD|PASSPHRASE|PASS|PWD|SECRET|TOKEN|APIKEY|CREDENTIALS?|AUTH"
    r"|(?:API|ACCESS|SECRET|PRIVATE|SIGNING|ENCRYPTION|LICENSE|DEPLOY|SSH)_?KEY)(?:_|$)",
    re.IGNORECASE,
)
# With one of these words the variable says something about a secret, and is none.
_ABOUT_A_SECRET = re.compile(
    r"(?:^|_)(?:FILE|PATH|DIR|URL|URI|ENDPOINT|HOST|NAME|TYPE|TTL|LENGTH|EXPIRY|EXPIRATION|TIMEOUT|ENABLED|METHOD"
    r"|MODE|PROVIDER|HEADER|ISSUER|AUDIENCE|PUBLIC|VERSION|ALGORITHM|SCHEME|REALM|STORE|REQUIRED)(?:_|$)|^PWD$|^OLDPWD$",
    re.IGNORECASE,
)
_HARMLESS_VALUE = re.compile(r"(?:true|false|yes|no|on|off|none|\d{1,4}|/[\w./-]+)?", re.IGNORECASE)
# Published formats of credentials, by who issues them.
_SECRET_VALUES = (
    ("an AWS access key", re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b")),
    ("a GitHub token", re.compile(r"\bgh[pousr]_[A-Za-z0-9]{36,}|\bgithub_pat_[A-Za-z0-9_]{22,}")),
    ("a GitLab token", re.compile(r"\bglpat-[\w-]{20,}")),
    ("a Slack token", re.compile(r"\bxox[abprs]-[\w-]{10,}")),
    ("a Google API key", re.compile(r"\bAIza[\w-]{35}")),
    ("a Stripe key", re.compile(r"\b[rs]k_live_[A-Za-z0-9]{16,}")),
    ("an npm token", re.compile(r"\bnpm_[A-Za-z0-9]{36}\b")),
    ("a PyPI token", re.compile(r"\bpypi-[\w-]{50,}")),
    ("a SendGrid key", re.compile(r"\bSG\.[\w-]{22}\.[\w-]{43}")),
    ("a Vault token", re.compile(r"\bhvs\.[\w-]{24,}")),
    ("a JSON web token", re.compile(r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}")),
    ("a private key", re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----")),
)
_CREDENTIALS_IN_URL = re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s/:@'\"]*:(?P<password>[^\s/@'\"]+)@", re.IGNORECASE)
SECRET_FILE = re.compile(
    r"(?:^|/)(?:\.env(?:\.(?!example$|sample$|template$|dist$)[\w.-]+)?|\.netrc|\.pypirc|\.git-credentials|\.htpasswd"
    r"|id_(?:rsa|dsa|ecdsa|ed25519)|[\w.-]+[.-]key|[\w.-]*-key\.pem|[\w.-]+\.(?:pfx|p12|jks|keystore)"
    r"|service-account[\w-]*\.json|credentials(?:\.json)?|terraform\.tfstate)$"
)
_MOUNT = "give it to the build as a secret (RUN --mount=type=secret,id=…), to the container when it starts"


@rule(
    "lint-secret-name",
    title="no secret is a build argument or an environment variable",
    why="Both stay readable in the image's history and configuration, for everybody who can pull it.",
)
def secret_name(subject: LintSubject) -> Iterator[Fault]:
    """No ARG or ENV is named like a secret, unless its value shows that it is none."""
    for instruction in subject.of("ARG", "ENV"):
        for pair in instruction.assignments:
            if is_secret_name(pair.name) and not _is_harmless(instruction, pair):
                yield Fault(
                    f"{instruction.keyword} {pair.name} is a secret by its name", _MOUNT, instruction.start_line
                )


def is_secret_name(name: str) -> bool:
    """Tell whether a variable's name says that it holds a secret."""
    return bool(_SECRET_NAME.search(name)) and not _ABOUT_A_SECRET.search(name)


def _is_harmless(instruction: Instruction, pair: Assignment) -> bool:
    value = (pair.value or "").strip("\"'")
    # An ARG without default is there to be given one, which ends up in the history.
    return bool(_HARMLESS_VALUE.fullmatch(value)) and (bool(value) or instruction.keyword == "ENV")


@rule(
    "lint-secret-value",
    title="no credential is written into the file",
    why="It is in the repository, in the image's history, and soon in somebody else's hands: revoke it.",
)
def secret_value(subject: LintSubject) -> Iterator[Fault]:
    """Nothing has the published format of a credential."""
    for instruction in subject.dockerfile.instructions:
        for what, pattern in _SECRET_VALUES:
            if pattern.search(instruction.raw):
                yield Fault(
                    f"{instruction.keyword} holds {what}", f"revoke it, and {_MOUNT}", instruction.start_line
                )


@rule(
    "lint-secret-url",
    title="no address has a password in it",
    why="Addresses are logged, cached and kept in the history, with all that is in them.",
)
def secret_url(subject: LintSubject) -> Iterator[Fault]:
    """No URL has a password, unless it comes from a mounted secret."""
    declared = {pair.name for each in subject.of("ARG", "ENV") for pair in each.assignments}
    for instruction in subject.dockerfile.instructions:
        for match in _CREDENTIALS_IN_URL.finditer(instruction.raw):
            variable = re.fullmatch(r"\$\{?(\w+).*", match["password"])
            if match["password"].startswith("$") and not (variable and variable[1] in declared):
                continue
            mend = "let the program read it from a mounted secret: a netrc, or git's credential helper"
            yield Fault("an address has a password in it", mend, instruction.start_line)


@rule(
    "lint-secret-file",
    title="no file of secrets is copied",
    why="Deleting it in a later layer hides it, and leaves it in the image.",
)
def secret_file(subject: LintSubject) -> Iterator[Fault]:
    """No COPY or ADD names a file that is a secret by its name."""
    for instruction in subject.of("COPY", "ADD"):
        for source in instruction.sources:
            if SECRET_FILE.search(source):
                yield Fault(f"{source} is copied into a layer", _MOUNT, instruction.start_line)


@rule(
    "lint-password-set",
    title="no password is set for a user",
    why="Nobody logs in to a container by password, and this one is the same in every copy of the image.",
)
def password_set(subject: LintSubject) -> Iterator[Fault]:
    """No chpasswd, passwd or useradd -p."""
    for instruction, command in subject.runs():
        with_password = command.program in ("useradd", "usermod") and command.has("-p", "--password")
        if with_password or command.program in ("chpasswd", "passwd"):
            mend = "leave it out: an account without a password cannot be logged in to"
            yield Fault(f"{command.program} sets a password", mend, instruction.start_line)


CHECKS = (secret_name, secret_value, secret_url, secret_file, password_set)
