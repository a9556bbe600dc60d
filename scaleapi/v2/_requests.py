"""Arguments of calls, checked before anything is sent, and bodies made of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._arguments import Check, page_size_of, text_of, texts_of
from .._http.response import JSONObject
from ..exceptions import ScaleArgumentError
from ._json import plain, time_text
from ._model import Model

__all__ = ["body_of", "checked", "require_one"]


def _headers_of(argument: str, value: object) -> dict[str, str]:
    """Return headers, which must be what one line each can carry."""
    what = "must be a dict of strings that are printable ASCII"
    if not isinstance(value, Mapping):
        raise ScaleArgumentError(argument, f"{what}, not {type(value).__name__}")
    for text in (text for pair in value.items() for text in pair):
        if not isinstance(text, str) or not text.isprintable() or not text.isascii():
            raise ScaleArgumentError(argument, what)
    return dict(value)


#: The checks of parameters by the ends of their names. Models check the fields of bodies.
_CHECKS: dict[str, Check] = {
    "_id": text_of,
    "_name": text_of,
    "_after": time_text,
    "_before": time_text,
    "_headers": _headers_of,
    "expand": texts_of,
    "limit": page_size_of,
    "next_token": text_of,
    "opts": texts_of,
    "status": text_of,
}


def checked(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments that are given, as the service takes them.

    Raises:
        ScaleArgumentError: One of them is bad.
    """
    given = {name: value for name, value in arguments.items() if value is not None}
    for end, check in _CHECKS.items():
        given |= {name: check(name, given[name]) for name in given if name.endswith(end)}
    return given


def require_one(given: Mapping[str, Any], *names: str) -> None:
    """Check that at least one of several parameters is given.

    Raises:
        ScaleArgumentError: None is.
    """
    if names and not any(given.get(name) for name in names):
        raise ScaleArgumentError(" or ".join(names), "must be given")


def body_of(model: type[Model], arguments: Mapping[str, Any]) -> JSONObject:
    """Return a body that was given as a model, as a dict or as keyword arguments.

    What a dict has besides the fields of the model is sent too. ``None`` is left out.

    Args:
        model: What the body should be.
        arguments: The body as a whole, under a name that ends in ``_request``, or its fields.

    Raises:
        ScaleArgumentError: It is given in both ways, or something in it is bad.
    """
    whole = next(name for name in arguments if name.endswith("_request"))
    fields = {
        name: value
        for name, value in arguments.items()
        if value is not None and name not in ("self", whole)
    }
    json = arguments[whole]
    if json is None:
        json = fields
    elif fields:
        raise ScaleArgumentError(whole, f"must not be given together with {', '.join(fields)}")
    json = json._json if isinstance(json, model) else json
    if not isinstance(json, Mapping):
        raise ScaleArgumentError(
            whole, f"must be a {model.__name__} or a dict, not {type(json).__name__}"
        )
    known = {field.key for field in model._fields.values()}
    more = {name: json[name] for name in json if name not in known and json[name] is not None}
    body = model(**{name: json[name] for name in json if name in known})._json
    require_one(body, *model._one_of)
    body.update(plain(whole, more))
    return body
