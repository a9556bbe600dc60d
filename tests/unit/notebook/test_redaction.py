"""Secrets in cards: hidden by key, then cut short; links without logins, queries and fragments."""

from __future__ import annotations

import copy
import time
from typing import Any

import pytest

from scaleapi import Paginator
from scaleapi._notebook import conversation_card
from scaleapi._notebook.redaction import bare_link, is_secret, redacted
from tests.unit.notebook.reading import read
from tests.unit.notebook.samples import CONVERSATION, OBJECTS, TASK, make

SECRET = "t0ps3cret"

SECRET_KEYS = [
    *("password", "passwords", "PASSWORD", "user_password", "password_old", "passwordHash"),
    *("passwd", "pwd", "db-pwd", "passphrase", "dbpassword", "pass_word", "password2"),
    *("secret", "secrets", "clientSecret", "client_secret_v2", "secretKey", "SECRET_KEYS"),
    *("token", "tokens", "accessToken", "refresh-token", "csrftoken", "token_v2", "idToken"),
    *("api_key", "apiKey", "apikey", "APIKey", "api-keys", "x-api-key", "API KEY", "api_key_prod"),
    *("access_key", "AWSAccessKeyId", "private_key", "privateKeys", "signing_key", "live_key"),
    *("auth", "callback_auth", "authHeader", "Authorization", "Proxy-Authorization", "oauth2"),
    *("credential", "credentials", "awsCredentials", "creds"),
    *("sig", "sigs", "x-sig", "signature", "X-Amz-Signature", "signatures"),
    *("cookie", "Set-Cookie", "cookies", "session", "sessionId", "session_id", "JSESSIONID"),
    *("bearer", "jwt", f"{'x' * 400}_password"),
]

ORDINARY_KEYS = [
    *("author", "authors", "authority", "authored_by", "key", "keys", "keypoints", "keyboard"),
    *("primary_key", "idempotency_key", "annotation_key", "latest_key", "public_key", "monkey"),
    *("signal", "sign", "design", "assign", "assigned_projects", "significant", "sigma"),
    *("tokenizer", "tokenization", "tokens_count", "tokenCount", "max_tokens", "token_limit"),
    *("secretary", "pass", "passed", "passenger", "compass", "possession", "obsession"),
    *("session_count", "cookiecutter", "label", "attributes", ""),
]

VALUES: dict[str, Any] = {
    "short": SECRET,
    "long": SECRET * 100,
    "lines": f"{SECRET}\n{SECRET}",
    "list": [SECRET, SECRET],
    "long list": [SECRET] * 50,
    "object": {"value": SECRET},
    "deep": {"a": [{"b": {"c": [SECRET * 50, {"d": SECRET}]}}]},
    "time": f"2024-03-12T18:40:02 {SECRET}",
    "link": f"https://example.net/{SECRET}",
}


def task_card(**changes: object) -> str:
    kind, json = OBJECTS[0]
    html: str = make(kind, copy.deepcopy({**json, **changes}))._repr_html_()
    return html


def cards(json: dict[str, Any]) -> dict[str, str]:
    """Return a card for each place that can contain customer JSON."""
    message = CONVERSATION["threads"][0]["turns"][0]["messages"][2]
    turn = {
        "messages": [{**message, "model_parameters": json, "annotations": [{"value": json}]}],
        "rubrics": [json],
    }
    box = {"type": "box", "label": "a", "left": 0, "top": 0, "width": 9, "height": 9}
    kind = OBJECTS[0][0]
    pages: list[list[Any]] = [[make(kind, {**TASK, "tags": json})], [[json]], [json, 1]]
    return {
        "top": task_card(**json),
        "metadata": task_card(metadata=json),
        "params": task_card(params={"a": [{"b": json}]}),
        "attributes": task_card(response={"annotations": [{**box, "attributes": json}]}),
        "batch": make(OBJECTS[1][0], {**OBJECTS[1][1], **json})._repr_html_(),
        "project": make(
            OBJECTS[2][0], {**OBJECTS[2][1], "param_history": [json, {"a": json}]}
        )._repr_html_(),
        "conversation": conversation_card("Task", "task_id", {**CONVERSATION, "metadata": json}),
        "turn": conversation_card("Task", "task_id", {"threads": [{"turns": [turn]}]}),
        **{
            f"page {number}": Paginator(page, 1, 100, 0, False)._repr_html_()
            for number, page in enumerate(pages)
        },
    }


@pytest.mark.parametrize("key", SECRET_KEYS)
def test_keys_of_secrets(key: str) -> None:
    assert is_secret(key)


@pytest.mark.parametrize("key", ORDINARY_KEYS)
def test_ordinary_keys(key: str) -> None:
    assert not is_secret(key)


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
@pytest.mark.parametrize("key", ["password", "tokens", "apiKeys", "X-Sig"])
def test_a_secret_is_in_no_card(key: str, value: Any) -> None:
    for place, html in cards({key: value, "more": {"a": {"b": {}}}}).items():
        assert SECRET not in html, place
        read(html)


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_an_ordinary_value_is_in_each_card(value: Any) -> None:
    """A check of the test above: an empty card would pass it."""
    for place, html in cards({"author": value}).items():
        # Cells of a page have no room for long values, and nested attributes are not drawn.
        assert SECRET in html or place in ("page 0", "attributes"), place


@pytest.mark.parametrize("name", ["name", "key"])
def test_a_pair_of_a_name_and_a_secret(name: str) -> None:
    """Headers and form fields are often lists of pairs."""
    for value in (SECRET, [SECRET], SECRET * 100):
        for place, html in cards({"a": [{name: "Authorization", "value": value}]}).items():
            assert SECRET not in html, place
    annotation = {name: "api_key", "type": "text", "value": SECRET}
    task = {"threads": [{"annotations": [annotation]}]}
    assert SECRET not in conversation_card("Task", None, task)


@pytest.mark.parametrize(
    ("key", "value", "shown"),
    [
        ("password", 12345678, False),
        ("token", 424242, False),
        ("tokens", 512, True),
        ("max_tokens", 512, True),
        ("auth", True, True),
        ("password", None, True),
    ],
)
def test_numbers(key: str, value: object, shown: bool) -> None:
    """A number under a plural key is a count, and a boolean is not a secret."""
    html = task_card(metadata={key: value})
    assert ("&lt;hidden&gt;" not in html) is shown
    assert ("&lt;hidden&gt;" not in task_card(**{key: value})) is shown


URLS = {
    "https://user:pa55@example.net/a": "https://example.net/a",
    "https://user:p@55@example.net/a": "https://example.net/a",
    "https://user:p/55@example.net/a": "https://example.net/a",
    "https://user:p#55@example.net/a": "https://example.net/a",
    "https://user:p?55@example.net/a": "https://example.net/a",
    "https://pa55@example.net/a": "https://example.net/a",
    "https://:pa55@example.net": "https://example.net",
    "https://user:pa55": "https://user:…",
    "https://user:pa55 and more": "https://user:… and more",
    "//user:pa55@example.net/a": "//example.net/a",
    r"https:\/\/user:pa55@example.net\/a?b=pa55": r"https:\/\/example.net\/a?…",
    "postgresql+psycopg://user:pa55@db:5432/a": "postgresql+psycopg://db:5432/a",
    "https://example.net/a;sig=pa55;v=1": "https://example.net/a;sig=…;v=1",
    "token=pa55&a=b": "token=…&a=b",
    "host=h password=pa55 user=u": "host=h password=… user=u",
    "api_key='pa55', n=1": "api_key='…', n=1",
    "a = b, tokens=5 x==y": "a = b, tokens=… x==y",
    "/files/a.pdf?v=1&signature=pa55&n=2": "/files/a.pdf?v=1&signature=…&n=2",
    "HTTPS://user:pa55@example.net": "HTTPS://example.net",
    "https://example.net/a.pdf?sig=pa55": "https://example.net/a.pdf?…",
    "https://example.net/a.pdf#sig=pa55": "https://example.net/a.pdf#…",
    "https://example.net?sig=pa55#b": "https://example.net?…",
    'https://example.net/?a="&sig=pa55': "https://example.net/?…",
    "[a](https://example.net/a.pdf?sig=pa55) b": "[a](https://example.net/a.pdf?… b",
    '{"url": "https://example.net/?pa55", "b": 1}': '{"url": "https://example.net/?…", "b": 1}',
    '<a href="https://example.net/?pa55">b</a>': '<a href="https://example.net/?…">b</a>',
    "https://example.net:8080/@scope/a": "https://example.net:8080/@scope/a",
    "https://example.net/@user": "https://example.net/@user",
    "https://example.net:443": "https://example.net:443",
    "http://[::1]:80/a": "http://[::1]:80/a",
    "scaledata://65ee/5a0e": "scaledata://65ee/5a0e",
    "mail ada@example.net // why? so": "mail ada@example.net // why? so",
}


@pytest.mark.parametrize(("text", "expected"), URLS.items())
def test_links_in_texts(text: str, expected: str) -> None:
    assert redacted(text) == expected
    assert redacted(redacted(text)) == expected


@pytest.mark.parametrize("length", range(200, 330, 11))
def test_a_login_that_is_cut_in_the_middle(length: int) -> None:
    """Remains of a cut password or signature are not shown."""
    text = "x" * length + f" https://user:{SECRET}{'z' * 40}@example.net/a?sig={SECRET}"
    for place, html in cards({"note": text, "name": f"{text}\n{text}"}).items():
        assert "t0ps" not in html, place
    long = "y" * (length + 1700)
    message = {"role": "user", "content": {"text": long + text}}
    assert "t0ps" not in conversation_card(
        "Task", None, {"threads": [{"turns": [{"messages": [message]}]}]}
    )


def test_links_have_no_signature() -> None:
    signed = f"https://user:{SECRET}@files.example.net/report.pdf?X-Sig={SECRET}#{SECRET}"
    message = {
        "role": "user",
        "content": {
            "text": f"See [the report]({signed}).",
            "attachments": [
                {"name": "report.pdf", "url": signed},
                {"url": signed},
                {"name": signed, "scale_url": signed},
                {"mime_type": "video/mp4", "url": signed},
            ],
            "chunks": [{"text": signed}],
            "reference_texts": [signed],
        },
        "annotations": [{"title": signed, "value": signed, "justification": signed}],
    }
    task = {"metadata": {"link": signed}, "threads": [{"turns": [{"messages": [message]}]}]}
    card = read(html := conversation_card("Task", None, task))
    assert SECRET not in html
    assert set(card.links) == {"https://files.example.net/report.pdf"}
    assert "report.pdf" in card.text
    for place, html in cards({"url": signed, "urls": [signed], "batch": signed}).items():
        assert SECRET not in html, place
    assert SECRET not in task_card(callback_url=signed)


def test_only_the_image_keeps_its_query() -> None:
    """The browser needs it to load the image, but neither a login nor a fragment."""
    image = f"https://user:{SECRET}@files.example.net/a.jpg?X-Sig=needed#{SECRET}"
    for response in (None, TASK["response"]):
        html = task_card(params={"attachment": image}, response=response)
        assert SECRET not in html
        assert html.count("X-Sig=needed") == 1
        loaded = [
            one.get("src") or one.get("href")
            for one in read(html).tree.iter()
            if one.tag.rpartition("}")[2] in ("img", "image")
        ]
        assert loaded == ["https://files.example.net/a.jpg?X-Sig=needed"]


def test_a_link_without_secrets_is_kept() -> None:
    assert bare_link("https://example.net:8080/a/b%20c") == "https://example.net:8080/a/b%20c"
    assert "https://example.net/a" in read(task_card(metadata="https://example.net/a")).links


@pytest.mark.slow
@pytest.mark.parametrize("text", ["x" * 10**6, "https://" + "a:" * 500_000, "//a:b" * 200_000])
def test_long_texts_take_no_longer(text: str) -> None:
    """The limit is so high that only quadratic time exceeds it."""
    start = time.process_time()
    redacted(text)
    assert time.process_time() - start < 20
