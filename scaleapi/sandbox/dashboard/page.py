"""What all pages share: the world they show, their frame, and how values are written."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from flask import Blueprint, Response, g, render_template, request
from werkzeug.exceptions import HTTPException

from ..base.clock import stamp
from ..base.errors import Refusal
from ..base.validation import is_http
from ..resources.transaction import WORLDS
from ..web import query, service
from .guard import TOKEN

ROWS = 50
"""How many rows a page of a list has."""

JSON_SHOWN = 100_000
"""How much of a JSON document a page shows, in characters."""


class Section(NamedTuple):
    """An entry of the navigation.

    Attributes:
        title: What its link says.
        name: The part of the path that all of its pages share.
        endpoint: Where its link leads.
    """

    title: str
    name: str
    endpoint: str


SECTIONS = (
    Section("Overview", "", "dashboard.overview.show"),
    Section("Projects", "projects", "dashboard.projects.list_projects"),
    Section("Batches", "batches", "dashboard.batches.list_batches"),
    Section("Tasks", "tasks", "dashboard.tasks.list_tasks"),
    Section("Files", "files", "dashboard.files.list_files"),
    Section("Team", "team", "dashboard.team.show"),
    Section("Faults", "faults", "dashboard.faults.list_faults"),
    Section("Requests", "requests", "dashboard.requests.list_requests"),
    Section("Clock", "clock", "dashboard.clock.show"),
)


def prepare(dashboard: Blueprint) -> None:
    """Give a blueprint what its pages share."""
    dashboard.before_request(_choose_world)
    dashboard.url_defaults(_keep_world)
    dashboard.context_processor(_frame)
    dashboard.register_error_handler(Refusal, _refuse)
    dashboard.register_error_handler(HTTPException, _refuse_http)
    dashboard.add_app_template_filter(pretty)
    dashboard.add_app_template_filter(moment)
    dashboard.add_app_template_filter(readable)
    dashboard.add_app_template_test(is_http, "http")


def render(template: str, status: int = 200, **values: object) -> Response:
    """Return a page."""
    html = render_template(template, **values)
    # Half of a surrogate pair, which JSON can carry, is no text that could be sent.
    return Response(html.encode(errors="replace"), status, content_type="text/html; charset=utf-8")


def _choose_world() -> None:
    g.world = query().choice("world", WORLDS) or "live"


def _keep_world(_endpoint: str, values: dict[str, Any]) -> None:
    """Let links stay in the test world; a link that says ``world=None`` leaves it."""
    if g.get("world") == "test":
        values.setdefault("world", "test")


def _frame() -> dict[str, object]:
    name = request.path.removeprefix("/dashboard").strip("/").partition("/")[0]
    current = [section for section in SECTIONS if section.name == name]
    return {
        "sections": SECTIONS,
        "current": current[0] if current else SECTIONS[0],
        "world": g.get("world", "live"),
        "now": stamp(service().clock.now()),
        "rules": len(service().faults),
        "token": TOKEN,
    }


def _refuse(refusal: Refusal) -> Response:
    return render("error.html", refusal.status_code, error=refusal.error)


def _refuse_http(error: HTTPException) -> Response:
    return render("error.html", error.code or 500, error=f"{error.name}.")


def written(value: object) -> str:
    """Write a JSON document for people, who read none that is nested a thousand times."""
    try:
        return json.dumps(value, indent=2, ensure_ascii=False)
    except RecursionError:  # Less deep than what can be read and kept.
        return "… nested too deeply to be shown"


def pretty(value: object) -> str:
    """Write a JSON document for people, cut where it gets too long for a page."""
    text = written(value)
    if len(text) <= JSON_SHOWN:
        return text
    return f"{text[:JSON_SHOWN]}\n… {len(text) - JSON_SHOWN:,} more characters"


def moment(time: str) -> str:
    """Write a time for people: to the second, in UTC."""
    return time[:19].replace("T", " ")


def readable(body: bytes) -> str:
    """Write the start of a body: as text, with the keys of the sandbox masked, or its size."""
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        if error.start < len(body) - 4:
            return f"{len(body):,} bytes that are no text"
        text = body[: error.start].decode()  # The last character was cut.
    if "\0" in text:
        return f"{len(body):,} bytes that are no text"
    return masked(text)


def masked(text: str) -> str:
    """Return a text without the API keys of the sandbox."""
    for key in service().keys:
        text = text.replace(key, "•••")
    return text
