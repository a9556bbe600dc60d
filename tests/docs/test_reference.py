"""Every call of the client has an entry in the documentation."""

from __future__ import annotations

from pathlib import Path

import pytest

from scaleapi import ScaleClient
from scaleapi.v2 import V2Api

DOCS = Path(__file__).parents[2] / "docs"
#: Forms that every call of v2 has.
FORMS = ("_with_http_info", "_without_preload_content")


@pytest.mark.parametrize(
    ("owner", "path"), [(ScaleClient, "scaleapi.ScaleClient"), (V2Api, "scaleapi.v2.V2Api")]
)
def test_each_call_has_an_entry(owner: type, path: str) -> None:
    """The entry of the class has its own methods, but not the calls, which it inherits."""
    text = "\n".join(page.read_text("utf-8") for page in DOCS.rglob("*.rst"))
    inherited = [
        name for name in dir(owner) if not name.startswith("_") and name not in vars(owner)
    ]
    calls = [call for name in inherited if callable(call := getattr(owner, name))]
    names = {call.__name__ for call in calls}  # an alias has the name of its call
    missing = {name for name in names if f"automethod:: {path}.{name}\n" not in text}
    assert {name for name in missing if not name.endswith(FORMS)} == set()
