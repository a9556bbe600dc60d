"""What every group of calls has in common."""

from __future__ import annotations

from .api import Api

__all__ = ["Resource"]


class Resource:
    """A group of the client's calls; the client has one ``api`` for all of them."""

    api: Api
