"""The sandbox in a browser: pages that show what it holds, and forms that act on it.

Everything is rendered here and works without JavaScript. Pages need no API key, so `guard`
keeps other sites out.
"""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, redirect, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from ..v1.files import storage
from . import guard, page
from .batches import batches
from .clock import clock
from .faults import faults
from .files import files
from .overview import overview
from .projects import projects
from .requests import requests
from .task_detail import task
from .task_list import tasks
from .team import team

dashboard = Blueprint("dashboard", __name__, template_folder="templates")
guard.protect(dashboard)
page.prepare(dashboard)

dashboard.register_blueprint(overview)
for _noun in (projects, batches, tasks, task, files, team, faults, requests, clock, storage):
    dashboard.register_blueprint(_noun, url_prefix="/dashboard")

_STYLE = Path(__file__).parent / "static" / "dashboard.css"


@dashboard.get("/dashboard")
def home() -> AnyResponse:
    """Lead from where one would look for it to where it is."""
    return redirect(url_for(".overview.show"), 303)


@dashboard.get("/dashboard/dashboard.css")
def style() -> Response:
    """Answer the style sheet, by its type, which some machines do not know."""
    return send_file(_STYLE, mimetype="text/css")
