"""What secrets look like: the names of files that hold them, and the shapes of keys and tokens.

Only shapes that their issuers made recognisable, so that a match is hardly ever chance. Sources: GitHub's list of
secret scanning patterns, the rules of gitleaks (config/gitleaks.toml), and the issuers' own documentation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# Fewer different characters than this in a token are a placeholder such as `ghp_xxxxxxxx…`.
_LEAST_CHARACTERS = 8


@dataclass(frozen=True, slots=True)
class Shape:
    """One kind of secret. `marks` are fixed parts, one of which every match has: they are quick to search for."""

    what: str
    marks: tuple[bytes, ...]
    pattern: re.Pattern[bytes]

    def found_in(self, data: bytes) -> bool:
        """Tell whether there is one in `data` that is no example from a manual."""
        if not any(mark in data for mark in self.marks):
            return False
        return any(_is_real(match[0]) for match in self.pattern.finditer(data))


def _is_real(secret: bytes) -> bool:
    return len(set(secret)) >= _LEAST_CHARACTERS and not secret.upper().endswith(b"EXAMPLE")


def _token(what: str, pattern: str, *marks: str) -> Shape:
    """Make a shape of a token: it ends where no letter or digit follows, and begins likewise."""
    whole = re.compile(rf"(?<![A-Za-z0-9])(?:{pattern})(?![A-Za-z0-9])".encode())
    return Shape(what, tuple(mark.encode() for mark in marks), whole)


SHAPES = (
    Shape(
        "a private key",
        (b"PRIVATE KEY",),
        # Programs that read keys have the first line in them; only a key has one of base64 behind it. In JSON the
        # lines are parted by the two characters \n, and old keys have their cipher in between.
        re.compile(
            rb"-----BEGIN (?:[A-Z]+ ){0,2}PRIVATE KEY(?: BLOCK)?-----(?:\s|\\n|\\r|[A-Za-z-]+: [^\n]{1,80}\n)*"
            rb"[A-Za-z0-9+/=]{40}"
        ),
    ),
    _token("an age key", r"AGE-SECRET-KEY-1[A-Z0-9]{58}", "AGE-SECRET-KEY-1"),
    _token("a PuTTY key", r"PuTTY-User-Key-File-[23]: [\w-]+", "PuTTY-User-Key-File-"),
    _token("an AWS access key", r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}", "AKIA", "ASIA", "ABIA", "ACCA"),
    _token("an Azure storage key", r"AccountKey=[A-Za-z0-9+/]{86}==", "AccountKey="),
    _token("a Google OAuth secret", r"GOCSPX-[A-Za-z0-9_-]{28}", "GOCSPX-"),
    _token("a GitHub token", r"gh[pousr]_[A-Za-z0-9]{36,251}", "ghp_", "gho_", "ghu_", "ghs_", "ghr_"),
    _token("a GitHub token", r"github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}", "github_pat_"),
    _token("a GitLab token", r"gl(?:pat|dt|rt|cbt|ptt)-[A-Za-z0-9_-]{20,}", "glpat-", "gldt-", "glrt-", "glcbt-"),
    _token("a Slack token", r"xox[abeoprs]-[0-9]{8,}-[A-Za-z0-9-]{16,}", "xox"),
    _token("a Slack webhook", r"hooks\.slack\.com/services/T\w{8,}/B\w{8,}/\w{20,}", "hooks.slack.com/services/"),
    _token("a Stripe key", r"[rs]k_live_[A-Za-z0-9]{24,}", "sk_live_", "rk_live_"),
    _token("a SendGrid key", r"SG\.[\w-]{22}\.[\w-]{43}", "SG."),
    _token("an npm token", r"npm_[A-Za-z0-9]{36}", "npm_"),
    _token("a PyPI token", r"pypi-AgEIcHlwaS5vcmc[\w-]{50,}", "pypi-AgEIcHlwaS5vcmc"),
    _token("a Docker token", r"dckr_(?:pat|oat)_[\w-]{27,}", "dckr_"),
    _token("a Hugging Face token", r"hf_[A-Za-z]{34}", "hf_"),
    _token("an OpenAI key", r"sk-[\w-]{20,}T3BlbkFJ[\w-]{20,}", "T3BlbkFJ"),
    _token("an Anthropic key", r"sk-ant-[a-z0-9]+-[\w-]{80,}", "sk-ant-"),
    _token("a DigitalOcean token", r"do[opr]_v1_[a-f0-9]{64}", "_v1_"),
    _token("a HashiCorp Vault token", r"hv[bs]\.[\w-]{90,}", "hvs.", "hvb."),
)

# In an address of the network that somebody set; in texts of any kind it is mostly an example.
PASSWORD_IN_ADDRESS = Shape(
    "a password in an address",
    (b"://",),
    re.compile(rb"[a-z][a-z0-9+.-]{1,15}://[^/\s:@\"'<>{}$%*]{1,64}:[^/\s:@\"'<>{}$*]{6,64}@[A-Za-z0-9]"),
)


@dataclass(frozen=True, slots=True)
class Holder:
    """A kind of file that is there to hold secrets. Only where `content` is found does it hold one."""

    path: re.Pattern[str]
    content: re.Pattern[bytes]


def _holder(path: str, content: str = r"\S") -> Holder:
    return Holder(re.compile(path), re.compile(content.encode(), re.MULTILINE))


SECRET_NAME = re.compile(
    r"(?i)(^|[_.-])(passw(or)?d|pass|passphrase|secret|token|credentials?|(api|secret|private|access)_?key)$"
)
_SECRET_LINE = (
    r"(?i)^\s*(export\s+)?\w*(passw(or)?d|secret|token|api_?key|private_?key|access_?key)\s*=\s*['\"]?[^\s'\"]"
)

HOLDERS = (
    _holder(r"/\.env$"),
    _holder(r"/\.env\.(?!example$|sample$|template$|dist$)[\w.-]+$", _SECRET_LINE),
    _holder(r"/id_(rsa|dsa|ecdsa|ed25519)(_sk)?$"),
    _holder(r"/\.git-credentials$"),
    _holder(r"/[._]netrc$", r"password\s+\S"),
    _holder(r"/\.npmrc$", r"_(auth|authToken|password)\s*=\s*(?!\$)\S"),
    _holder(r"/\.yarnrc\.yml$", r"npmAuth(Token|Ident):\s*(?!\$)\S"),
    _holder(r"/\.pypirc$", r"^\s*password\s*[=:]\s*\S"),
    _holder(r"/\.(pgpass|my\.cnf)$", r"(?i)^[^#\s].*:.*:.*:.*:\S|^\s*password\s*=\s*\S"),
    _holder(r"/\.docker/config\.json$|/\.dockercfg$", r"\"(auth|identitytoken)\"\s*:\s*\"[^\"]"),
    _holder(r"/\.kube/config$|/kubeconfig$", r"^\s*(token|password|client-key-data):\s*\S"),
    _holder(r"/\.aws/credentials$", r"(?i)aws_secret_access_key\s*=\s*\S"),
    _holder(r"/(application_default_)?credentials\.json$", r"\"(private_key|refresh_token|client_secret)\"\s*:"),
    _holder(r"/\.cargo/credentials(\.toml)?$", r"token\s*="),
    _holder(r"/\.m2/settings(-security)?\.xml$", r"<(password|master)>\s*[^<$\s]"),
    _holder(r"/\.htpasswd$", r"^[^:#\s]+:\S"),
    _holder(r"/[\w.-]*\.tfstate(\.backup)?$"),
    _holder(r"\.(p12|pfx)$"),
    _holder(r"^/etc/shadow-?$", r"^[^:\n]+:\$[0-9a-z]+\$"),
)
