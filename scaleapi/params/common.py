"""What tasks of all types take, and parts that several types share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal, Protocol, TypedDict, TypeVar

__all__ = ["AttachmentType", "Choice", "CommonParams", "ContextAttachment", "Labels", "ListOf"]

_T_co = TypeVar("_T_co", covariant=True)


class ListOf(Protocol[_T_co]):
    """A list, for type checkers.

    ``list[str | Choice]`` would not take a variable of type ``list[str]``, and
    ``Sequence[str | Choice]`` would take a string.
    """

    def __iter__(self) -> Iterator[_T_co]:
        """Iterate over the items."""
        ...

    def copy(self) -> Sequence[_T_co]:
        """Return a copy; strings and tuples cannot."""
        ...


#: What an attachment is.
AttachmentType = Literal["image", "video", "text", "audio", "website", "pdf", "json"]


class CommonParams(TypedDict, total=False):
    """Parameters that tasks of every type take."""

    project: str
    """Name of the project, of the same mode (test or live) as the key. Source: documented."""

    batch: str
    """Name of the batch; it implies the project. Rapid projects need one that is not finalized.
    Source: documented."""

    instruction: str
    """What labelers are told, in Markdown. The project's instruction is appended to it.
    Source: documented."""

    callback_url: str
    """Where the result is posted: an http(s) URL or an email address. Default: that of the
    account. Source: documented."""

    metadata: dict[str, Any]
    """Anything of yours, at most 10 KB of JSON. Default: ``{}``. Source: documented."""

    priority: Literal[0, 10, 20, 30]
    """10, 20 or 30; higher is done first. Default: 0. Source: documented."""

    unique_id: str
    """Your own id of the task, unique in the account. A second task with it is rejected.
    Source: documented."""

    clear_unique_id_on_error: bool
    """Whether an error of the task frees its ``unique_id``. Default: ``False``.
    Source: documented."""

    tags: list[str]
    """At most 5 tags, by which tasks can be listed. Source: documented."""

    project_param_version: int
    """Version of the project's parameters to inherit; -1 for none. Default: the latest.
    Source: seen."""

    urgency: Literal["standard", "immediate", "day", "week"]
    """Legacy form of ``priority``. Default: ``"standard"``. Source: documented."""


class Choice(TypedDict, total=False):
    """A label with more than a name. One of ``choice`` and ``name`` is needed."""

    choice: str
    """The label. Source: documented."""

    subchoices: Labels
    """Labels below this one; labelers choose among these. Source: documented."""

    display: str
    """What labelers see instead of the label. Source: documented."""

    description: str
    """What labelers are told about the label. Source: documented."""

    instance_label: bool
    """Segmentation: whether every instance gets a segment of its own. Default: ``False``.
    Source: documented."""

    name: str
    """Named entities: the label. Source: documented."""


#: Labels: names, or objects with a name and more.
Labels = ListOf[str | Choice]


class ContextAttachment(TypedDict):
    """An image beside the one to label."""

    attachment: str
    """URL of the image. Source: documented."""
