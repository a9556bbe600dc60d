"""Labels in pixel pictures, in any script, with and without a font for it."""

from __future__ import annotations

import sys
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageFont

from scaleapi import ScaleArgumentError
from scaleapi.drawing import annotations_svg, draw, fonts, save
from scaleapi.drawing.spelling import spelled

SIZE = (900, 700)
BOX: dict[str, Any] = {"left": 300, "top": 250, "width": 200, "height": 150}

LABELS = {
    "CJK": ["包裹", "胶带", "角落", "標籤"],
    "Japanese": ["ラベル", "テープ", "かど"],
    "Korean": ["소포", "라벨"],
    "Cyrillic": ["посылка", "Посылка", "лента", "угол", "щит", "шит", "съезд", "сезд"],
    "Greek": ["δέμα", "ταινία", "γωνία", "Ω", "\u039f"],
    "accented": ["déchiré", "dechire", "dechiré", "naïve", "Straße", "Strasse", "Łódź", "Lodz"],
    "Arabic": ["طرد", "شريط", "زاوية"],
    "Hebrew": ["חבילה", "סרט"],
    "Devanagari": ["पार्सल", "टेप"],
    "emoji": ["📦", "🏷️", "👩‍🚀", "👩", "🙂", "🙃"],
    "mixed": ["box 包", "box 裹", "box [U+5305]", "box (包)", "box"],
    "broken": ["\ufffd", "?", "\u200d", "\u200b", "(no label)", "□", "■"],
    "long": ["包" * 60, "包" * 61, "裹" + "包" * 60, "é" * 60, "e" * 60],
}


@pytest.fixture(autouse=True)
def _one_color(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give all labels the same color, so that only their letters differ."""
    monkeypatch.setattr("scaleapi.drawing.picture.color_of", lambda label: "#56b4e9")


@pytest.fixture
def no_fonts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_folders", lambda: [tmp_path])


def picture(*labels: str, **arguments: Any) -> bytes:
    """Return the pixels of a picture whose boxes are the same whatever the labels."""
    boxes = [BOX | {"label": label, "top": 120 * n} for n, label in enumerate(labels)]
    return draw(Image.new("RGB", SIZE, "white"), boxes, **arguments).tobytes()


@pytest.mark.slow
@pytest.mark.parametrize("labels", LABELS.values(), ids=LABELS)
def test_two_labels_of_a_picture_are_drawn_differently(labels: list[str], no_fonts: None) -> None:
    """In the legend and beside the shapes, with Pillow's font only."""
    names = spelled([*labels], None)
    assert [*names] == labels
    assert len(set(names.values())) == len(labels), names
    for name in names.values():
        assert not fonts.missing(name, None), name
    for one, other in combinations(labels, 2):
        assert picture(one, other) != picture(other, one)


@pytest.mark.parametrize("labels", LABELS.values(), ids=LABELS)
def test_labels_of_two_pictures_are_drawn_differently(labels: list[str], no_fonts: None) -> None:
    """Labels that differ in more than diacritics and invisible characters."""
    pictures = {label: picture(label) for label in labels if label.isalpha() and len(label) < 9}
    latin = {spelled([label], None)[label] for label in pictures}
    assert len(set(pictures.values())) == len(latin)


@pytest.mark.parametrize(
    ("label", "spelling"),
    [
        ("déchiré", "dechire"),
        ("Straße Łódź Øre Æble þorn", "Strasse Lodz Ore Aeble thorn"),
        ("Посылка", "Posylka"),
        ("Щука ёж", "Shchuka yozh"),
        ("Δέμα Ψ", "Dema Ps"),
        ("包裹", "[U+5305 U+88F9]"),
        ("box 包 1", "box [U+5305] 1"),
        ("طرد", "[U+0637 U+0631 U+062F]"),
        ("📦", "[U+1F4E6]"),
        ("½ №5 …", "1/2 No5 …"),
        ("x\u200dy", "xy"),
        ("\ufffd", "?"),
        ("plain", "plain"),
    ],
)
def test_labels_without_a_font_are_transliterated(
    label: str, spelling: str, no_fonts: None
) -> None:
    assert spelled([label], None) == {label: spelling}
    assert picture(label) == picture(spelling)


def test_labels_with_the_same_transliteration_are_numbered(no_fonts: None) -> None:
    names = spelled(["café", "cafe", "cafè", "tape"], None)
    assert names == {"café": "cafe #2", "cafe": "cafe", "cafè": "cafe #3", "tape": "tape"}


def test_numbering_never_creates_duplicate_labels(no_fonts: None) -> None:
    names = spelled(["cafe", "café", "cafe #2"], None)
    assert len(set(names.values())) == 3
    assert names["cafe #2"] == "cafe #2"


def system_font(text: str) -> str | None:
    return next((path for path in fonts.system_fonts() if not fonts.missing(text, path)), None)


@pytest.mark.parametrize("script", ["Cyrillic", "Greek", "accented", "Arabic", "CJK"])
def test_a_font_of_the_system_is_used(script: str) -> None:
    """A label is not transliterated if this machine has a font for it."""
    found = [label for label in LABELS[script] if system_font(label)]
    if not found:
        pytest.skip("no font of this script is installed")
    assert spelled(found, None) == {label: label for label in found}
    pictures = {picture(label) for label in found}
    assert len(pictures) == len(found)


def test_the_letters_are_those_of_the_font() -> None:
    path = system_font("посылка (1)")
    if path is None:
        pytest.skip("no font with Cyrillic letters is installed")
    assert fonts.runs("посылка (1)", path) == [("посылка (1)", path)]
    assert picture("посылка", font=path) == picture("посылка", font=Path(path))
    assert picture("tape", font=path) != picture("tape")


def test_a_text_of_two_fonts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As few pieces as possible, in the order of the text."""
    has = {"one": "abc ", "two": "xyz "}
    monkeypatch.setattr(fonts, "_chain", lambda font: ["one", "two"])
    monkeypatch.setattr(fonts, "has", lambda path, character: character in has[path])
    assert fonts.runs("a x", None) == [("a ", "one"), ("x", "two")]
    assert fonts.runs("ab c", None) == [("ab c", "one")]
    assert fonts.runs("x y", None) == [("x y", "two")]
    assert fonts.missing("axq", None) == {"q"}


def bundled(path: Path) -> Path:
    """Write the font of Pillow to a file, so that there is one on every machine."""
    path.write_bytes(ImageFont.load_default(20).font_bytes)  # type: ignore[union-attr]
    return path


def test_a_font_that_is_given(tmp_path: Path, no_fonts: None) -> None:
    path = bundled(tmp_path / "given.otf")
    assert fonts.runs("tape", str(path)) == [("tape", str(path))]
    assert picture("посылка", font=str(path)) == picture("posylka", font=path)
    save(tmp_path / "a.png", [BOX | {"label": "tape"}], size=SIZE, font=path)
    with Image.open(tmp_path / "a.png") as saved:
        white = Image.new("RGB", SIZE, "white")
        assert saved.tobytes() == draw(white, [BOX | {"label": "tape"}], font=path).tobytes()


@pytest.mark.parametrize("content", [None, b"", b"no font", b"\0\1\0\0" + bytes(100)])
def test_a_font_that_cannot_be_read(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "a.ttf"
    if content is not None:
        path.write_bytes(content)
    for font in (path, str(path)):
        with pytest.raises(ScaleArgumentError, match=r"^font must be .*TrueType"):
            picture("tape", font=font)
        with pytest.raises(ScaleArgumentError, match=r"^font must be .*TrueType"):
            save(tmp_path / "a.png", [BOX], font=font)
    with pytest.raises(ScaleArgumentError, match=r"^font must be .*not int"):
        picture("tape", font=7)


def test_files_that_only_look_like_fonts(tmp_path: Path, no_fonts: None) -> None:
    (tmp_path / "a.ttf").write_bytes(b"no font")
    (tmp_path / "b.otf").mkdir()
    (tmp_path / "c.ttc").symlink_to(tmp_path / "nowhere")
    bundled(tmp_path / "d.ttf")
    assert spelled(["包裹"], None) == {"包裹": "[U+5305 U+88F9]"}


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="the folders of freedesktop.org")
def test_the_folders_of_the_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "mine"))
    monkeypatch.setenv("XDG_DATA_DIRS", f"{tmp_path / 'one'}:{tmp_path / 'two'}")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "two" / "fonts" / "deep").mkdir(parents=True)
    path = bundled(tmp_path / "two" / "fonts" / "deep" / "a.OTF")
    assert [*fonts.system_fonts()] == [str(path)]


def test_an_svg_has_the_labels_as_they_are() -> None:
    for label in ("包裹", "посылка", "déchiré"):
        assert label in annotations_svg([BOX | {"label": label}])
