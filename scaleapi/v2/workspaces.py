"""Workspaces: containers that run the code of a conversation."""

from __future__ import annotations

from .._model.fields import optional, required
from .._model.kinds import FLAG, OBJECT, TEXT, WHOLE, Nested, list_of
from .._model.objects import Model

__all__ = [
    "ContentAndUrl",
    "WorkspaceContainerConfig",
    "WorkspaceContainerValue",
    "WorkspaceFile",
]


class ContentAndUrl(Model):
    """A text and its URL."""

    content = optional(TEXT, "The text.")
    url = optional(TEXT, "The URL to download it from.")
    scale_url = optional(TEXT, "Its address at Scale.")


class WorkspaceFile(Model):
    """A file of a workspace."""

    file_name = optional(TEXT, "Its name.")
    scale_url = required(TEXT, "Its address at Scale.")
    url = optional(TEXT, "The URL to download it from.")
    file_language = optional(TEXT, "The programming language.")
    file_content = optional(TEXT, "The content.")


class WorkspaceContainerConfig(Model):
    """The connection to a workspace."""

    workspace_id = required(TEXT, "The workspace's id.")
    workspace_url = required(TEXT, "The URL of the workspace.")
    workspace_token = required(TEXT, "The access token, a secret.")
    expires_at = required(TEXT, "When the workspace expires.")
    inactivity_freeze_time = required(WHOLE, "The time without use after which it is frozen.")
    force_enable_workspace_access = optional(FLAG, "Whether it can always be opened.")
    workspace_image_version = optional(WHOLE, "The version of its image.")


class WorkspaceContainerValue(Model):
    """Work done in a workspace."""

    workspace_id = optional(TEXT, "The workspace's id.")
    workspace_config = optional(Nested(WorkspaceContainerConfig), "The connection.")
    last_code_run_event = optional(OBJECT, "The last run.")
    output_files = optional(list_of(WorkspaceFile), "The output files.")
    stdout_output = optional(Nested(ContentAndUrl), "The output of the code.")
    stderr_output = optional(Nested(ContentAndUrl), "The error output of the code.")
    test_stdout_output = optional(Nested(ContentAndUrl), "The output of the tests.")
    test_stderr_output = optional(Nested(ContentAndUrl), "The error output of the tests.")
