"""Someone who calls the v2 API of the sandbox over HTTP."""

from __future__ import annotations

from typing import Any

import requests
from requests.auth import AuthBase

from scaleapi.sandbox import Sandbox
from tests.sandbox.rules.caller import Caller
from tests.sandbox.v2 import contract

ALL = ("annotation_details", "attachment_details", "model_parameters", "submissions")
"""Every optional part of a conversation."""


class BearerAuth(AuthBase):
    """The key in the form that v2 declares first."""

    def __init__(self, key: str) -> None:
        self._key = key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._key}"
        return request


class V2Caller(Caller):
    """Calls one mode of a sandbox, and holds every answer against the description of the API.

    Attributes:
        v1: A caller of the v1 API of the same mode.
    """

    def __init__(self, sandbox: Sandbox, key: str) -> None:
        super().__init__(sandbox, key)
        self.v1 = Caller(sandbox, key)
        self.url = sandbox.url.removesuffix("/v1") + "/v2"
        self.session.auth = BearerAuth(key)

    def call(self, method: str, path: str, status: int = 200, **options: Any) -> Any:
        """Return the JSON of an answer that must have this status and the declared form."""
        answer = super().call(method, path, status, **options)
        if status == 200:
            asked = (options.get("params") or {}).get("opts") or ()
            detailed = path == "/annotation" or "annotation_details" in asked
            contract.check(method, f"/v2{path}", answer, detailed=detailed)
        return answer

    def chat_project(self, name: str = "dialogues", **fields: Any) -> Any:
        """Create a project, which v2 cannot do, and return it as v2 shows it."""
        self.v1.project(name, **{"type": "chat"} | fields)
        return self.get("/project", project_name=name)

    def new_batch(self, name: str = "week_1", project: str = "dialogues", **fields: Any) -> Any:
        return self.post("/batch", {"name": name, "project_name": project} | fields)

    def chat(self, **fields: Any) -> Any:
        return self.post("/task/chat", {"project_name": "dialogues"} | fields)

    def whole(self, task_id: str) -> Any:
        """Return a task with all parts."""
        return self.get("/task", task_id=task_id, opts=ALL)
