"""Requests of the v2 API: queries and bodies, validated before anything is sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, TypedDict

from .._arguments import Check, is_given, shown
from .._http.request import check_headers
from .._http.response import JSONObject
from .._http.settings import Timeout
from .._model.kinds import plain
from .._model.objects import Model
from ..exceptions import ScaleArgumentError

__all__ = ["Body", "Parameters", "Query", "Terms", "check_terms", "limit_of"]

#: The parameters of a query by name: the check and the value of each.
Parameters = Mapping[str, tuple[Check, Any]]


class Terms(TypedDict, total=False):
    """The options that every call has in addition to its arguments.

    Attributes:
        _request_timeout: Timeout in seconds, instead of the client's.
        _headers: Additional headers.
    """

    _request_timeout: Timeout
    _headers: Mapping[str, str] | None


def check_terms(terms: Terms) -> None:
    """Validate the options of a call.

    Raises:
        TypeError: If there is no such option.
        ScaleArgumentError: If a header is invalid.
    """
    unknown = [name for name in terms if name not in Terms.__annotations__]
    if unknown:
        raise TypeError(f"got an unexpected keyword argument {unknown[0]!r}")
    headers = terms.get("_headers")
    if headers is not None:
        check_headers("_headers", headers)


class Query(NamedTuple):
    """A GET request with validated arguments.

    Attributes:
        endpoint: The path.
        model: The model of the response.
        parameters: The query parameters; ``None`` for omitted ones.
        terms: The options of the call.
    """

    endpoint: str
    model: type[Model]
    parameters: JSONObject
    terms: Terms

    @classmethod
    def of(
        cls,
        endpoint: str,
        model: type[Model],
        parameters: Parameters,
        terms: Terms,
        one_of: tuple[str, ...] = (),
    ) -> Query:
        """Create a GET request after validating its arguments.

        Args:
            endpoint: The path.
            model: The model of the response.
            parameters: The query parameters, with their checks. Values of ``None``, ``""`` and
                ``[]`` are ignored.
            terms: The options of the call.
            one_of: Parameters of which at least one is required.

        Raises:
            ScaleArgumentError: If an argument is invalid.
        """
        check_terms(terms)
        checked = {
            name: check(name, value) if is_given(value) else None
            for name, (check, value) in parameters.items()
        }
        _require_one(checked, one_of)
        return cls(endpoint, model, checked, terms)

    def at(self, token: str | None) -> Query:
        """Return the request for the page at a cursor; ``None`` is the first page."""
        if token is None:
            return self
        return self._replace(parameters={**self.parameters, "next_token": token})

    @property
    def given(self) -> JSONObject:
        """The parameters that are not omitted."""
        return {name: one for name, one in self.parameters.items() if one is not None}


class Body(NamedTuple):
    """The body of a POST request, passed as a whole or as fields.

    Attributes:
        model: The model of the body.
        argument: The name of the argument for the whole body.
        whole: The value of that argument: a model, a dict, or ``None``.
        fields: The keyword arguments for fields; ``None`` for omitted ones.
    """

    model: type[Model]
    argument: str
    whole: object
    fields: Mapping[str, Any]

    def json(self) -> JSONObject:
        """Return the body. Keys of a dict that are not fields of the model are sent too.

        Raises:
            ScaleArgumentError: If the body is passed in both ways, or if a value is invalid.
        """
        json = self._given()
        known = {field.key for field in self.model._fields.values()}
        more = {name: json[name] for name in json if name not in known and json[name] is not None}
        body = self.model(**{name: json[name] for name in json if name in known}).to_dict()
        _require_one(body, self.model._one_of)
        body.update(plain(self.argument, more))
        return body

    def _given(self) -> Mapping[str, Any]:
        fields = {name: value for name, value in self.fields.items() if value is not None}
        if self.whole is None:
            return fields
        if fields:
            names = ", ".join(fields)
            raise ScaleArgumentError(self.argument, f"must not be given together with {names}")
        whole = self.whole.to_dict() if isinstance(self.whole, self.model) else self.whole
        if isinstance(whole, Mapping):
            return whole
        what = f"a {self.model.__name__} or a dict, not {type(whole).__name__}"
        raise ScaleArgumentError(self.argument, f"must be {what}")


def _require_one(given: Mapping[str, Any], names: tuple[str, ...]) -> None:
    if names and not any(given.get(name) for name in names):
        raise ScaleArgumentError(" or ".join(names), "must be given")


def limit_of(argument: str, value: object) -> int:
    """Return a page size after validating it.

    Raises:
        ScaleArgumentError: If the value is not a whole number from 1 to 100.
    """
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 100:
        return value
    raise ScaleArgumentError(argument, f"must be a whole number from 1 to 100, not {shown(value)}")
