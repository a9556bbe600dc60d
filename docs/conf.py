"""How Sphinx builds the documentation: without a network, and with every reference checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import scaleapi

if TYPE_CHECKING:
    from docutils.nodes import Element, reference
    from sphinx.addnodes import pending_xref
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

project = "scaleapi"
author = copyright = "The scaleapi authors"  # noqa: A001
release = version = scaleapi.__version__

extensions = ["sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.viewcode"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = f"scaleapi {release}"

default_role = "code"
highlight_language = "none"  # a block says what language it is in

autodoc_default_options = {"members": True}
autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
napoleon_use_ivar = True  # what a class says of an attribute does not document it a second time
python_use_unqualified_type_names = True

nitpicky = True
nitpick_ignore_regex = [
    # Other projects' names; looking them up (intersphinx) would need the network.
    (r"py:.*", r"(collections|datetime|flask|http|io|os|pathlib|requests|typing|urllib3)\..*"),
    (r"py:class", r"Path"),
    # Underscored modules and type variables have no page,
    (r"py:.*", r"(.*\.)?_[A-Za-z].*"),
    # and neither have the names of a few unions; the text beside them says what may be given.
    (r"py:class", r"Cert|Timeout|Verify"),
]
suppress_warnings = [
    "ref.python",  # `type` in an annotation is also the name of attributes
]


def link_to_methods(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, content: Element
) -> reference | None:
    """Resolve ``ScaleClient.get_task``: a method is documented in the mixin that defines it."""
    _, found, name = node["reftarget"].rpartition("ScaleClient.")
    owner = next((base for base in scaleapi.ScaleClient.__mro__ if name in vars(base)), None)
    if not found or owner is None:
        return None
    target = f"{owner.__module__}.{owner.__qualname__}.{name}"
    python = env.get_domain("py")
    return python.resolve_xref(env, node["refdoc"], app.builder, "meth", target, node, content)


def setup(app: Sphinx) -> None:
    app.connect("missing-reference", link_to_methods)
