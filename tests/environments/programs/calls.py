"""Calls of every kind, for programs in modified environments."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scaleapi import ScaleClient

#: Bytes of an upload: more than the buffers of a connection hold.
UPLOAD = 6_000_000

KEY = "live_key_of_a_program"

CALLS: dict[str, Callable[[ScaleClient], Any]] = {
    "get": lambda client: client.get_task("t").id,
    "post": lambda client: (
        client.create_task("imageannotation", attachment="https://example.com/a.png").id
    ),
    "upload": lambda client: client.upload_file(bytes(UPLOAD), filename="a.bin").id,
    "download": lambda client: json.loads(
        client.download_response(f"{client.api.base_api_url}/task/t/response")
    )["task_id"],
    "pages": lambda client: [task.id for task in client.get_tasks("p")],
    "v2": lambda client: client.v2.get_task("t").task_id,
}


def outcome(call: Callable[[], Any]) -> Any:
    """Return the result of a call, or the type and text of what it raised."""
    try:
        return call()
    except Exception as error:  # noqa: BLE001 - the test shows it
        return f"{type(error).__module__}.{type(error).__name__}: {error}"


def outcomes(client: ScaleClient) -> dict[str, Any]:
    """Make every call, and return the outcome of each."""
    return {name: outcome(partial(call, client)) for name, call in CALLS.items()}
