"""JSON decoded with orjson and without it is the same."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scaleapi._http import decoding

NUMBERS = st.one_of(
    st.integers(),
    st.integers(min_value=-(2**70), max_value=2**70),
    st.sampled_from([2**63 - 1, 2**63, 2**64 - 1, 2**64, -(2**63), -(2**63) - 1, 10**400]),
    st.floats(),
)
STRINGS = st.text(st.characters(exclude_categories=()))  # lone surrogates too
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, STRINGS),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(STRINGS, inner)),
)
SEPARATORS = st.sampled_from([(",", ":"), (", ", ": "), (" ,\n", "\t:\r\n ")])
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le"])


def outcome(decode: Callable[[bytes], Any], content: bytes) -> str:
    """Return what is decoded, to the type and the bit, or that nothing is."""
    try:
        # repr tells 1 from 1.0 and True, 0.0 from -0.0, shows NaN, and keeps the order of keys.
        return repr(decode(content))
    except (ValueError, RecursionError):
        return "an error"


def same(content: bytes) -> bool:
    return outcome(decoding.decode, content) == outcome(json.loads, content)


@pytest.mark.slow
@given(VALUES, SEPARATORS, st.booleans(), ENCODINGS)
def test_values_decode_as_with_the_standard_library(
    value: object, separators: tuple[str, str], ascii_only: bool, encoding: str
) -> None:
    text = json.dumps([value], separators=separators, ensure_ascii=ascii_only)
    assert same(text.encode(encoding, "surrogatepass"))


@given(st.binary(max_size=30))
@example(b"")
@example(b"[1,]")
@example(b'{"a":1,"a":2}')
@example(b'["\xff"]')
@example(b"[" * 2000 + b"]" * 2000)
def test_arbitrary_bytes_decode_as_with_the_standard_library(content: bytes) -> None:
    assert same(content)


NUMBER_TEXT = st.from_regex(r"-?[0-9]{1,25}(\.[0-9]{1,25})?([eE][+-]?[0-9]{1,3})?", fullmatch=True)


@pytest.mark.slow
@given(st.lists(NUMBER_TEXT, min_size=1), st.sampled_from(["[%s]", '{"a": %s}', '{"a":[%s]}']))
def test_numbers_decode_as_with_the_standard_library(numbers: list[str], shape: str) -> None:
    joiner = "," if "[" in shape else ', "b":'
    assert same((shape % joiner.join(numbers)).encode())


@pytest.mark.parametrize("number", [2**64, -(2**63) - 1, 10**25])
def test_orjson_alone_would_round_wide_integers(number: int) -> None:
    content = b'{"id":%d}' % number
    assert isinstance(orjson.loads(content)["id"], float)
    assert decoding.decode(content) == {"id": number}


def test_decodes_with_orjson_what_both_accept(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bytes] = []

    def fast(content: bytes) -> Any:
        seen.append(content)
        return orjson.loads(content)

    monkeypatch.setattr(decoding, "_fast", fast)
    # Digits in texts, fractions and nanoseconds are no reason for the slow way.
    content = b'{"id":"00000000000000000001","at":1764000000000000000,"x":0.12345678901234567890}'
    assert decoding.decode(content) == json.loads(content)
    assert seen == [content]


def test_orjson_is_imported_with_the_client() -> None:
    """A signal handler that raises while it is imported lets the process crash later."""
    program = "import sys, scaleapi; scaleapi.ScaleClient; print('orjson' in sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout == "True\n"


IN_SUBINTERPRETERS = """
import sys
code = '''
from scaleapi._http import decoding
for number in range(1000):
    assert decoding.decode(b'{"key%d": [1, "x"]}' % number) == {f"key{number}": [1, "x"]}
    try:
        decoding.decode(b"[1,")
    except ValueError:
        pass
import sys
assert "orjson" not in sys.modules
'''
if sys.version_info >= (3, 13):
    import _interpreters as interpreters
    create, run = (lambda: interpreters.create("legacy")), interpreters.exec
else:
    import _xxsubinterpreters as interpreters
    create, run = (lambda: interpreters.create(isolated=False)), interpreters.run_string
first, second = create(), create()
for one in (first, second, first):
    assert run(one, code) is None
interpreters.destroy(first)
assert run(second, code) is None
interpreters.destroy(second)
"""


def test_subinterpreters_decode_without_orjson() -> None:
    """orjson makes the process crash in them; mod_wsgi runs programs in such ones."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", IN_SUBINTERPRETERS],
        env={name: value for name, value in os.environ.items() if not name.startswith("COV")},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_decodes_without_orjson() -> None:
    program = (
        "import sys; sys.modules['orjson'] = None\n"
        "from scaleapi._http.decoding import _fast, decode\n"
        "print(_fast, decode(b'{\"a\": [1e400, 18446744073709551616]}'))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout.split(" ", 1) == ["None", f"{{'a': [{math.inf}, {2**64}]}}\n"]
