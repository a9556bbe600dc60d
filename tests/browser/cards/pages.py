"""A notebook's page around a card, served on loopback."""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

__all__ = ["Pages", "serving"]

#: What Jupyter does to an output, as far as it matters: its themes, and its tables.
PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{name}</title><style>
:root {{ color-scheme: {theme} }}
body {{ background: {background}; color: {color}; margin: 0; padding: 16px; width: 860px;
       font: 14px/1.4 system-ui, sans-serif }}
table {{ font-size: 13px; border: none; border-collapse: collapse }}
td, th {{ text-align: right; vertical-align: middle; padding: 0.5em }}
tbody tr:nth-child(odd) {{ background: {stripe} }}
</style></head><body>{html}</body></html>"""

THEMES = {
    "light": {"background": "#ffffff", "color": "#212121", "stripe": "#f5f5f5"},
    "dark": {"background": "#111111", "color": "#e0e0e0", "stripe": "#212121"},
}

#: Nothing but what a card may need: images of this server and in links, and inline styles.
POLICY = "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'"


class Pages:
    """Pages and files by path.

    Attributes:
        origin: Where they are.
    """

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self._content: dict[str, tuple[str, bytes]] = {"/favicon.ico": ("image/png", b"")}

    def add(self, path: str, media_type: str, content: bytes) -> str:
        """Serve a file and return its URL."""
        self._content[path] = (media_type, content)
        return f"{self.origin}{path}"

    def show(self, name: str, html: str, theme: str) -> str:
        """Serve the page of a card and return its URL."""
        page = PAGE.format(name=name, theme=theme, html=html, **THEMES[theme])
        return self.add(f"/{name}_{theme}", "text/html; charset=utf-8", page.encode())

    def get(self, path: str) -> tuple[str, bytes] | None:
        """Return the type and the content of what has this path."""
        return self._content.get(path)


@contextmanager
def serving() -> Generator[Pages]:
    """Serve pages until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            media_type, content = pages.get(self.path) or ("text/plain", b"nothing here")
            self.send_response(200 if pages.get(self.path) else 404)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Content-Security-Policy", POLICY)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        pages = Pages(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield pages
        finally:
            server.shutdown()
            thread.join()
