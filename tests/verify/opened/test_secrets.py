"""Each shape of a secret is found, and what only looks like one is not. All are made up here, in parts."""

from __future__ import annotations

import json
import random
import string
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from scaffold.image import read
from scaffold.verify.model import NotApplicable, Problem
from scaffold.verify.opened import ImageSubject
from scaffold.verify.opened.secret_shapes import SHAPES
from scaffold.verify.opened.secrets import no_secrets
from tests.image.archives import Member, configuration, docker_parts, saved, tar, write
from tests.verify.opened.context import private_key, token

_noise = random.Random(7)
_LETTERS = string.ascii_letters
_WORD = _LETTERS + string.digits


def some(length: int, letters: str = _WORD) -> str:
    return "".join(_noise.choices(letters, k=length))


def search(archive: Path) -> list[Problem]:
    found = no_secrets.test(ImageSubject(read(archive)))
    assert not isinstance(found, NotApplicable)
    return list(found)


def problems(path: Path, name: str, content: str | bytes) -> list[Problem]:
    data = content.encode() if isinstance(content, str) else content
    return search(saved(path, tar(Member(name, data))))


SECRETS = {
    "private key": ("a private key", private_key()),
    "RSA key": ("a private key", private_key().replace("PRIVATE", "RSA PRIVATE")),
    "key of OpenSSH": ("a private key", private_key().replace("PRIVATE", "OPENSSH PRIVATE")),
    "key with a password": (
        "a private key",
        private_key().replace("KEY-----\n", "KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n", 1),
    ),
    "key of PGP": ("a private key", private_key().replace("KEY-----\n", "KEY BLOCK-----\n\n")),
    "key in JSON": ("a private key", private_key().replace("\n", "\\n")),
    "age": ("an age key", "AGE-SECRET-KEY-1" + some(58, string.ascii_uppercase + string.digits)),
    "PuTTY": ("a PuTTY key", "PuTTY-User-Key-File-" + "3: ssh-ed25519"),
    "AWS": ("an AWS access key", "AKIA" + some(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")),
    "AWS, for a while": ("an AWS access key", "ASIA" + some(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")),
    "Azure": ("an Azure storage key", "AccountKey=" + some(86) + "=="),
    "Google": ("a Google OAuth secret", "GOCSPX-" + some(28)),
    "GitHub": ("a GitHub token", token()),
    "GitHub, of an app": ("a GitHub token", "ghs_" + some(36)),
    "GitHub, fine-grained": ("a GitHub token", f"github_pat_{some(22)}_{some(59)}"),
    "GitLab": ("a GitLab token", "glpat-" + some(20)),
    "Slack": ("a Slack token", f"xoxb-{some(12, string.digits)}-{some(24)}"),
    "Slack webhook": ("a Slack webhook", f"https://hooks.slack.com/services/T{some(9)}/B{some(9)}/{some(24)}"),
    "Stripe": ("a Stripe key", "sk_live_" + some(24)),
    "SendGrid": ("a SendGrid key", f"SG.{some(22)}.{some(43)}"),
    "npm": ("an npm token", "npm_" + some(36)),
    "PyPI": ("a PyPI token", "pypi-" + "AgEIcHlwaS5vcmc" + some(60)),
    "Docker": ("a Docker token", "dckr_pat_" + some(27)),
    "Hugging Face": ("a Hugging Face token", "hf_" + some(34, _LETTERS)),
    "OpenAI": ("an OpenAI key", f"sk-{some(20)}T3BlbkFJ{some(20)}"),
    "Anthropic": ("an Anthropic key", f"sk-ant-api03-{some(93)}AA"),
    "DigitalOcean": ("a DigitalOcean token", "dop_v1_" + some(64, string.hexdigits.lower())),
    "Vault": ("a HashiCorp Vault token", "hvs." + some(95)),
}


def test_every_shape_is_tried() -> None:
    assert {shape.what for shape in SHAPES} == {what for what, _ in SECRETS.values()}


@pytest.mark.parametrize(("what", "secret"), SECRETS.values(), ids=SECRETS)
@pytest.mark.parametrize(
    "around", ["{}", 'key = "{}"\n', "a:{};b", "\0{}\0"], ids=["bare", "quoted", "amid", "binary"]
)
def test_a_secret_is_found(what: str, secret: str, around: str, tmp_path: Path) -> None:
    found = problems(tmp_path, "srv/file", around.replace("{}", secret))
    assert [(problem.message, problem.place) for problem in found] == [(f"{what} is in the image", "/srv/file")]


@pytest.mark.parametrize("place", [0, 1_000_000, 1024**2 - 5, 2 * 1024**2 - 20, 3_000_000])
def test_a_secret_is_found_wherever_it_stands(place: int, tmp_path: Path) -> None:
    secret = f"\n{token()}\n".encode()
    content = b"." * place + secret + b"." * (3_100_000 - place)
    assert len(problems(tmp_path, "srv/file", content)) == 1


def test_a_secret_that_occurs_often_is_told_once(tmp_path: Path) -> None:
    assert len(problems(tmp_path, "srv/file", f"{token()}\n" * 90_000)) == 1


HOLDERS = {
    "srv/.env": "PORT=8080\n",
    "srv/.env.production": "export DB_PASSWORD='not-a-real-one'\n",
    "root/.ssh/id_ed25519": "not-a-real-one",
    "root/.git-credentials": "https://me:not-a-real-one@git.example",
    "root/.netrc": "machine git.example login me password not-a-real-one",
    "srv/.npmrc": "//registry.example/:_authToken=not-a-real-one\n",
    "srv/.yarnrc.yml": "npmAuthToken: not-a-real-one\n",
    "root/.pypirc": "[pypi]\nusername = me\npassword = not-a-real-one\n",
    "root/.pgpass": "db.example:5432:app:me:not-a-real-one\n",
    "root/.my.cnf": "[client]\npassword = not-a-real-one\n",
    "root/.docker/config.json": '{"auths": {"registry.example": {"auth": "bm90LXJlYWw="}}}',
    "root/.kube/config": "users:\n- user:\n    token: not-a-real-one\n",
    "root/.aws/credentials": "[default]\naws_secret_access_key = not-a-real-one\n",
    "root/.config/gcloud/application_default_credentials.json": '{"refresh_token": "not-a-real-one"}',
    "root/.cargo/credentials.toml": '[registry]\ntoken = "not-a-real-one"\n',
    "root/.m2/settings.xml": "<server><password>not-a-real-one</password></server>",
    "srv/.htpasswd": "me:$apr1$not-a-real-one\n",
    "srv/terraform.tfstate": '{"version": 4}',
    "srv/client.p12": "0",
    "etc/shadow": "root:$6$not$real:19000:0:99999:7:::\n",
}


@pytest.mark.parametrize(("name", "content"), HOLDERS.items(), ids=HOLDERS)
def test_a_file_that_holds_secrets_is_found(name: str, content: str, tmp_path: Path) -> None:
    (found,) = problems(tmp_path, name, content)
    assert found.message == "a file that holds secrets is in the image"


HARMLESS = {
    "srv/.env": "",
    "srv/.env.example": "DB_PASSWORD=change-me\n",
    "srv/.env.test": "PORT=8080\nDB_PASSWORD=\n",
    "root/.ssh/id_ed25519.pub": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5",
    "root/.netrc": "machine git.example login me",
    "srv/.npmrc": "//registry.example/:_authToken=${NPM_TOKEN}\n",
    "root/.docker/config.json": '{"auths": {}, "credsStore": "pass"}',
    "root/.kube/config": "clusters:\n- cluster:\n    certificate-authority-data: LS0t\n",
    "root/.m2/settings.xml": "<server><password>${env.PASSWORD}</password></server>",
    "etc/shadow": "root:*::0:::::\nnobody:!::0:::::\n",
    "srv/certificate.pem": "-----BEGIN CERTIFICATE-----\nMIIB" + "A" * 80 + "\n-----END CERTIFICATE-----\n",
    "srv/public.pem": "-----BEGIN PUBLIC KEY-----\nMIIB" + "A" * 80 + "\n-----END PUBLIC KEY-----\n",
    "srv/parser.go": f'"-----BEGIN RSA PRIVATE {"KEY"}-----"; "-----END RSA PRIVATE {"KEY"}-----"',
    "srv/manual.md": "AKIAIOSFODNN7EXAMPLE, ghp_" + "x" * 36 + ", postgres://user:password@localhost/app",
    "srv/hash": some(64, string.hexdigits),
    "srv/node_modules/tls/test/key.pem": private_key(),
    "usr/lib/x86_64-linux-gnu/libgnutls.so.30.40.3": private_key(),
    "usr/local/go/src/crypto/tls/testdata/example-key.pem": private_key(),
    "srv/python3/site-packages/tls/tests/data/key.pem": private_key(),
}


@pytest.mark.parametrize(("name", "content"), HARMLESS.items(), ids=HARMLESS)
def test_what_only_looks_like_a_secret_is_left_alone(name: str, content: str, tmp_path: Path) -> None:
    assert problems(tmp_path, name, content) == []


def configuration_problems(path: Path, history: Sequence[str] = (), **config: Any) -> list[tuple[str, str]]:
    document = configuration([], **config)
    document["history"] = [{"created_by": text, "empty_layer": True} for text in history]
    parts = docker_parts([]) | {"config.json": json.dumps(document).encode()}
    found = search(write(path / "image.tar", parts))
    return [(one.place, one.message.removesuffix(" is in the configuration of the image")) for one in found]


@pytest.mark.parametrize(
    ("variable", "what"),
    [
        ("DB_PASSWORD=not-a-real-one", "a value for DB_PASSWORD"),
        ("password=not-a-real-one", "a value for password"),
        ("AWS_SECRET_ACCESS_KEY=not-a-real-one", "a value for AWS_SECRET_ACCESS_KEY"),
        (f"ANYTHING={token()}", "a GitHub token"),
        ("URL=amqp://me:not-a-real-one@queue.example:5672", "a password in an address"),
    ],
)
def test_a_variable_with_a_secret_is_found(variable: str, what: str, tmp_path: Path) -> None:
    name = variable.partition("=")[0]
    assert configuration_problems(tmp_path, Env=[variable]) == [(f"ENV {name}", what)]


@pytest.mark.parametrize(
    "variable",
    [
        "PATH=/usr/bin",
        "DB_PASSWORD=",
        "DB_PASSWORD_FILE=/run/secrets/password",
        "TOKEN=/var/run/secrets/token",
        "USE_TOKEN=true",
        "API_KEY=$KEY",
        "MAX_TOKEN=4096",
        "GPG_KEY=7169605F62C751356D054A26A821E680E5FA6305",
        "TOKENIZER=fast",
        "KEYBOARD=de",
        "URL=https://git.example/me@home",
    ],
)
def test_an_ordinary_variable_is_left_alone(variable: str, tmp_path: Path) -> None:
    assert configuration_problems(tmp_path, Env=[variable]) == []


def test_a_label_with_a_secret_is_found(tmp_path: Path) -> None:
    found = configuration_problems(tmp_path, Labels={"build": f"by {token()}", "title": "hello"})
    assert found == [("LABEL build", "a GitHub token")]


HISTORY = {
    "RUN |1 NPM_TOKEN=not-a-real-one /bin/sh -c npm ci": [("history", "a value for NPM_TOKEN")],
    "RUN /bin/sh -c login --user=me --password=not-a-real-one": [("history", "a value for --password")],
    f"RUN /bin/sh -c curl -H 'Authorization: {token()}' git.example": [("history", "a GitHub token")],
    "ENV DB_PASSWORD=not-a-real-one": [("history", "a value for DB_PASSWORD")],
    "/bin/sh -c #(nop)  ENV DB_PASSWORD=not-a-real-one": [("history", "a value for DB_PASSWORD")],
    "ENV GREETING=hello": [],
    "LABEL title=hello world": [],
    "RUN /bin/sh -c TOKEN=$(cat /run/secrets/token) npm ci": [],
    "RUN /bin/sh -c TOKEN=$TOKEN npm ci --token=/run/secrets/token": [],
    "ARG GITHUB_TOKEN": [],
}


@pytest.mark.parametrize(("instruction", "expected"), HISTORY.items(), ids=HISTORY)
def test_the_history_is_searched(instruction: str, expected: list[tuple[str, str]], tmp_path: Path) -> None:
    """Also what is overwritten later, and each of several instructions."""
    found = configuration_problems(
        tmp_path,
        ("RUN true", instruction),
        Env=["DB_PASSWORD=", "GREETING=hello"],
        Labels={"title": "hello world"},
    )
    assert found == expected


def test_a_variable_is_told_once(tmp_path: Path) -> None:
    variable = f"GITHUB_TOKEN={token()}"
    found = configuration_problems(tmp_path, [f"ENV {variable}"], Env=[variable])
    assert found == [("ENV GITHUB_TOKEN", "a GitHub token")]
