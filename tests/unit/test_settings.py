"""Settings of a client, from arguments or the environment."""

from __future__ import annotations

import platform
from typing import Any

import pytest

from scaleapi import Api, ScaleArgumentError, ScaleClient, ScaleException, __version__
from scaleapi._http.call import Options
from scaleapi._http.secrets import hidden
from scaleapi._http.settings import (
    Hidden,
    check_base_url,
    check_key,
    check_options,
    check_proxies,
    check_user_agent_extension,
    user_agent,
)

GOOD_KEYS = ["live_abc", "test_abc", "anything|test", "a", "ключ"]

#: Texts that an environment variable can have, too.
BAD_TEXTS = [
    "",
    " ",
    "a b",
    "key\n",
    "key\r\nX-Header: 1",
    "key\x7f",
    "\x1b[31m",
    "key\u2028",
]


@pytest.mark.parametrize("key", GOOD_KEYS)
def test_key(key: str) -> None:
    """The format of keys is not validated."""
    assert check_key(key) == key


@pytest.mark.parametrize("key", [*BAD_TEXTS, "\x00", "\ud800", 5, b"c d", b"\xff", ["key"], None])
def test_bad_key(key: Any) -> None:
    with pytest.raises(ScaleArgumentError, match=r"^api_key must") as caught:
        ScaleClient(key)
    assert isinstance(caught.value, ScaleException)


@pytest.mark.parametrize("key", BAD_TEXTS)
def test_bad_key_of_the_environment(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCALE_API_KEY", key)
    with pytest.raises(ScaleArgumentError, match=r"^api_key must"):
        ScaleClient()


def test_a_bad_key_is_not_shown() -> None:
    with pytest.raises(ScaleArgumentError) as caught:
        ScaleClient("live_secret\n")
    assert "live_secret" not in str(caught.value)


def test_no_key_anywhere() -> None:
    with pytest.raises(ScaleArgumentError, match="SCALE_API_KEY"):
        ScaleClient()


def test_key_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCALE_API_KEY", "of_environment")
    assert ScaleClient().api.api_key == "of_environment"
    assert ScaleClient("given").api.api_key == "given"
    for mistake in ("", None):  # not a request for the other one
        with pytest.raises(ScaleArgumentError, match="api_key"):
            ScaleClient(mistake)  # type: ignore[arg-type]


@pytest.mark.parametrize("make", [ScaleClient, Api])
def test_none_does_not_mean_the_environment(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may come from a misspelled variable, and the other key may be a live one."""
    monkeypatch.setenv("SCALE_API_KEY", "live_of_environment")
    with pytest.raises(ScaleArgumentError, match="not None; omit it to use SCALE_API_KEY"):
        make(None)


def test_v2_rejects_keys_outside_latin1() -> None:
    """v1 encodes the key in Base64; v2 sends it unencoded."""
    with pytest.raises(ScaleArgumentError, match=r"^api_key must contain only Latin-1 characters"):
        _ = ScaleClient("ключ").v2
    with pytest.raises(ScaleArgumentError, match=r"^api_key must contain only Latin-1 characters"):
        Api("key").for_v2(api_key="ключ")
    assert Api("key").for_v2(api_key="clé").api_key == "clé"


@pytest.mark.parametrize(
    ("url", "taken"),
    [
        ("https://api.scale.com/v1", "https://api.scale.com/v1"),
        ("https://api.scale.com/v1/", "https://api.scale.com/v1"),
        ("http://127.0.0.1:5000/v1", "http://127.0.0.1:5000/v1"),
        ("http://[::1]:5000/v1", "http://[::1]:5000/v1"),
        ("HTTPS://example.com", "HTTPS://example.com"),
    ],
)
def test_url(url: str, taken: str) -> None:
    assert check_base_url(url) == taken


@pytest.mark.parametrize(
    "url",
    [
        "api.scale.com/v1",
        "//api.scale.com/v1",
        "ftp://api.scale.com",
        "file:///v1",
        "https://",
        "https:///v1",
        "https://host:0/v1",
        "https://host:99999/v1",
        "https://host:port/v1",
        "https://[::1/v1",
        "https://host/v1?x=1",
        "https://host/v1#x",
        "https://user:password@host/v1",
        "https://user@host/v1",
        "https://ho st/v1",
        "https://host/v1\n",
        "https://host/v1\r\nX: y",
        "https://host\t/v1",
        "https://host/\x00",
        5,
        b"https://host",
    ],
)
def test_bad_url(url: Any) -> None:
    with pytest.raises(ScaleArgumentError, match=r"^api_instance_url must") as caught:
        ScaleClient("key", api_instance_url=url)
    assert "password@" not in str(caught.value)


def test_url_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert check_base_url(None) == "https://api.scale.com/v1"
    monkeypatch.setenv("SCALE_API_INSTANCE_URL", "http://127.0.0.1:1/v1/")
    assert check_base_url(None) == "http://127.0.0.1:1/v1"
    assert check_base_url("http://127.0.0.1:2/v1") == "http://127.0.0.1:2/v1"
    monkeypatch.setenv("SCALE_API_INSTANCE_URL", "")
    assert check_base_url(None) == "https://api.scale.com/v1"
    monkeypatch.setenv("SCALE_API_INSTANCE_URL", "nonsense")
    with pytest.raises(ScaleArgumentError, match=r"^api_instance_url must be a URL such as"):
        check_base_url(None)


@pytest.mark.parametrize("source", [None, "", "my-program/1.0 (x; y)", "Café"])
def test_source(source: str | None) -> None:
    assert check_user_agent_extension(source) == source


@pytest.mark.parametrize(
    "source", ["a\n", "a\r\nX-Header: 1", "\x00", "a\x7f", "ж", "a\tb", 5, b"a", ["a"]]
)
def test_bad_source(source: Any) -> None:
    with pytest.raises(ScaleArgumentError, match=r"^source must be"):
        ScaleClient("key", source)


@pytest.mark.parametrize(("extension", "end"), [(None, ""), ("", ""), ("program", " program")])
def test_user_agent(extension: str | None, end: str) -> None:
    python = platform.python_version()
    system = f"{platform.system()}-{platform.release()}-{platform.machine()}"
    assert user_agent(extension) == f"scaleapi/{__version__} Python/{python} OS/{system}{end}"


@pytest.mark.parametrize(
    ("timeout", "connect", "read"),
    [
        ((5, 60), 5.0, 60.0),
        ([5, 60], 5.0, 60.0),
        (7, 7.0, 7.0),
        (0.5, 0.5, 0.5),
        (None, None, None),
        ((None, 60), None, 60.0),
        ((5, None), 5.0, None),
    ],
)
def test_timeout(timeout: Any, connect: float | None, read: float | None) -> None:
    assert check_options(timeout, 120, 3, 9) == Options(connect, read, 120.0, 3, 9)


BAD_SECONDS = [0, -1, float("nan"), float("inf"), True, "5", [], ()]


@pytest.mark.parametrize("timeout", [*BAD_SECONDS, (1,), (1, 2, 3), (1, 0), ("1", 2), (True, 1)])
def test_bad_timeout(timeout: Any) -> None:
    with pytest.raises(ScaleArgumentError, match=r"^timeout must be"):
        ScaleClient("key", timeout=timeout)


@pytest.mark.parametrize("deadline", BAD_SECONDS)
def test_bad_deadline(deadline: Any) -> None:
    with pytest.raises(ScaleArgumentError, match=r"^deadline must be"):
        ScaleClient("key", deadline=deadline)


@pytest.mark.parametrize("max_retries", [3, "3", 3.0], ids=repr)
def test_max_retries(max_retries: Any) -> None:
    assert ScaleClient("key", max_retries=max_retries).api.options.max_retries == 3


@pytest.mark.parametrize("max_body", [1000, "1000", 1e3], ids=repr)
def test_max_body(max_body: Any) -> None:
    assert ScaleClient("key", max_body=max_body).api.options.max_body == 1000


@pytest.mark.parametrize(
    "max_retries", [-1, 1.5, True, "three", "2.5", float("nan"), float("inf"), b"x", [], None]
)
def test_bad_max_retries(max_retries: Any) -> None:
    with pytest.raises(ScaleArgumentError, match=r"^max_retries must be"):
        ScaleClient("key", max_retries=max_retries)


@pytest.mark.parametrize("max_body", [0, -1, 1.5, True, "256 MB", float("inf"), None])
def test_bad_max_body(max_body: Any) -> None:
    with pytest.raises(ScaleArgumentError, match=r"^max_body must be"):
        ScaleClient("key", max_body=max_body)


@pytest.mark.parametrize(
    ("proxies", "taken"),
    [
        ({}, {}),
        ({"https": "http://127.0.0.1:3128"}, {"https": "http://127.0.0.1:3128"}),
        ({"https": None, "http": ""}, {"https": "", "http": ""}),
        ({"all": "127.0.0.1:3128"}, {"all": "http://127.0.0.1:3128"}),
        ({"https://h": "socks5h://127.0.0.1:1"}, {"https://h": "socks5h://127.0.0.1:1"}),
        # What urllib.request.getproxies() returns has more in it.
        ({"no": "localhost, .corp", "ftp": "ftp://127.0.0.1"}, {}),
    ],
)
def test_proxies(proxies: Any, taken: dict[str, str]) -> None:
    assert check_proxies(proxies) == taken
    ScaleClient("key", proxies=proxies)


@pytest.mark.parametrize(
    "proxies",
    [
        "http://user:secret_word@127.0.0.1",
        ["https"],
        5,
        {"https": 5},
        {5: "http://127.0.0.1"},
        {"https": "http://user:secret_word@[::1"},
        {"https": "http://user:secret_word@host:port"},
        {"https": b"http://user:secret_word@127.0.0.1"},
        {"https": "ftp://user:secret_word@127.0.0.1"},
        {"https": "http://user:secret_word@"},
        {"https": "http://user:secret_word@ho st"},
        {"all": "http://"},
    ],
)
def test_bad_proxies(proxies: Any) -> None:
    """The error names the argument, but does not show the URL, which may have a password."""
    with pytest.raises(ScaleArgumentError, match=r"^proxies must ") as caught:
        ScaleClient("key", proxies=proxies)
    assert "secret_word" not in str(caught.value)


@pytest.mark.parametrize("url", ["http://[::1", "ftp://user:secret_word@host", "http://"])
@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_bad_proxies_of_the_environment(
    name: str, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, url)
    with pytest.raises(ScaleArgumentError, match=r"^proxies must .* in the environment") as caught:
        ScaleClient("key")
    assert "secret_word" not in str(caught.value)
    ScaleClient("key", proxies={})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NO_PROXY", "localhost, 127.0.0.1"),
        ("NO_PROXY", "[::1,*.corp"),
        ("no_proxy", "10.0.0.0/8 .corp"),
        ("FTP_PROXY", "ftp://host"),
        ("HTTP_PROXY", "not used for https"),
    ],
)
def test_other_variables_of_the_environment_do_not_matter(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    assert ScaleClient("key").api._proxy is None
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:3128")
    assert ScaleClient("key").api._proxy == "http://127.0.0.1:3128"


def test_no_proxy_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "nonsense://127.0.0.1:3128")
    monkeypatch.setenv("NO_PROXY", "example.com, scale.com")
    assert ScaleClient("key").api._proxy is None


def test_a_key_in_bytes() -> None:
    """Environments have bytes too (``os.environb``)."""
    assert check_key(b"live_abc") == "live_abc"
    assert repr(check_key(b"live_abc")) == "'<hidden>'"


@pytest.mark.parametrize("empty", [None, "", (), []])
def test_options_that_are_not_given(empty: Any) -> None:
    """Empty variables of the environment, for example."""
    api = ScaleClient("key", None, empty, empty, empty, empty).api
    assert api.base_api_url == "https://api.scale.com/v1"
    assert api.proxies is None
    assert api._transport._verify is api._transport._cert is None
    assert ScaleClient("key", proxies={}).api.proxies == {}


def test_an_empty_url_of_v2_is_not_given() -> None:
    """The key does not go to another service."""
    api = Api("key", api_instance_url="http://127.0.0.1:1/v1")
    assert api.for_v2("").base_api_url == "http://127.0.0.1:1/v2"


def test_flags_as_options() -> None:
    """``flag and path`` is False."""
    flag: Any = 1
    no: Any = False
    api = ScaleClient("key", verify=flag, proxies=no, cert=no).api
    assert (api._transport._verify, api._transport._cert, api.proxies) == (True, None, None)
    flag = 0
    assert ScaleClient("key", verify=flag).api._transport._verify is False


@pytest.mark.parametrize(
    "secret", ["secret", b"secret", ["secret"], (b"secret",), {"a": ["secret"]}], ids=repr
)
def test_hidden_in_any_form(secret: Any) -> None:
    assert "secret" not in repr(hidden(secret))
    assert hidden(secret) == secret


@pytest.mark.parametrize("verify", [5, "no/such/file", b"x"])
def test_bad_verify(verify: Any) -> None:
    with pytest.raises(ScaleArgumentError, match=r"^verify must be"):
        ScaleClient("key", verify=verify)


@pytest.mark.parametrize("cert", ["no/such/file", 5, ("a",), ("a", "b", "c"), ("a", None)])
def test_bad_cert(cert: Any) -> None:
    with pytest.raises(ScaleArgumentError, match=r"^cert must be"):
        ScaleClient("key", cert=cert)


def test_hidden_strings_have_a_hidden_repr() -> None:
    key = Hidden("live_abc")
    assert key == "live_abc"
    assert f"{key}" == "live_abc"
    assert repr(key) == repr([key])[1:-1] == "'<hidden>'"


def test_api_and_client_have_the_same_settings() -> None:
    api = Api("key", "program", "http://127.0.0.1:1", timeout=1, deadline=2, max_retries=0)
    assert api.options == Options(1.0, 1.0, 2.0, 0)
