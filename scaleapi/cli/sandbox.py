"""``scaleapi sandbox``: the same as ``python -m scaleapi.sandbox``."""

from __future__ import annotations

import sys

__all__ = ["main"]


def main(arguments: list[str]) -> int:
    """Start the sandbox and return its exit status."""
    try:
        from ..sandbox.__main__ import main as run
    except ImportError as error:
        print(f"scaleapi: {error}", file=sys.stderr)
        return 2
    return run(arguments)
