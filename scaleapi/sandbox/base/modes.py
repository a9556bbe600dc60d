"""The two modes of the API, each with its own key and resources."""

from __future__ import annotations

from typing import Literal

Mode = Literal["test", "live"]

MODES: tuple[Mode, ...] = ("test", "live")
