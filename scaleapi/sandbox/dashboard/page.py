"""What all pages share: the mode they show, their frame and template filters."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from flask import Blueprint, Response, g, render_template, request, url_for
from markupsafe import Markup
from werkzeug.exceptions import HTTPException

from ..base.clock import stamp
from ..base.errors import Refusal
from ..base.modes import MODES, Mode
from ..base.validation import Query, is_http
from ..web import query, service
from .guard import TOKEN

ROWS = 50
"""Rows on each page of a list."""

JSON_SHOWN = 100_000
"""Longest JSON document shown in full, in characters."""

_UNITS = {"day": 86_400, "hour": 3_600, "minute": 60, "second": 1}


class Section(NamedTuple):
    """An entry of the navigation.

    Attributes:
        title: The text of its link.
        name: The path segment that its pages share.
        endpoint: The Flask endpoint of its link.
    """

    title: str
    name: str
    endpoint: str


class Sorting(NamedTuple):
    """How a list can be sorted.

    Attributes:
        default: The order when none is given: a name, with ``-`` before it if descending.
        columns: The SQL columns by name.
    """

    default: str
    columns: Mapping[str, str]

    def given(self, wanted: Query) -> str:
        """Return the order in the query, or the default; raise 400 if there is no such order."""
        orders = [*self.columns, *(f"-{name}" for name in self.columns)]
        return wanted.choice("sort", orders) or self.default

    def order(self, wanted: Query) -> str:
        """Return the order in the query as SQL."""
        given = self.given(wanted)
        direction = " DESC" if given.startswith("-") else ""
        columns = self.columns[given.removeprefix("-")].split(", ")
        return ", ".join(column + direction for column in (*columns, "key"))


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
    """Install the shared hooks and filters on a blueprint."""
    dashboard.before_request(_choose_mode)
    dashboard.url_defaults(_keep_mode)
    dashboard.context_processor(_frame)
    dashboard.register_error_handler(Refusal, _refuse)
    dashboard.register_error_handler(HTTPException, _refuse_http)
    dashboard.add_app_template_filter(pretty)
    dashboard.add_app_template_filter(moment)
    dashboard.add_app_template_filter(duration)
    dashboard.add_app_template_filter(readable)
    dashboard.add_app_template_test(is_http, "http")


def render(template: str, status: int = 200, **values: object) -> Response:
    """Render a template to a response."""
    html = render_template(template, **values)
    # JSON can carry an unpaired surrogate, which UTF-8 cannot encode.
    return Response(html.encode(errors="replace"), status, content_type="text/html; charset=utf-8")


def query_without(*names: str) -> dict[str, Any]:
    """Return the query parameters without these, for a link to the same list.

    Names with a meaning for Flask's ``url_for`` are left out as well.
    """
    return {
        name: value
        for name, value in request.args.items()
        if value and name not in ("endpoint", *names) and not name.startswith("_")
    }


def other_mode() -> Mode:
    """Return the mode that the page does not show."""
    return "test" if g.mode == "live" else "live"


def in_other_mode(text: str) -> Markup:
    """Return a text as a link to the tasks of the other mode."""
    mode = other_mode()
    url = url_for("dashboard.tasks.list_tasks", mode=None if mode == "live" else mode)
    return Markup('<a href="{}">{}</a>').format(url, text)


def no_tasks(*, elsewhere: bool) -> Markup:
    """Return that the mode has no tasks, and whether the other one has some."""
    if not elsewhere:
        return Markup("No tasks in {} mode yet.").format(g.mode)
    there = in_other_mode(f"There are tasks in {other_mode()} mode")
    return Markup("No tasks in {} mode. {}.").format(g.mode, there)


def _choose_mode() -> None:
    g.mode = query().choice("mode", MODES) or "live"


def _keep_mode(_endpoint: str, values: dict[str, Any]) -> None:
    """Keep links in test mode; ``mode=None`` in a link leaves it."""
    if g.get("mode") == "test":
        values.setdefault("mode", "test")


def _frame() -> dict[str, object]:
    name = request.path.removeprefix("/dashboard").strip("/").partition("/")[0]
    current = [section for section in SECTIONS if section.name == name]
    return {
        "sections": SECTIONS,
        "current": current[0] if current else SECTIONS[0],
        "mode": g.get("mode", "live"),
        "now": stamp(service().clock.now()),
        "rules": len(service().faults),
        "token": TOKEN,
    }


def _refuse(refusal: Refusal) -> Response:
    return render("error.html", refusal.status_code, error=refusal.error)


def _refuse_http(error: HTTPException) -> Response:
    return render("error.html", error.code or 500, error=f"{error.name}.")


def indented(value: object) -> str:
    """Format a JSON document with indentation."""
    try:
        return json.dumps(value, indent=2, ensure_ascii=False)
    except RecursionError:  # json.dumps gives up at a lower depth than the parser.
        return "… nested too deeply to show"


def pretty(value: object) -> str:
    """Format a JSON document with indentation, truncated if it is too long for a page."""
    text = indented(value)
    if len(text) <= JSON_SHOWN:
        return text
    return f"{text[:JSON_SHOWN]}\n… {len(text) - JSON_SHOWN:,} more characters"


def moment(time: str) -> str:
    """Format a timestamp: UTC, to the second."""
    return time[:19].replace("T", " ")


def duration(seconds: float) -> str:
    """Format a length of time in its two largest units."""
    left = round(seconds)
    parts: list[str] = []
    for name, unit in _UNITS.items():
        count, left = divmod(left, unit)
        if count:
            parts.append(f"{count:,} {name}{'s' * (count > 1)}")
    return " ".join(parts[:2]) or "0 seconds"


def readable(body: bytes) -> str:
    """Return the start of a body as text with API keys masked, or its size if it is binary."""
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        if error.start < len(body) - 4:
            return f"{len(body):,} bytes of binary data"
        text = body[: error.start].decode()  # The cut split the last character.
    if "\0" in text:
        return f"{len(body):,} bytes of binary data"
    return masked(text)


def masked(text: str) -> str:
    """Return the text with the API keys of the sandbox masked."""
    for key in service().keys:
        text = text.replace(key, "•••")
    return text
