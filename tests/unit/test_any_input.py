"""With any value for any argument, a call succeeds or raises a ScaleException."""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Generator
from contextlib import suppress
from datetime import date, datetime, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

import numpy as np
import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from scaleapi import ScaleException, TaskType
from tests.compat.canned import client_returning
from tests.unit.quick import quick
from tests.unit.test_arguments import Hostile, circular, nested
from tests.unit.test_bad_input import CALLS, needed

pytestmark = pytest.mark.slow

#: Values that strategies do not make.
ODD: list[Any] = [
    10**5000,
    -(10**5000),
    math.nan,
    math.inf,
    Decimal("sNaN"),
    Decimal("1e999999999"),
    Fraction(1, 3),
    1j,
    np.int64(5),
    np.float64(math.nan),
    np.bool_(True),
    np.str_("x"),
    np.bytes_(b"\xff"),
    np.datetime64("NaT", "s"),
    np.array(5),
    np.array([1, 2]),
    np.array(["x", None], dtype=object),
    np.array([[1.5], [2.5]]),
    UUID(int=1),
    date(1, 1, 1),
    datetime(9999, 12, 31, tzinfo=timezone.utc),
    TaskType.Chat,
    memoryview(b"x"),
    bytearray(b"\xff"),
    range(3),
    object(),
    Hostile(),
    Hostile,
    len,
    circular(),
    nested(10**5),
    io.StringIO("\ud800"),
    io.BytesIO(b"x"),
    NotImplemented,
    ...,
]

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=20)  # with lone surrogates
    | st.binary(max_size=8)
    | st.sampled_from(["true", "0", "5", "5.0", "", ".", "..", "2020-01-01", "1e400", "http://["])
    | st.integers(0, len(ODD) - 1).map(lambda number: ODD[number])  # some have no repr
)

ANYTHING = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.lists(inner, max_size=3).map(iter)
        | st.dictionaries(st.text(max_size=3) | st.integers() | st.none(), inner, max_size=3)
        | st.builds(lambda one: {("a key",): one}, inner)
    ),
    max_leaves=5,
)


def empty_response(request: requests.PreparedRequest) -> object:
    """Read the whole request, as a service would."""
    body: Any = request.body
    if hasattr(body, "read"):
        while body.read(8192):
            pass
    return {}


#: Many rows with few examples each, because a faulty check shows in several rows.
few = settings(quick, max_examples=20)

ROWS = [(method, argument) for method, kinds in CALLS.items() for argument in kinds]

#: Parameters that are sent as JSON.
MORE = [
    ("create_task", "metadata"),
    ("create_task", "attachments"),
    ("create_task", "unique_id"),
    ("create_evaluation_task", "expected_response"),
    ("update_project", "ontology"),
    ("import_file", "metadata"),
    ("import_file", "reference_id"),
    ("upload_file", "project_names"),
]


@pytest.mark.parametrize(("method", "argument"), ROWS + MORE)
@few
@given(value=ANYTHING)
def test_any_argument(method: str, argument: str, value: Any) -> None:
    """All responses are {}, so most calls that are sent raise ScaleBadResponse."""
    arguments = {**needed(method), argument: value}
    with suppress(ScaleException), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of numpy, about its own values
        result = getattr(client_returning(empty_response), method)(**arguments)
        if isinstance(result, Generator):
            list(result)


@pytest.mark.parametrize("verb", ["get_request", "post_request", "put_request", "delete_request"])
@quick
@given(key=st.text(st.characters(), max_size=3) | st.integers() | st.none(), value=ANYTHING)
def test_any_query(verb: str, key: Any, value: Any) -> None:
    with suppress(ScaleException), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        getattr(client_returning(empty_response).api, verb)("x", params={key: value})


@pytest.mark.parametrize("verb", ["post_request", "put_request", "delete_request"])
@quick
@given(value=ANYTHING)
def test_any_body(verb: str, value: Any) -> None:
    with suppress(ScaleException):
        getattr(client_returning(empty_response).api, verb)("x", body=value)


@quick
@given(file=ANYTHING, data=ANYTHING)
def test_any_form(file: Any, data: Any) -> None:
    with suppress(ScaleException), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        client_returning(empty_response).api.post_request(
            "x", files={"file": file}, data={"a": data}
        )
