"""Profiles keep keys where only their owner reads them."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from unittest.mock import Mock

import pytest

from scaleapi.cli import profiles as profiles_module
from scaleapi.cli.errors import UsageError
from scaleapi.cli.profiles import Profile, Profiles
from scaleapi.sandbox import Sandbox
from tests.cli.conftest import Run

KEY = "live_5ecret%key"


def stored(config: Path) -> Path:
    return config / "scaleapi" / "profiles.ini"


def test_a_stored_profile_is_used_and_its_key_never_shown(
    run: Run, config: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SCALE_API_KEY")
    monkeypatch.delenv("SCALE_API_INSTANCE_URL")
    key = sandbox.test_key
    added = run("profiles", "add", "default", "--url", sandbox.url, stdin=f"{key}\n")
    assert added.status == 0
    assert run("projects", "list").status == 0
    listed = run("profiles", "list")
    assert listed.lines == [{"name": "default", "mode": "test", "url": sandbox.url}]
    for text in (*added[1:], *listed[1:]):
        assert key not in text
    assert stat.S_IMODE(stored(config).stat().st_mode) == 0o600
    assert stat.S_IMODE(stored(config).parent.stat().st_mode) == 0o700
    assert run("profiles", "remove", "default").status == 0
    assert run("projects", "list").status == 2


def test_a_named_profile_comes_before_the_environment(
    run: Run, config: Path, sandbox: Sandbox
) -> None:
    Profiles().set("wrong", Profile("test_wrong", sandbox.url))
    ran = run("projects", "list", "--profile", "wrong")
    assert ran.status == 1
    assert "<Response [401]>" in ran.err
    assert "test_wrong" not in ran.err
    assert run("projects", "list", "--profile", "nobody").status == 2


def test_the_url_of_the_environment_gets_no_key_of_a_profile(
    run: Run, config: Path, sandbox: Sandbox
) -> None:
    """A profile without a URL belongs to the public service."""
    Profiles().set("public", Profile(KEY))
    before = len(sandbox.requests)
    with pytest.raises(RuntimeError, match=r"api\.scale\.com"):  # tests reach loopback only
        run("projects", "list", "--profile", "public")
    assert len(sandbox.requests) == before


@pytest.mark.skipif(os.name != "posix", reason="permissions are those of POSIX")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_file_that_others_can_read_is_rejected(config: Path, mode: int) -> None:
    Profiles().set("default", Profile(KEY))
    stored(config).chmod(mode)
    with pytest.raises(UsageError, match="chmod 600"):
        Profiles()


@pytest.mark.skipif(os.name != "posix", reason="links need rights elsewhere")
def test_a_link_to_the_file_stays_one(config: Path, tmp_path: Path) -> None:
    file = stored(config)
    file.parent.mkdir(parents=True)
    file.symlink_to(tmp_path / "mine.ini")
    Profiles().set("default", Profile(KEY))
    assert file.is_symlink()
    assert (tmp_path / "mine.ini").stat().st_mode & 0o777 == 0o600
    found = Profiles().get("default")
    assert found is not None
    assert found.api_key == KEY


@pytest.mark.parametrize(
    "content",
    [b"api_key = live_5ecret", b"[a]\napi_key live_5ecret", b"\xff\xfe", b"[a]\n[a]\n"],
)
def test_a_broken_file_is_rejected_without_showing_it(config: Path, content: bytes) -> None:
    file = stored(config)
    file.parent.mkdir(parents=True)
    file.touch(0o600)
    file.write_bytes(content)
    with pytest.raises(UsageError) as caught:
        Profiles()
    assert "5ecret" not in str(caught.value)


def test_values_come_back_as_they_were(config: Path) -> None:
    profile = Profile(KEY, "http://127.0.0.1:1/v1", "s;e#c=r%(e)t")
    Profiles().set("a b", profile)
    Profiles().set("other", Profile("k"))
    assert Profiles().get("a b") == profile
    assert Profiles().names() == ["a b", "other"]
    assert KEY not in repr(profile)


@pytest.mark.parametrize("name", ["", " a", "a]", "a\nb", "\x1b[1m"])
def test_bad_names_are_rejected(config: Path, name: str) -> None:
    with pytest.raises(UsageError, match="cannot be the name"):
        Profiles().set(name, Profile(KEY))
    assert not stored(config).exists()


def test_line_breaks_cannot_add_settings(config: Path) -> None:
    with pytest.raises(UsageError, match="line breaks"):
        Profiles().set("a", Profile("k\nurl = http://evil"))


def test_an_empty_key_is_rejected(run: Run, config: Path) -> None:
    assert run("profiles", "add", "default", stdin="\n").status == 2
    assert not stored(config).exists()
    Profiles().set("a", Profile("k"))
    stored(config).write_text("[a]\nurl = x\n")
    with pytest.raises(UsageError, match="no api_key"):
        Profiles().get("a")


def test_a_failed_write_keeps_the_old_file(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Profiles().set("a", Profile("k"))

    def fail(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(profiles_module.os, "fsync", fail)
    with pytest.raises(UsageError, match="No space left"):
        Profiles().set("b", Profile("k2"))
    assert Profiles().names() == ["a"]
    assert [path.name for path in stored(config).parent.iterdir()] == ["profiles.ini"]


@pytest.mark.parametrize("source", ["environment", "profile", "named profile", "none"])
def test_the_callback_secret_needs_no_api_key(
    run: Run, config: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    """A stored profile is used if the environment has no secret, or if the profile is named."""
    heard: list[str] = []
    monkeypatch.setattr("scaleapi.cli.listen._app", lambda _, secret, __: heard.append(secret))
    monkeypatch.setattr("scaleapi.cli.listen.make_server", Mock(side_effect=OSError))
    if source != "none":
        run("profiles", "add", "default", "--callback-secret", stdin=f"{KEY}\nlive_auth_stored\n")
    monkeypatch.delenv("SCALE_API_KEY")
    if source in ("environment", "named profile"):
        monkeypatch.setenv("SCALE_CALLBACK_SECRET", "live_auth_given")
    ran = run("listen", *(["--profile", "default"] if source == "named profile" else []))
    expected = {"environment": ["live_auth_given"], "none": []}
    assert heard == expected.get(source, ["live_auth_stored"])
    assert ("no callback auth key" in ran.err) == (source == "none")


@pytest.mark.parametrize(
    "words",
    [
        ["profiles", "add", "a", KEY],
        ["tasks", "list", "--key", KEY],
        ["tasks", "list", f"--api-key={KEY}"],
        [KEY],
        ["tasks", KEY],
        ["completion", KEY],
        ["tasks", "create", "--rate", KEY],
    ],
)
def test_errors_hide_keys_that_were_given_as_arguments(run: Run, words: list[str]) -> None:
    ran = run(*words)
    assert ran.status == 2
    assert "5ecret" not in ran.err
