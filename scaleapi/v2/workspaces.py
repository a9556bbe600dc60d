"""Workspaces: containers in which code of a conversation was run."""

from __future__ import annotations

from .._fields import optional, required
from .._kinds import FLAG, OBJECT, TEXT, WHOLE, Nested, list_of
from .._model import Model

__all__ = [
    "ContentAndUrl",
    "WorkspaceContainerConfig",
    "WorkspaceContainerValue",
    "WorkspaceFile",
]


class ContentAndUrl(Model):
    """A text, and where it is."""

    content = optional(TEXT, "The text.")
    url = optional(TEXT, "Where it can be fetched.")
    scale_url = optional(TEXT, "Where it is at Scale.")


class WorkspaceFile(Model):
    """A file of a workspace."""

    file_name = optional(TEXT, "Its name.")
    scale_url = required(TEXT, "Where it is at Scale.")
    url = optional(TEXT, "Where it can be fetched.")
    file_language = optional(TEXT, "The programming language.")
    file_content = optional(TEXT, "What is in it.")


class WorkspaceContainerConfig(Model):
    """How a workspace is reached."""

    workspace_id = required(TEXT, "The workspace's id.")
    workspace_url = required(TEXT, "Where it runs.")
    workspace_token = required(TEXT, "What opens it; a secret.")
    expires_at = required(TEXT, "When it ends.")
    inactivity_freeze_time = required(WHOLE, "After how long without use it is frozen.")
    force_enable_workspace_access = optional(FLAG, "Whether it can be opened in any case.")
    workspace_image_version = optional(WHOLE, "The version of its image.")


class WorkspaceContainerValue(Model):
    """What was done in a workspace."""

    workspace_id = optional(TEXT, "The workspace's id.")
    workspace_config = optional(Nested(WorkspaceContainerConfig), "How it is reached.")
    last_code_run_event = optional(OBJECT, "The last run.")
    output_files = optional(list_of(WorkspaceFile), "The files that were made.")
    stdout_output = optional(Nested(ContentAndUrl), "What the code printed.")
    stderr_output = optional(Nested(ContentAndUrl), "The errors that it printed.")
    test_stdout_output = optional(Nested(ContentAndUrl), "What the tests printed.")
    test_stderr_output = optional(Nested(ContentAndUrl), "The errors that they printed.")
