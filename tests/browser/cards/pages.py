"""A notebook's page around a card, served on loopback."""

from __future__ import annotations

from tests.wire.server import Reply, Request, Server

__all__ = ["Pages"]

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


class Pages(Server):
    """Pages and files by path."""

    def __init__(self) -> None:
        super().__init__(self._get)
        self._content: dict[str, tuple[str, bytes]] = {"/favicon.ico": ("image/png", b"")}

    def add(self, path: str, media_type: str, content: bytes) -> str:
        """Serve a file and return its URL."""
        self._content[path] = (media_type, content)
        return f"{self.origin}{path}"

    def show(self, name: str, html: str, theme: str) -> str:
        """Serve the page of a card and return its URL."""
        page = PAGE.format(name=name, theme=theme, html=html, **THEMES[theme])
        return self.add(f"/{name}_{theme}", "text/html; charset=utf-8", page.encode())

    def _get(self, request: Request) -> Reply:
        if request.path not in self._content:
            return Reply(b"", 404)
        media_type, content = self._content[request.path]
        headers = {"Content-Type": media_type, "Content-Security-Policy": POLICY}
        return Reply(content, headers=headers)
