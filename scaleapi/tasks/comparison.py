"""Whether a task is the one that was sent."""

from __future__ import annotations

import json
import re
from operator import itemgetter
from urllib.parse import parse_qsl, unquote, urlsplit

from .._http.response import JSONObject

__all__ = ["has_content", "has_same_input"]

#: Parameters that identify a task: if sent, the task must have the same values.
_TELLING = ("attachment", "attachments", "metadata", "instruction", "batch", "project")

#: Parameters that say what a task is about, and do not change.
_INPUT = ("project", "attachment", "attachments", "text")

#: What parameters of the query that sign a link are called, by one that all such links have.
_SIGNED_BY = {
    "x-amz-signature": r"x-amz-(algorithm|credential|date|expires|signedheaders|signature"
    r"|security-token|content-sha256)",
    "x-goog-signature": r"x-goog-(algorithm|credential|date|expires|signedheaders|signature)",
    "x-oss-signature": r"x-oss-(signature-version|credential|date|expires|signature"
    r"|security-token|additional-headers)",
    "signature": r"signature|expires|(aws|oss)accesskeyid|googleaccessid|security-token"
    r"|x-amz-security-token|policy|key-pair-id|hash-algorithm",
    "sig": r"sig|s[eprstv]|ss|spr|sip|srt|sdd|ses|sk[etsv]|skoid|sktid|saoid|suoid|scid",  # Azure
}


def has_content(task: JSONObject, body: JSONObject) -> bool:
    """Return whether a task has the content that a call sent.

    The parameters in ``_TELLING`` must be present and equal. Other parameters must be equal if the
    task has them. The service may add defaults to objects, and appends the project's instruction.
    """
    found = _fields(task)
    sent = json.loads(json.dumps({name: value for name, value in body.items() if value}))
    return all(
        _is_same(name, value, found.get(name))
        if name in _TELLING
        else name not in found or _contains(found[name], value)
        for name, value in sent.items()
    )


def _fields(task: JSONObject) -> JSONObject:
    """Return the fields of a task together with its parameters."""
    params = task.get("params")
    return {**params, **task} if isinstance(params, dict) else task


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
    found = _fields(task)
    try:
        return all(_may_be_same(found.get(name), body.get(name)) for name in _INPUT)
    except RecursionError:  # nested too deeply to be compared
        return False


def _may_be_same(found: object, sent: object) -> bool:
    """Return whether texts, links, and lists and objects of them are the same.

    Anything else the service may have rewritten.
    """
    if isinstance(found, str) and isinstance(sent, str):
        return found == sent or _source(found) == _source(sent)
    if isinstance(found, list) and isinstance(sent, list):
        return len(found) == len(sent) and all(map(_may_be_same, found, sent))
    if isinstance(found, dict) and isinstance(sent, dict):
        return all(_may_be_same(found[key], sent[key]) for key in found.keys() & sent.keys())
    return True


def _source(text: str) -> object:
    """Return what a link leads to, without its signature; other texts as they are."""
    try:
        link = urlsplit(text)
        port = link.port
    except ValueError:
        return text
    if link.scheme not in ("http", "https"):  # "#" and "?" may be part of the keys of S3
        return text
    given = parse_qsl(link.query, keep_blank_values=True)
    names = {name.lower() for name, _ in given}
    signing = [name for mark, name in _SIGNED_BY.items() if mark in names]
    kept = [
        (name, value)
        for name, value in given
        if not any(re.fullmatch(one, name.lower()) for one in signing)
        and not value.startswith("eyJ")  # a JSON web token
    ]
    standard = 443 if link.scheme == "https" else 80
    kept.sort(key=itemgetter(0))
    return link.scheme, link.hostname, port or standard, unquote(link.path), kept
