"""Pages of task types: tables and pictures made from scaleapi.params and scaleapi.responses."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sphinx.util.docutils import SphinxDirective
from sphinx.util.rst import escape

import scaleapi
from scaleapi.drawing import annotations_svg
from scaleapi.sandbox.media.images import Size
from scaleapi.sandbox.responses.canned import canned_response
from scaleapi.sandbox.rules.task_types import check_parameters

if TYPE_CHECKING:
    from docutils.nodes import Node

PACKAGE = Path(scaleapi.__file__).parent
SIZE = Size(640, 400)  # of the image in the examples, in pixels

#: What a docstring of a key ends with.
SOURCE = re.compile(r"\s*Source: ((documented|official client|seen|assumed)( \([^)]+\))?)\.$")


class Key(NamedTuple):
    """One key of a TypedDict, as its source describes it."""

    name: str
    type: str
    is_required: bool
    text: str
    source: str


class Source(NamedTuple):
    """A class of params or responses as it is written."""

    package: str
    module: str
    node: ast.ClassDef

    @property
    def summary(self) -> str:
        """The docstring."""
        return ast.get_docstring(self.node) or ""

    @property
    def bases(self) -> list[str]:
        """The names of its base classes."""
        return [base.id for base in self.node.bases if isinstance(base, ast.Name)]

    def own_keys(self) -> Iterator[Key]:
        """Yield the keys that it declares itself."""
        total = not any(
            word.arg == "total" and ast.unparse(word.value) == "False"
            for word in self.node.keywords
        )
        body = self.node.body
        for place, statement in enumerate(body):
            if isinstance(statement, ast.AnnAssign):
                after = body[place + 1] if place + 1 < len(body) else None
                text = ""
                if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
                    text = " ".join(str(after.value.value).split())
                match = SOURCE.search(text)
                yield Key(
                    ast.unparse(statement.target),
                    ast.unparse(statement.annotation),
                    total,
                    SOURCE.sub("", text),
                    match[1] if match else "",
                )


@cache
def sources() -> dict[str, Source]:
    """Return every class of params and responses, by ``module.name`` and public ones by name."""
    found: dict[str, Source] = {}
    for package in ("responses", "params"):
        for path in sorted((PACKAGE / package).glob("*.py")):
            for node in ast.parse(path.read_text("utf-8")).body:
                if isinstance(node, ast.ClassDef):
                    source = Source(package, path.stem, node)
                    if "NamedTuple" in source.bases or not source.bases:
                        continue
                    found[f"{package}.{path.stem}.{node.name}"] = source
                    if not node.name.startswith("_"):
                        found[node.name] = source
    return found


def keys(name: str) -> list[Key]:
    """Return the keys of a TypedDict, its own first, those of all tasks last."""
    return list(_keys(sources()[name]))


def _keys(source: Source) -> Iterator[Key]:
    yield from source.own_keys()
    for base in source.bases:
        if base != "TypedDict":
            near = f"{source.package}.{source.module}.{base}"
            yield from _keys(sources().get(near) or sources()[base])


def alternatives(name: str) -> set[tuple[str, str]]:
    """Return the pairs of keys of which one is required."""
    pattern = re.compile(r"Either this or ``(\w+)`` is required")
    matches = [(key.name, pattern.search(key.text)) for key in keys(name)]
    return {(one, match[1]) for one, match in matches if match}


def assumed_keys() -> list[str]:
    """Return every key of which nobody but us says that it exists."""
    return sorted(
        f"{name}.{key.name}"
        for name, source in sources().items()
        if "." not in name and not name.startswith(("CommonParams", "Partial"))
        for key in _keys(source)
        if key.source.startswith("assumed")
    )


def table(name: str, *, without: str = "") -> list[str]:
    """Return the table of the keys of a TypedDict.

    Args:
        name: The TypedDict.
        without: Another one, whose keys are left out.
    """
    left_out = {key.name for key in keys(without)} if without else set[str]()
    rows = [key for key in keys(name) if key.name not in left_out]
    if not rows:
        return []
    lines = [".. list-table::", "   :class: keys", "   :header-rows: 1", "   :widths: 22 26 52", ""]
    lines += ["   * - Name", "     - Type", "     - Description"]
    for key in rows:
        required = " **Required.**" if key.is_required else ""
        # Most are documented, so that only the others say where they are known from.
        source = "" if key.source == "documented" else f" *{key.source.capitalize()}.*"
        lines += [f"   * - ``{key.name}``", f"     - {linked(key.type)}"]
        lines += [f"     - {key.text}{required}{source}"]
    return [*lines, ""]


def linked(annotation: str) -> str:
    """Return the text of a type with links to the classes in it."""
    text = ""
    for part in re.split(r"(\b[A-Z]\w+\b)", annotation.replace("ListOf[", "list[")):
        source = sources().get(part)
        if part in ("Annotation", "Labels"):  # not classes, but what several have in common
            text += f"\\ :ref:`{part} <type-{part.lower()}>`\\ "
        elif source is not None:
            text += f"\\ :class:`~scaleapi.{source.package}.{part}`\\ "
        else:
            text += escape(part)
    return text


def described(name: str, *, without: str = "") -> list[str]:
    """Return the description of a TypedDict as a class."""
    source = sources()[name]
    body = [source.summary, "", *table(name, without=without)]
    return [
        f".. py:class:: {name}",
        f"   :module: scaleapi.{source.package}",
        "",
        *(f"   {line}" for line in "\n".join(body).splitlines()),
        "",
    ]


def class_name(task_type: str) -> str:
    """Return what the classes of a task type are called, without Params and Response."""
    if task_type == "audiotranscription":
        return "AudioTranscription"
    return scaleapi.TaskType(task_type).name


class Lines(SphinxDirective):
    """A directive that writes reStructuredText."""

    required_arguments = 1

    def lines(self) -> list[str]:
        """Return what it writes."""
        raise NotImplementedError

    def run(self) -> list[Node]:
        """Write it."""
        return self.parse_text_to_nodes("\n".join(self.lines()))


class ParametersOf(Lines):
    """``.. task-parameters:: imageannotation``: what a task of this type takes."""

    def lines(self) -> list[str]:
        name = class_name(self.arguments[0])
        return [
            *described(f"{name}Params", without="CommonParams"),
            "Scale documents these parameters, unless another source is named in italics.",
            "All types also take the parameters in :class:`~scaleapi.params.CommonParams`.",
            f"``Partial{name}Params`` has the same parameters and requires none: it is for",
            "projects, and for tasks of a project that has the rest.",
            "",
        ]


class ResponseOf(Lines):
    """``.. task-response:: imageannotation``: the response, of the example on the page."""

    def lines(self) -> list[str]:
        task_type = self.arguments[0]
        page = Path(self.env.doc2path(self.env.docname)).read_text("utf-8")
        response, files = example_response(task_type, example_params(task_type, page))
        lines = described(f"{class_name(task_type)}Response")
        lines += ["A response of the sandbox to the full example:", ""]
        lines += [".. code-block:: text", ""]
        lines += [f"   {line}" for line in pretty(response).splitlines()] + [""]
        if files:
            lines += ["The file behind the link:", "", ".. code-block:: text", ""]
            lines += [f"   {line}" for line in pretty(files[0]).splitlines()] + [""]
        shapes = shapes_in(response, files)
        if shapes:
            picture = annotations_svg(shapes, size=SIZE, task_type=task_type)
            one_line = picture.replace("\n", "&#10;")
            lines += [".. raw:: html", "", f"   <div style='max-width:640px'>{one_line}</div>", ""]
        return lines


def example_params(task_type: str, page: str) -> dict[str, Any]:
    """Return the parameters of the last example of a page, which are literals."""
    wanted, found = f"{class_name(task_type)}Params", dict[str, Any]()
    for block in re.findall(r"\.\. code-block:: python\n\n((?:   .*\n|\n)+)", page):
        tree = ast.parse("\n".join(line[3:] for line in block.splitlines()))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == wanted:
                found = {str(one.arg): ast.literal_eval(one.value) for one in node.keywords}
    return found


def example_response(task_type: str, given: dict[str, Any]) -> tuple[Any, list[Any]]:
    """Return the sandbox's response to a task, and the JSON files that it links to."""
    files: list[Any] = []

    def store(file_id: str, mime_type: str, content: bytes) -> str:
        if mime_type == "application/json":
            files.append(json.loads(content))
        suffix = mime_type.rpartition("/")[2]
        return f"https://api.scale.com/v1/task/65f0.../response_url/{file_id[:8]}.{suffix}"

    common = {key.name for key in keys("CommonParams")}
    params = {name: value for name, value in given.items() if name not in common}
    task = {
        "task_id": "65f0a1b2c3d4e5f60718293a",
        "type": task_type,
        "params": check_parameters(task_type, params),
    }
    return canned_response(task, lambda _url: SIZE, store), files


def shapes_in(response: Any, files: list[Any]) -> list[Any]:
    """Return what can be drawn of a response."""
    found = files[0] if files else response
    if isinstance(found, list) and found and "annotations" in found[0]:
        found = found[0]  # the first frame
    if not isinstance(found, dict):
        return []
    shapes = found.get("annotations")
    if shapes is None:  # tracks of a video, by uuid
        tracks = [one for one in found.values() if isinstance(one, dict) and "frames" in one]
        return [{"type": one["geometry"], **one, **one["frames"][0]} for one in tracks]
    if not isinstance(shapes, list):
        return []
    shapes = [{**one, **one["location"]} if "location" in one else one for one in shapes]
    return [one for one in shapes if {"left", "x", "vertices"} & one.keys()]


def pretty(value: object) -> str:
    """Return JSON with short objects on one line."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    short = re.compile(r"[\[{]\s*((?:[^\[\]{}]|\{[^\[\]{}]*\}){0,110})\s*[\]}]")
    return short.sub(lambda match: re.sub(r"\s*\n\s*", " ", match[0]), text)


class OneObject(Lines):
    """``.. typed-dict:: CommonParams``: one object."""

    def lines(self) -> list[str]:
        return described(self.arguments[0])


class Objects(Lines):
    """``.. typed-dicts:: responses texts``: the objects of these modules, or of all modules.

    Without parameters and responses of task types, which have pages of their own.
    """

    optional_arguments = 9  # more than there are modules

    def lines(self) -> list[str]:
        package, *modules = self.arguments
        suffix = {"params": "Params", "responses": "Response"}[package]
        names = [
            name
            for name, source in sources().items()
            if source.package == package and "." not in name and not name.endswith(suffix)
            if not modules or source.module in modules
        ]
        return [line for name in sorted(names) for line in described(name)]


class Assumed(SphinxDirective):
    """``.. assumed-keys::``: keys of which nobody but this project says that they exist."""

    def run(self) -> list[Node]:
        """Write them as a list."""
        lines = [f"- ``{name}``" for name in assumed_keys()]
        return self.parse_text_to_nodes("\n".join(lines))


class Overview(SphinxDirective):
    """``.. task-types::``: every type with its page and what it is for."""

    def run(self) -> list[Node]:
        """Write a table."""
        lines = [".. list-table::", "   :header-rows: 1", "   :widths: 30 70", ""]
        lines += ["   * - Type", "     - What for"]
        for task_type in sorted({*scaleapi.TaskType, "audiotranscription"}):
            summary = sources()[f"{class_name(task_type)}Params"].summary
            lines += [f"   * - :doc:`{task_type}`", f"     - {summary}"]
        return self.parse_text_to_nodes("\n".join(lines))


def setup(app: Any) -> None:
    """Add the directives."""
    app.add_directive("task-parameters", ParametersOf)
    app.add_directive("task-response", ResponseOf)
    app.add_directive("typed-dict", OneObject)
    app.add_directive("typed-dicts", Objects)
    app.add_directive("assumed-keys", Assumed)
    app.add_directive("task-types", Overview)
