"""Style sheets and scripts, which may be in a zip file."""

from __future__ import annotations

from importlib.resources import files as package_files

from flask import Blueprint, Response

from ..base.errors import not_found

static_files = Blueprint("static_files", __name__)

_FOLDER = package_files(__name__.rpartition(".")[0]) / "static"
_TYPES = {".css": "text/css", ".js": "text/javascript"}


@static_files.get("/static/<name>")
def send(name: str) -> Response:
    """Return a style sheet or script of the dashboard."""
    found = next((file for file in _FOLDER.iterdir() if file.name == name), None)
    mime_type = _TYPES.get(name[name.rfind(".") :])
    if found is None or mime_type is None:
        raise not_found(f'There is no file "{name}".')
    return Response(found.read_bytes(), mimetype=mime_type)
