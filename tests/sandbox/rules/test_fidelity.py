"""The table of behaviours is complete and true."""

from __future__ import annotations

import ast
from pathlib import Path

from scaleapi.sandbox.app import create_app
from scaleapi.sandbox.fidelity import ROUTES, RULES
from scaleapi.sandbox.service import Service
from scaleapi.sandbox.storage.store import Store


def test_every_route_has_a_row() -> None:
    """Each method of each route of the application has one row, and no row is left over."""
    store = Store()
    app = create_app(Service(store, transition=None, keys={}, callback_secrets={}))
    store.close()
    routes = [
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        if not rule.endpoint.startswith("dashboard.")  # pages, no behaviour of the service
        for method in (rule.methods or set()) - {"HEAD"}
    ]
    assert sorted(routes) == sorted(row.what for row in ROUTES)


def test_every_named_test_exists() -> None:
    """The tests that rows name are in this folder, or in the one of v2."""
    here = Path(__file__).parent
    folders = {"": here, "v2/": here.parent / "v2"}
    tests = {
        f"{prefix}{path.name}::{node.name}"
        for prefix, folder in folders.items()
        for path in folder.glob("test_*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }
    assert {row.test for row in (*ROUTES, *RULES)} <= tests


def test_rows_are_unique() -> None:
    """Every row says something else."""
    rows = [row.what for row in (*ROUTES, *RULES)]
    assert len(set(rows)) == len(rows)
    assert all(all(row) for row in (*ROUTES, *RULES))
