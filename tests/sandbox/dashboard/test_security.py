"""No other site gets in, and nothing from a task gets out of its place."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import pytest

from scaleapi.sandbox import Sandbox
from tests.sandbox.dashboard.test_pages import PAGES
from tests.sandbox.dashboard.visitor import Page, Visitor
from tests.sandbox.rules.caller import Caller

EVIL = "\"'><x-evil onload=x()></script></textarea></svg>"
"""What breaks out of text, attributes and elements, if it is not escaped."""

FORMS = (
    "/dashboard/clock",
    "/dashboard/faults",
    "/dashboard/faults/1/remove",
    "/dashboard/tasks/none/complete",
    "/dashboard/tasks/none/label",
    "/dashboard/tasks",
    "/dashboard/batches/none/finalize",
)


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("token", [None, "", "guessed", "é", "\0"])
def test_rejects_form_without_token(
    visitor: Visitor, manual: Sandbox, path: str, token: str | None
) -> None:
    """It does nothing, whatever it carries besides."""
    data = {"seconds": "1", "rule": "GET ** 503"} | ({} if token is None else {"token": token})
    answer = visitor.answer("POST", path, data=data)
    assert answer.status_code == 403
    assert answer.headers["Content-Type"].startswith("text/html")
    assert manual.clock.ahead == 0
    assert not manual.faults


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_rejects_form_of_another_site(visitor: Visitor, manual: Sandbox, site: str) -> None:
    """Where a browser says that a form comes from elsewhere, the token does not help."""
    token = visitor.open("/dashboard/clock").forms[0].fields["token"]
    data = {"token": token, "seconds": "1"}
    refused = visitor.answer("POST", FORMS[0], data=data, headers={"Sec-Fetch-Site": site})
    assert refused.status_code == 403
    assert manual.clock.ahead == 0
    taken = visitor.answer("POST", FORMS[0], data=data, headers={"Sec-Fetch-Site": "same-origin"})
    assert taken.status_code == 200
    assert manual.clock.ahead == 1


@pytest.mark.parametrize("host", ["scale.example", "127.0.0.1.example:80", "[::2]", "a b", "@"])
def test_rejects_host_of_another_site(visitor: Visitor, manual: Sandbox, host: str) -> None:
    """A site that makes its name lead here gets nothing: no page, no form, no call of the API."""
    token = visitor.open("/dashboard/clock").forms[0].fields["token"]
    headers = {"Host": host}
    for path in (*PAGES, "/dashboard/static/dashboard.css", "/v1/tasks", "/_sandbox", "/nowhere"):
        answer = visitor.answer("GET", path, headers=headers, auth=(manual.live_key, ""))
        assert answer.status_code == 403
    data = {"token": token, "seconds": "1"}
    assert visitor.answer("POST", FORMS[0], data=data, headers=headers).status_code == 403
    assert manual.clock.ahead == 0


def test_headers(visitor: Visitor, caller: Caller) -> None:
    """Every page, error and redirect says what a browser may do with it."""
    task_id = caller.task()["task_id"]
    token = visitor.open("/dashboard/clock").forms[0].fields["token"]
    answers = [visitor.answer("GET", path) for path in PAGES]
    answers.append(visitor.answer("GET", f"/dashboard/tasks/{task_id}"))
    answers.append(visitor.answer("GET", "/dashboard/tasks/none"))
    answers.append(visitor.answer("GET", "/", headers={"Host": "a.example"}))
    answers.append(
        visitor.answer(
            "POST",
            f"/dashboard/tasks/{task_id}/complete",
            data={"token": token},
            allow_redirects=False,
        )
    )
    for answer in answers:
        policy = answer.headers["Content-Security-Policy"].split("; ")
        assert policy == [
            "default-src 'none'",
            "script-src 'self'",
            "connect-src 'self'",
            "style-src 'self'",
            "img-src 'self' http: https: data:",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in answer.headers


def crawl(visitor: Visitor) -> Iterator[Page]:
    """Open every page that a link leads to, from the first on."""
    waiting, seen = [visitor.url], {visitor.url}
    while waiting:
        answer = visitor.answer("GET", waiting.pop())
        assert answer.status_code == 200, answer.url
        if not answer.headers["Content-Type"].startswith("text/html"):
            continue
        page = Page(answer.url, answer.text)
        yield page
        for link in set(page.links) - seen:
            if link.startswith(visitor.url) and "_storage" not in link:
                seen.add(link)
                waiting.append(link)


def fill(sandbox: Sandbox) -> None:
    """Put something evil into every field that somebody else can fill."""
    for key in (sandbox.live_key, sandbox.test_key):
        caller = Caller(sandbox, key)
        email = "<x-evil/onload=x()>@x.net"
        word = "\"'><x-evil/onload=x()>"
        caller.project(EVIL, params={EVIL: EVIL, "instruction": EVIL})
        caller.project(f"studio {EVIL}", studio=True)
        caller.batch(EVIL, EVIL, metadata={EVIL: EVIL}, callback=f"http://a.example/{word}")
        caller.batch(f"studio {EVIL}", f"studio {EVIL}", callback=email)
        caller.post("/teams/invite", {"emails": [email], "team_role": "labeler"})
        caller.post(
            "/files/upload",
            files={"file": (EVIL, b"<script>x()</script>", "image/<x-evil>")},
            data={"display_name": EVIL, "reference_id": EVIL, "project_name": EVIL},
        )
        task = caller.task(
            batch=EVIL,
            unique_id=EVIL,
            tags=[EVIL],
            metadata={EVIL: EVIL},
            instruction=EVIL,
            attachment=f"http://a.example/{word}",
            callback_url=email,
            geometries={"box": {"objects_to_annotate": [EVIL]}},
        )
        box = {"type": "box", "left": 1, "top": 1, "width": 9, "height": 9}
        evil_box = box | {"label": EVIL, "attributes": {EVIL: EVIL}}
        sandbox.complete(task["task_id"], {EVIL: EVIL, "annotations": [evil_box]})
        caller.post(f"/task/{task['task_id']}/audit", {"accepted": False, "comments": EVIL})
        failed = caller.task(
            project=f"studio {EVIL}", batch=f"studio {EVIL}", attachment="s3://javascript:x()"
        )
        sandbox.fail(failed["task_id"], EVIL)
        caller.get(f"/projects/{word}", 404, evil=EVIL)
        caller.post("/projects", {EVIL: EVIL}, 400)
    live = Caller(sandbox, sandbox.live_key)
    assigned = {"emails": [email], "projects": [f"studio {EVIL}"]}
    live.post("/studio/assignments/add", assigned)
    sandbox.faults.add(f"GET /{word} 503")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_everything_is_escaped(visitor: Visitor, manual: Sandbox) -> None:
    """Whatever tasks, batches, projects, files, people and requests are called, it is text."""
    fill(manual)
    manual.wait_for_callbacks()
    pages = list(crawl(visitor))
    shown = 0
    for page in pages:
        shown += page.text.count("x-evil")
        for element in page.elements:
            assert element.tag not in ("x-evil", "iframe", "object", "style"), page.url
            if element.tag == "script":
                source = element.attributes["src"]
                assert source.startswith("/dashboard/static/")
                assert "evil" not in source
            assert not [name for name in element.attributes if name.startswith("on")], page.url
            assert "style" not in element.attributes
            for name in ("href", "src", "action"):
                target = urljoin(page.url, element.attributes.get(name, ""))
                assert urlsplit(target).scheme in ("http", "https", "data"), target
    assert {urlsplit(page.url).path for page in pages} > set(PAGES)
    assert len(pages) > 30
    assert shown > 100


def test_external_links_send_no_referrer(visitor: Visitor, caller: Caller) -> None:
    """A link leads out only to http, and carries neither where it comes from nor a way back."""
    for url in ("https://far.example.net/a", "me@far.example.net"):
        task_id = caller.task(callback_url=url, attachment="s3://far/a.png")["task_id"]
        page = visitor.open(f"/dashboard/tasks/{task_id}")
        assert url in page.text
        outward = [one.attributes for one in page.all("a") if "far" in one.attributes["href"]]
        assert [one["rel"] for one in outward] == ["noreferrer noopener"] * ("http" in url)


def test_uploaded_page_cannot_run_scripts(visitor: Visitor, caller: Caller) -> None:
    """A file that is opened runs no script as a page of the sandbox."""
    page = b"<script>alert(1)</script>"
    file = caller.post("/files/upload", files={"file": ("a.html", page, "text/html")}, data={})
    shown = visitor.open("/dashboard/files")
    link = next(one for one in shown.links if "_storage" in one)
    task = caller.task(attachment=file["attachment_url"])
    (download,) = caller.get(f"/task/{task['task_id']}", include_attachment_url="true")[
        "attachmentS3Downloads"
    ]
    for url in (link, download["s3URL"]):
        answer = visitor.answer("GET", url)
        assert answer.content == page
        assert answer.headers["Content-Security-Policy"] == "sandbox"
        for use in ("script", "worker", "serviceworker", "style"):
            headers = {"Sec-Fetch-Dest": use}
            assert visitor.answer("GET", url, headers=headers).status_code == 403
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("signature", ["", "0", "é", "\ud7ff"])
def test_rejects_guessed_links(visitor: Visitor, signature: str) -> None:
    """A link with any other signature opens nothing, and is no fault of the sandbox."""
    query = {"expires": "2100-01-01T00:00:00.000Z", "signature": signature}
    for path in ("/_storage/a", "/dashboard/_storage/a"):
        assert visitor.answer("GET", path, params=query).status_code == 403


def test_keys_are_not_shown(visitor: Visitor, manual: Sandbox, caller: Caller) -> None:
    """No page has an API key or a callback secret of the sandbox in it."""
    caller.task(callback_url="http://127.0.0.1:9/a")
    for page in crawl(visitor):
        for secret in (
            *(manual.live_key, manual.test_key),
            *(manual.live_callback_secret, manual.test_callback_secret),
        ):
            assert secret not in page.text
            assert secret not in str(page.elements)
