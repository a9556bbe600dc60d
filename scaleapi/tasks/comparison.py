"""Whether a task is the one that was sent."""

from __future__ import annotations

import json
import re

from .._http.response import JSONObject

__all__ = ["has_content", "has_same_input"]

#: Parameters that identify a task: if sent, the task must have the same values.
_TELLING = ("attachment", "attachments", "metadata", "instruction", "batch", "project")

#: Parameters that say what a task is about, and do not change.
_INPUT = ("project", "attachment", "attachments")

_LINK = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)

#: Parameters of the query that sign a link, or say when it expires, in lower case: of S3, Google
#: Cloud Storage, CloudFront and OSS; and, beside ``sig``, of Azure.
_SIGNING = re.compile(
    r"x-(amz|goog|oss)-.*|signature|expires|policy|key-pair-id|hash-algorithm|security-token"
    r"|(aws|oss)accesskeyid|googleaccessid|(access_)?token"
)
_SIGNING_AZURE = re.compile(r"sig|s[eiprsvt]|sk[a-z]+|spr|sip|srt|sdd|saoid|suoid|scid")


def has_content(task: JSONObject, body: JSONObject) -> bool:
    """Return whether a task has the content that a call sent.

    The parameters in ``_TELLING`` must be present and equal. Other parameters must be equal if the
    task has them. The service may add defaults to objects, and appends the project's instruction.
    """
    params = task.get("params")
    found = {**params, **task} if isinstance(params, dict) else task
    sent = json.loads(json.dumps({name: value for name, value in body.items() if value}))
    return all(
        _is_same(name, value, found.get(name))
        if name in _TELLING
        else name not in found or _contains(found[name], value)
        for name, value in sent.items()
    )


def _is_same(name: str, sent: object, found: object) -> bool:
    if name == "instruction" and isinstance(sent, str) and isinstance(found, str):
        return found.startswith(sent)
    return _contains(found, sent) and _contains(sent, found)


def _contains(found: object, sent: object) -> bool:
    """Return whether JSON contains other JSON. Objects may have additional keys."""
    if isinstance(sent, dict) and isinstance(found, dict):
        return all(key in found and _contains(found[key], sent[key]) for key in sent)
    if isinstance(sent, list) and isinstance(found, list):
        return len(sent) == len(found) and all(map(_contains, found, sent))
    # In Python, True equals 1.
    return sent == found and isinstance(sent, bool) == isinstance(found, bool)


def has_same_input(task: JSONObject, body: JSONObject) -> bool:
    """Return whether a task is about what was sent: the same attachments in the same project.

    Instructions, metadata and the like may have been changed since it was created. Links are
    compared without their signatures, which expire.
    """
    params = task.get("params")
    found = {**params, **task} if isinstance(params, dict) else task
    pairs = [(_sources(found.get(name)), _sources(body.get(name))) for name in _INPUT]
    return all(here is None or sent is None or here == sent for here, sent in pairs)


def _sources(value: object) -> list[str] | None:
    """Return texts and links as they are compared, ``None`` for what the service may rewrite."""
    values = value if isinstance(value, list) else [value]
    texts = [one for one in values if isinstance(one, str)]
    if len(texts) < len(values):
        return None
    return [_unsigned(text) if _LINK.match(text) else text for text in texts]


def _unsigned(link: str) -> str:
    """Return a link without its signature, and without its fragment, which no server gets."""
    address, _, query = link.partition("#")[0].partition("?")
    given = {part: part.partition("=")[0].lower() for part in query.split("&")}
    signing = [_SIGNING, _SIGNING_AZURE] if "sig" in given.values() else [_SIGNING]
    kept = [part for part, name in given.items() if not any(one.fullmatch(name) for one in signing)]
    return f"{address}?{'&'.join(sorted(kept))}"
