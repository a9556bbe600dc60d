"""Tables for people, JSON lines for programs."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaleapi.cli.output import Output, printable

HOSTILE = "\x1b]0;title\x07\x9b31m\u202e\r\x00\ud800"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def table(*rows: dict[str, object], columns: tuple[str, ...] = ("name", "size")) -> list[str]:
    out = Terminal()
    Output(out=out, err=io.StringIO()).rows(rows, columns)
    return out.getvalue().splitlines()


def test_a_table_has_titles_and_aligned_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert table({"name": "a", "size": 1}, {"name": "long name", "x": 3}) == [
        "NAME       SIZE",
        "a          1",
        "long name  -",
    ]


def test_titles_are_bold_unless_no_color_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert table({"name": "a"})[0].startswith("\x1b[1m")


def test_lines_fit_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    monkeypatch.setenv("NO_COLOR", "1")
    lines = table({"name": "x" * 100, "size": 1})
    assert all(len(line) <= 20 for line in lines)
    assert lines[1].endswith("…")


def test_rows_are_printed_as_they_come() -> None:
    out = Terminal()

    def rows() -> object:
        for number in range(300):
            if number == 200:
                assert len(out.getvalue().splitlines()) > 100
            yield {"name": str(number)}

    Output(out=out, err=io.StringIO()).rows(rows(), ("name",))  # type: ignore[arg-type]
    assert len(out.getvalue().splitlines()) == 301


def test_an_empty_table_says_so_beside_the_output() -> None:
    out, err = Terminal(), io.StringIO()
    Output(out=out, err=err).rows([], ("name",))
    assert (out.getvalue(), err.getvalue()) == ("", "(none)\n")


def test_hostile_text_cannot_control_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    out, err = Terminal(), io.StringIO()
    output = Output(out=out, err=err)
    output.rows([{"name": HOSTILE, "size": {"a": HOSTILE}}], ("name", "size"))
    output.item({"a": HOSTILE, HOSTILE: 1})
    output.say(HOSTILE)
    for char in out.getvalue() + err.getvalue():
        assert char.isprintable() or char == "\n"
    (out.getvalue() + err.getvalue()).encode("utf-8")


@given(st.text(st.characters(exclude_categories=())))
def test_printable_text_is_printable(text: str) -> None:
    assert printable(text).isprintable()
    assert not text.isprintable() or printable(text) == text


@pytest.mark.parametrize("as_json", [True, False])
def test_pipes_get_ascii_json_lines(as_json: bool) -> None:
    out = Terminal() if as_json else io.StringIO()
    output = Output(as_json, out, io.StringIO())
    value = {"name": f"é{HOSTILE}"}
    output.rows([value, value], ("name",))
    output.item(value)
    assert out.getvalue().isascii()
    assert [json.loads(line) for line in out.getvalue().splitlines()] == [value] * 3
