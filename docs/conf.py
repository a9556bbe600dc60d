"""How Sphinx builds the documentation: without a network, and with every reference checked."""

from __future__ import annotations

import sys
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from sphinx.util.docutils import SphinxDirective
from sphinx.util.rst import escape
from sphinx.util.typing import stringify_annotation

import scaleapi
from scaleapi._model.fields import Computed, Field
from scaleapi._model.kinds import ANYTHING, EnumOf, IdOr, Kind, Later, ListOf, Nested, _Plain
from scaleapi.sandbox import fidelity
from scaleapi.tasks.readers import Reader

if TYPE_CHECKING:
    from docutils.nodes import Node
    from sphinx.application import Sphinx

project = "scaleapi"
author = copyright = "The scaleapi authors"  # noqa: A001
release = version = scaleapi.__version__

sys.path.insert(0, str(Path(__file__).parent))  # for the extension beside this file
extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
    "task_types",
]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = f"scaleapi {release}"
html_static_path = ["_static"]
html_css_files = ["style.css"]
html_use_index = False  # one page of 18,000 pixels; the search finds the same names

default_role = "code"
highlight_language = "none"  # a block says what language it is in

autodoc_default_options = {"members": True}
autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented_params"
napoleon_use_ivar = True  # what a class says of an attribute does not document it a second time
python_use_unqualified_type_names = True

nitpicky = True
nitpick_ignore_regex = [
    # Other projects' names; looking them up (intersphinx) would need the network.
    (
        r"py:.*",
        r"(collections|contextlib|datetime|flask|http|io|os|pathlib|requests|typing|urllib3)\..*",
    ),
    (r"py:class", r"AbstractContextManager|Path|date"),
    (r"py:class", r"(pyarrow|concurrent)\..*|ArrowTable|Executor|PathLike|RecordBatchReader"),
    # Underscored modules and type variables have no page,
    (r"py:.*", r"(.*\.)?_[A-Za-z].*"),
    # and neither have the names of a few unions; the text beside them says what may be given.
    (r"py:class", r"V2Task"),
    (
        r"py:class",
        r"Cert|Deadline|Fields|Handler|Headers|Image|JSONObject|Query|Timeout|Uploadable|Verify|WSGIApplication",
    ),
    (r"py:class", r"BulkOptions|Limiter|OnError|Rows|Show"),
]
suppress_warnings = [
    "ref.python",  # `type` in an annotation is also the name of attributes
]


class Fidelity(SphinxDirective):
    """The sandbox's own table of what it does, and how that is known."""

    required_arguments = 1

    def run(self) -> list[Node]:
        rows = {"routes": fidelity.ROUTES, "rules": fidelity.RULES}[self.arguments[0]]
        lines = [".. list-table::", "   :header-rows: 1", "", "   * - What"]
        lines += ["     - Where it is known from", "     - How sure it is"]
        for row in rows:
            what = f"``{row.what}``" if self.arguments[0] == "routes" else escape(row.what)
            lines += [f"   * - {what}", f"     - {escape(row.source)}", f"     - {row.certainty}"]
        return self.parse_text_to_nodes("\n".join(lines))


def show_type(
    _app: Sphinx, _what: str, _name: str, value: object, _options: object, lines: list[str]
) -> None:
    """Say the type of a field: the argument of its class, as ``Field[str]``, or its kind."""
    if isinstance(value, Field) and value.kind is not None:
        is_needed = value.needed or value.is_list or value.default is not None
        lines += ["", f":type: {kind_text(value.kind)}{'' if is_needed else ' | None'}"]
    elif isinstance(value, Field):
        (of,) = get_args(getattr(value, "__orig_class__", None)) or (Any,)
        lines += ["", f":type: {stringify_annotation(of)}"]
    elif isinstance(value, (Computed, Reader)):
        read = value.read if isinstance(value, Reader) else value.compute
        lines += ["", f":type: {read.__annotations__['return']}"]


def show_members(
    _app: Sphinx, _what: str, _name: str, value: object, _options: object, lines: list[str]
) -> None:
    """List the members of an enum, which have no docstrings and would be left out."""
    if isinstance(value, type) and issubclass(value, Enum) and len(value):
        lines += ["", ".. list-table::", "   :header-rows: 1", "", "   * - Member", "     - Value"]
        for member in value:
            lines += [f"   * - ``{member.name}``", f"     - ``{member.value!r}``"]
        lines.append("")


def kind_text(kind: Kind[Any]) -> str:
    """Return what a kind of values is in Python."""
    text = "Any"
    match kind:
        case Later():
            text = kind_text(kind._make())
        case ListOf():
            text = f"list[{kind_text(kind._item)}]"
        case IdOr():
            text = f"Id | {kind_text(kind._nested)}"
        case Nested():
            text = kind._model.__name__
        case EnumOf():
            text = f"{kind._enum.__name__} | str"
        case _Plain():
            text = kind._types[-1].__name__
        case _ if kind is not ANYTHING:
            bases: Any = getattr(type(kind), "__orig_bases__", ())
            text = stringify_annotation(get_args(bases[0])[0])
        case _:
            pass
    return text


def skip_repetitions(
    _app: Sphinx, _what: str, name: str, value: object, _skip: bool, _options: object
) -> bool | None:
    """Leave out what is described elsewhere: other forms of calls, fields of named tuples."""
    is_form = name.endswith(("_with_http_info", "_without_preload_content"))
    is_tuple_field = str(getattr(value, "__doc__", "")).startswith("Alias for field number")
    return True if is_form or is_tuple_field else None


def setup(app: Sphinx) -> None:
    app.add_directive("fidelity", Fidelity)
    app.connect("autodoc-process-docstring", show_type)
    app.connect("autodoc-process-docstring", show_members)
    app.connect("autodoc-skip-member", skip_repetitions)
