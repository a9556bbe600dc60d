"""The version of the package."""

from __future__ import annotations

from importlib import metadata


def version() -> str:
    """Return the installed version, or ``unknown`` if the package is not installed."""
    try:
        return metadata.version("scaleapi")
    except metadata.PackageNotFoundError:
        return "unknown"
