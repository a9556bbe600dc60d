"""How Sphinx builds the documentation: without a network, and with every reference checked."""

import re
from pathlib import Path

project = "scaleapi"
author = copyright = "The scaleapi authors"  # noqa: A001
version_file = Path(__file__).parent.parent / "scaleapi" / "_version.py"
release = version = re.findall(r'__version__ = "(.+)"', version_file.read_text("utf-8"))[0]

extensions = ["sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.viewcode"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = f"scaleapi {release}"

default_role = "code"
highlight_language = "none"  # a block says what language it is in

autodoc_default_options = {"members": True, "show-inheritance": True}
autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
python_use_unqualified_type_names = True

nitpicky = True
nitpick_ignore_regex = [
    # Other projects' names; looking them up (intersphinx) would need the network.
    (r"py:.*", r"(collections|datetime|flask|http|io|os|pathlib|requests|typing|urllib3)\..*"),
]
