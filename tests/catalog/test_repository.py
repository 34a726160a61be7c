"""Catalogs in git: releases by tags, a cache that works without a network, and a user whose git is strange."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pexpect
import pytest

from scaffold.catalog.clones import human_age
from scaffold.catalog.release import Access
from scaffold.catalog.releases import history, open_catalog
from scaffold.errors import BlueprintError, InputError, Transient, Unavailable
from tests.catalog.conftest import HOST, Origin, blueprint_files
from tests.conftest import CHECKOUT

OFFLINE = Access(offline=True)


def rendered(catalog: str, name: str, version: str, into: Path) -> str:
    release = open_catalog(catalog).history(name).find(version)
    return (release.materialise(into) / "template" / "file.jinja").read_text()


def cached(user: Path) -> Path:
    (clone,) = (user / "cache" / "container-scaffold" / "catalogs").glob("*.git")
    return clone


def test_tags_are_the_releases(origin: Origin) -> None:
    catalog = open_catalog(origin.url)
    assert [(one.name, one.version) for one in catalog.blueprints()] == [("job", "1.1.0"), ("web", "1.10.0")]
    web = catalog.history("web")
    assert [one.version for one in web.releases] == ["1.2.0", "1.10.0", "2.0.0rc1"]
    assert web.newest().version == "1.10.0"
    assert (web.source, web.note) == (f"{HOST}/catalog.git#web", "")
    # The tag 0.1.0 is of a time when there was no blueprint yet.
    assert [one.version for one in catalog.history("job").releases] == ["1.0.0", "1.1.0"]


def test_a_release_has_its_own_files_and_what_it_shares(origin: Origin, tmp_path: Path) -> None:
    root = history(f"{origin.url}#job").find("1.0.0").materialise(tmp_path / "job")
    names = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    assert names == {"blueprint.yml", "catalog.yml", "copier.yml", "shared/part", "template/file.jinja"}
    assert rendered(origin.url, "web", "1.2.0", tmp_path / "old") == "web 1.2.0 {{ project_name }}\n"
    assert rendered(origin.url, "web", "v1.10", tmp_path / "new") == "web 1.10.0 {{ project_name }}\n"


def test_a_branch_or_a_commit_is_recorded_as_the_commit(origin: Origin, tmp_path: Path) -> None:
    head = origin.git("rev-parse", "HEAD")
    assert history(f"{origin.url}#web").find("main").version == head
    assert history(f"{origin.url}#web").find(head[:10]).version == head
    assert rendered(f"{origin.url}@main", "web", "main", tmp_path / "main") == "web work {{ project_name }}\n"
    with pytest.raises(InputError, match="has no 'nowhere'"):
        open_catalog(f"{origin.url}@nowhere").blueprints()


def test_what_changed_comes_from_the_newest_changelog(origin: Origin) -> None:
    sections = history(f"{origin.url}#web").changes("1.2.0", "2.0.0.dev0")
    assert [section.version for section in sections] == ["2.0.0.dev0"]


def test_a_later_release_is_seen_and_a_deleted_one_is_gone(origin: Origin) -> None:
    open_catalog(origin.url)
    origin.commit(blueprint_files("web", "2.0.0"), "web/2.0.0")
    origin.git("tag", "--delete", "web/1.2.0")
    found = [one.version for one in open_catalog(origin.url).history("web").releases]
    assert found == ["1.10.0", "2.0.0rc1", "2.0.0"]


def test_the_main_branch_may_change_its_name(origin: Origin) -> None:
    open_catalog(origin.url)
    origin.git("branch", "--move", "trunk")
    head = origin.commit({"later/copier.yml": "a: 1\n"})
    assert [one.name for one in open_catalog(origin.url).blueprints()] == ["job", "later", "web"]
    assert open_catalog(origin.url).history("later").find("trunk").version == head


def test_offline_works_from_the_cache_and_says_how_old_it_is(origin: Origin, user: Path, tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="is not in the cache"):
        open_catalog(origin.url, OFFLINE)
    open_catalog(origin.url)
    then = time.time() - 3 * 3600
    os.utime(cached(user) / "scaffold-fetched", (then, then))
    origin.folder.rename(tmp_path / "gone")
    found = open_catalog(origin.url, OFFLINE).history("web")
    assert found.note == "from the cache, 3 hours old"
    assert found.newest().materialise(tmp_path / "web").is_dir()


@pytest.mark.parametrize(
    ("seconds", "text"), [(59, "less than a minute"), (60, "1 minute"), (7300, "2 hours"), (200_000, "2 days")]
)
def test_an_age_is_told_in_its_largest_unit(seconds: float, text: str) -> None:
    assert human_age(seconds) == text


def test_what_cannot_be_reached_is_one_line_with_the_way_out(origin: Origin, user: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"catalog\.git cannot be read: fatal: .*does not (exist|appear)"):
        open_catalog(f"file://{tmp_path}/nowhere/catalog.git")
    open_catalog(origin.url)
    # Nobody listens on port 1.
    (user / "gitconfig").write_text(f'[url "https://127.0.0.1:1/"]\n\tinsteadOf = {HOST}/\n')
    with pytest.raises(Transient, match="cannot be read") as error:
        open_catalog(origin.url)
    assert error.value.hint.startswith("--offline takes what was there less than a minute ago")


def test_access_that_is_denied_is_told(user: Path) -> None:
    """The script stands for an ssh that has no key for that host."""
    ssh = user / "ssh"
    ssh.write_text("#!/bin/sh\necho 'git@example.com: Permission denied (publickey).' >&2\nexit 255\n")
    ssh.chmod(0o755)
    with (user / "gitconfig").open("a") as config:
        config.write(f"[core]\n\tsshCommand = {ssh}\n")
    with pytest.raises(Unavailable, match="cannot be read") as error:
        open_catalog("git@example.com:team/catalog.git")
    assert error.value.hint == "check that git itself may read it: git ls-remote git@example.com:team/catalog.git"


class Private(SimpleHTTPRequestHandler):
    """Serves a repository as plain files to those who know the password."""

    def do_GET(self) -> None:
        if self.headers.get("Authorization") == "Basic " + b64encode(b"me:secret").decode():
            super().do_GET()
            return
        self.send_response(401)
        self.send_header("WWW-Authenticate", 'Basic realm="private"')
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def private(origin: Origin, user: Path) -> Iterator[None]:
    """The same catalog behind a password; git is told where the host is."""
    origin.git("clone", "--quiet", "--bare", ".", str(user / "private" / "catalog.git"))
    served = user / "private" / "catalog.git"
    subprocess.run(["git", "update-server-info"], cwd=served, check=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Private, directory=str(user / "private")))
    Thread(target=server.serve_forever, daemon=True).start()
    (user / "gitconfig").write_text(f'[url "http://127.0.0.1:{server.server_port}/"]\n\tinsteadOf = {HOST}/\n')
    yield
    server.shutdown()
    server.server_close()


@pytest.mark.usefixtures("private")
def test_a_private_catalog_is_read_with_the_users_own_credentials(user: Path) -> None:
    with pytest.raises(Unavailable, match=r"could not read Username .*terminal prompts disabled"):
        open_catalog(f"{HOST}/catalog.git")
    with (user / "gitconfig").open("a") as config:
        config.write('[credential]\n\thelper = "!f() { echo username=me; echo password=secret; }; f"\n')
    assert open_catalog(f"{HOST}/catalog.git").history("web").newest().version == "1.10.0"
    kept = [path for path in (user / "cache").rglob("*") if path.is_file() and b"secret" in path.read_bytes()]
    assert kept == []


@pytest.mark.usefixtures("private")
def test_a_person_at_a_terminal_is_asked_by_git_itself(user: Path) -> None:
    child = pexpect.spawn(
        sys.executable,
        ["-m", "scaffold", "list", "--catalog", f"{HOST}/catalog.git"],
        cwd=str(user),
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        timeout=30,
    )
    child.expect("Username for")
    child.sendline("me")
    child.expect("Password for")
    child.sendline("secret")
    child.expect("web")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


def test_killed_while_cloning_it_starts_again(origin: Origin, user: Path) -> None:
    """The script stands for a git that is at work when everything is killed."""
    slow = user / "slow"
    slow.write_text('#!/bin/sh\ntouch "$PWD/at-work"\nexec sleep 5\n')
    slow.chmod(0o755)
    git = (user / "gitconfig").read_text()
    (user / "gitconfig").write_text(f"{git}[uploadpack]\n\tpackObjectsHook = {slow}\n")
    command = [sys.executable, "-m", "scaffold", "list", "--catalog", origin.url]
    killed = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(CHECKOUT)}, start_new_session=True)
    catalogs = user / "cache" / "container-scaffold" / "catalogs"
    while not list(origin.folder.rglob("at-work")):
        assert killed.poll() is None
        time.sleep(0.01)
    killed.kill()
    killed.wait()
    assert list(catalogs.glob(".catalog-*"))
    (user / "gitconfig").write_text(git)
    assert open_catalog(origin.url).blueprints()
    assert list(catalogs.glob(".*")) == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda clone: (clone / "packed-refs.lock").touch(),
        lambda clone: (clone / "HEAD").unlink(),
        lambda clone: [path.unlink() for path in (clone / "objects").rglob("*") if path.is_file()],
    ],
    ids=["a lock left behind", "half of it gone", "objects gone"],
)
def test_a_clone_that_a_killed_git_spoiled_is_made_again(
    origin: Origin, user: Path, spoil: Callable[[Path], object]
) -> None:
    open_catalog(origin.url)
    spoil(cached(user))
    origin.git("tag", "--delete", "web/1.2.0")
    assert [one.version for one in open_catalog(origin.url).history("web").releases] == ["1.10.0", "2.0.0rc1"]


def test_many_at_once_share_one_clone(origin: Origin, user: Path) -> None:
    command = [sys.executable, "-m", "scaffold", "list", "--catalog", origin.url, "--json"]
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    started = [subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) for _ in range(4)]
    assert [process.wait() for process in started] == [0, 0, 0, 0]
    assert cached(user).is_dir()


def test_a_clone_that_was_given_up_leaves_nothing(origin: Origin, user: Path) -> None:
    origin.folder.rename(origin.folder.with_name("away.git"))
    with pytest.raises(InputError):
        open_catalog(origin.url)
    origin.folder.with_name("away.git").rename(origin.folder)
    catalogs = user / "cache" / "container-scaffold" / "catalogs"
    assert [path.suffix for path in catalogs.iterdir()] == [".lock"]
    assert open_catalog(origin.url).blueprints()


def test_a_plain_copier_template_is_a_catalog_of_one(user: Path, tmp_path: Path) -> None:
    plain = Origin(user / "origins" / "template.git")
    plain.commit({"copier.yml": "name: {type: str, default: x}\n", "f.jinja": "1\n"}, "v1.0.0")
    plain.commit({"f.jinja": "2\n"}, "v1.1.0")
    found = open_catalog(plain.url).history("")
    assert (found.source, found.blueprint) == (plain.url, "template")
    assert [one.version for one in found.releases] == ["v1.0.0", "v1.1.0"]
    assert (found.find("1.0.0").materialise(tmp_path / "t") / "f.jinja").read_text() == "1\n"
    # As an answers file has it that copier wrote.
    assert history(str(plain.folder)).find("v1.0.0").version == "v1.0.0"
    assert [one.version for one in open_catalog(plain.url).blueprints()] == ["v1.1.0"]


def test_without_tags_the_newest_commit_is_the_release(user: Path) -> None:
    plain = Origin(user / "origins" / "template.git")
    head = plain.commit({"copier.yaml": "name: {type: str, default: x}\n"})
    assert [one.version for one in open_catalog(plain.url).history("").releases] == [head]
    assert open_catalog(plain.url).history("").newest().version == head


def test_an_empty_repository_is_told(user: Path) -> None:
    empty = Origin(user / "origins" / "empty.git")
    with pytest.raises(BlueprintError, match="has no commit"):
        open_catalog(empty.url).blueprints()


def test_a_link_out_of_the_template_is_refused(origin: Origin, tmp_path: Path) -> None:
    (origin.folder / "web" / "template" / "passwords").symlink_to("/etc/passwd")
    (origin.folder / "job" / "template" / "inside").symlink_to("file.jinja")
    origin.commit({}, "web/3.0.0", "v3.0.0")
    with pytest.raises(BlueprintError, match="passwords is a link to /etc/passwd, out of the template"):
        open_catalog(origin.url).history("web").find("3.0.0").materialise(tmp_path / "web")
    assert (open_catalog(origin.url).history("job").newest().materialise(tmp_path / "job")).is_dir()
    assert (tmp_path / "job" / "template" / "inside").is_symlink()


def test_links_cannot_lead_the_catalog_itself_elsewhere(origin: Origin, tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "copier.yml").write_text("a: 1\n")
    (origin.folder / "evil").symlink_to(tmp_path / "secrets")
    origin.commit({})
    with pytest.raises(BlueprintError, match="evil is a link out of the catalog"):
        open_catalog(origin.url).blueprints()

    (origin.folder / "evil").unlink()
    (origin.folder / "shared" / "part").unlink()
    (origin.folder / "shared").rmdir()
    (origin.folder / "shared").symlink_to(tmp_path / "secrets")
    origin.commit({}, "v4.0.0")
    with pytest.raises(BlueprintError, match="shared is a link"):
        open_catalog(origin.url).history("job").newest().materialise(tmp_path / "job")


def test_a_broken_blueprint_is_told_with_its_place_in_the_catalog(origin: Origin) -> None:
    origin.commit({"web/blueprint.yml": "name: web\n"})
    with pytest.raises(BlueprintError, match=r"^web/blueprint\.yml:1: 'title' is missing"):
        open_catalog(origin.url).blueprints()


def test_submodules_are_refused_rather_than_left_out(origin: Origin) -> None:
    origin.commit({".gitmodules": '[submodule "x"]\n\tpath = x\n\turl = ../x\n'})
    with pytest.raises(BlueprintError, match="has submodules"):
        open_catalog(origin.url).blueprints()


HOSTILE = """
[core]
    autocrlf = true
    eol = crlf
    hooksPath = {home}/hooks
    fsmonitor = {home}/hooks/monitor
    attributesFile = {home}/attributes
    quotePath = true
[init]
    templateDir = {home}/template
    defaultBranch = odd
[clone]
    defaultRemoteName = odd
    rejectShallow = true
[fetch]
    prune = true
    recurseSubmodules = true
    fsckObjects = true
[transfer]
    fsckObjects = true
[safe]
    bareRepository = explicit
[tag]
    gpgSign = true
[color]
    ui = always
[submodule]
    recurse = true
[checkout]
    defaultRemote = odd
[log]
    showSignature = true
"""


def test_a_strange_configuration_of_git_changes_nothing(origin: Origin, user: Path, tmp_path: Path) -> None:
    ran = user / "ran"
    for folder in (user / "hooks", user / "template" / "hooks"):
        folder.mkdir(parents=True)
        for name in ("reference-transaction", "post-checkout", "monitor", "post-index-change"):
            (folder / name).write_text(f"#!/bin/sh\ntouch {ran}\n")
            (folder / name).chmod(0o755)
    (user / "attributes").write_text("* text eol=crlf\n")
    with (user / "gitconfig").open("a") as config:
        config.write(HOSTILE.format(home=user))
    open_catalog(origin.url)
    assert rendered(origin.url, "web", "1.2.0", tmp_path / "old") == "web 1.2.0 {{ project_name }}\n"
    assert b"\r" not in (tmp_path / "old" / "template" / "file.jinja").read_bytes()
    assert not ran.exists()
    assert not (cached(user) / "hooks").exists()
    subprocess.run(["git", "init", "--quiet", tmp_path / "proof"], check=True)
    subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "--allow-empty", "-m", "x"],
        cwd=tmp_path / "proof",
        check=True,
    )
    assert ran.exists(), "the hooks would have run"


def test_variables_of_a_hook_do_not_lead_elsewhere(
    origin: Origin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    assert rendered(origin.url, "web", "1.2.0", tmp_path / "old").startswith("web 1.2.0")
    assert not (tmp_path / "index").exists()


@pytest.mark.parametrize("name", ["", "wbe"])
def test_a_blueprint_that_is_not_named_or_not_there(origin: Origin, name: str) -> None:
    with pytest.raises(InputError) as error:
        open_catalog(origin.url).history(name)
    assert error.value.hint in ("there are: job, web", "did you mean 'web'?")
    assert re.search("missing: --blueprint|no blueprint 'wbe'", error.value.message)


def test_a_catalog_of_one_may_have_another_name_than_its_blueprint(user: Path, tmp_path: Path) -> None:
    single = Origin(user / "origins" / "template.git")
    files = {name.removeprefix("web/"): text for name, text in blueprint_files("web", "1.0.0").items()}
    single.commit(files, "1.0.0")
    found = open_catalog(single.url).history("")
    assert (found.blueprint, found.source) == ("web", single.url)
    assert (found.newest().materialise(tmp_path / "web") / "template" / "file.jinja").is_file()
