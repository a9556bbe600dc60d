"""Someone who looks at the dashboard, without a browser."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any, NamedTuple
from urllib.parse import urljoin

import requests

from scaleapi.sandbox import Sandbox

_INLINE = ("a", "b", "code", "span", "time")


class Element(NamedTuple):
    tag: str
    attributes: dict[str, str]


class Form:
    """A form: where it goes, and what it carries before anybody types."""

    def __init__(self, attributes: dict[str, str]) -> None:
        self.action = attributes.get("action", "")
        self.method = attributes.get("method", "get")
        self.fields: dict[str, str] = {}

    def with_action(self, action: str) -> Form:
        """Return the form as another of its buttons sends it."""
        form = Form({"action": action, "method": self.method})
        form.fields = self.fields
        return form


class Page(HTMLParser):
    """A page, taken apart."""

    def __init__(self, url: str, html: str) -> None:
        super().__init__()
        self.url = url
        self.elements: list[Element] = []
        self.forms: list[Form] = []
        self.text = ""
        self._area: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.elements.append(Element(tag, attributes))
        self._part(tag)
        if tag == "form":
            self.forms.append(Form(attributes))
        elif tag == "button" and "formaction" in attributes:
            self.forms.append(self.forms[-1].with_action(attributes["formaction"]))
        elif attributes.get("type") in ("checkbox", "radio"):
            pass  # Nobody has chosen anything yet.
        elif tag in ("input", "textarea") and self.forms:
            self.forms[-1].fields[attributes["name"]] = attributes.get("value", "")
            self._area = attributes["name"] if tag == "textarea" else None

    def _part(self, tag: str) -> None:
        if tag not in _INLINE:
            self.text += " "

    def handle_endtag(self, tag: str) -> None:
        self._part(tag)
        if tag == "textarea":
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self.forms[-1].fields[self._area] += data.removeprefix("\n")
        self.text += data

    @property
    def words(self) -> str:
        """Its text on one line."""
        return " ".join(self.text.split())

    @property
    def links(self) -> list[str]:
        """Where it leads, to other pages."""
        links = [one.attributes["href"] for one in self.all("a")]
        return [urljoin(self.url, link) for link in links if not link.startswith("#")]

    def all(self, tag: str) -> list[Element]:
        return [element for element in self.elements if element.tag == tag]

    def form(self, ending: str) -> Form:
        """Return the form whose address ends so."""
        (found,) = (form for form in self.forms if form.action.split("?")[0].endswith(ending))
        return found

    def actions(self) -> list[str]:
        """The last word of the address of each form that is posted."""
        return [form.action.rsplit("/", 1)[-1] for form in self.forms if form.method == "post"]


class Visitor:
    """Opens pages of a sandbox and sends their forms, and checks the status of every answer."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.url = sandbox.dashboard
        self.session = requests.Session()
        self.session.trust_env = False

    def answer(self, method: str, path: str, **options: Any) -> requests.Response:
        return self.session.request(method, urljoin(self.url, path), **options)

    def open(self, path: str, status: int = 200, /, **query: str) -> Page:
        """Open a page."""
        answer = self.answer("GET", path, params=query)
        assert answer.status_code == status, answer.text
        return Page(answer.url, answer.text)

    def send(self, page: Page, ending: str, status: int = 200, **typed: str) -> Page:
        """Fill in a form of a page and send it; return the page that comes then."""
        form = page.form(ending)
        assert form.method == "post"
        answer = self.session.post(urljoin(page.url, form.action), form.fields | typed)
        assert answer.status_code == status, answer.text
        if status == 200:
            assert {one.status_code for one in answer.history} == {303}
        return Page(answer.url, answer.text)
