"""The dashboard: pages that show the state of the sandbox, and forms that act on it.

Pages are rendered on the server and work without JavaScript; scripts add drawing and live
refresh. Pages need no API key; `guard` keeps other web sites out.
"""

from __future__ import annotations

from flask import Blueprint, redirect, url_for
from jinja2 import BaseLoader, PackageLoader
from werkzeug.wrappers import Response as AnyResponse

from ..base.errors import not_found
from ..v1.files import storage
from . import guard, page
from .batches import batches
from .clock import clock
from .faults import faults
from .files import files
from .label import label
from .overview import overview
from .projects import projects
from .queue import queue
from .requests import requests
from .static_files import static_files
from .task_detail import task
from .task_list import tasks
from .team import team

_TEMPLATES = PackageLoader(__name__)


class _Dashboard(Blueprint):
    """A blueprint whose templates may be in a zip file; Flask's own loader reads directories."""

    @property
    def jinja_loader(self) -> BaseLoader | None:
        """Return the loader of the templates in this package."""
        return _TEMPLATES


dashboard = _Dashboard("dashboard", __name__)
guard.protect(dashboard)
page.prepare(dashboard)

dashboard.register_blueprint(overview)
for _noun in (
    *(projects, batches, tasks, task, label, queue, files, team),
    *(faults, requests, clock, storage, static_files),
):
    dashboard.register_blueprint(_noun, url_prefix="/dashboard")


@dashboard.get("/dashboard")
def home() -> AnyResponse:
    """Redirect to the overview, which is at the root of the sandbox."""
    return redirect(url_for(".overview.show"), 303)


@dashboard.get("/dashboard/<path:rest>")
def nowhere(rest: str) -> AnyResponse:
    """Refuse any other address with a page, for people who mistyped one."""
    raise not_found(f'There is no page "{rest}".')
