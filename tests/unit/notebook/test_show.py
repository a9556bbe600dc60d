"""``task.show``: fetching with credentials, and embedding in the card."""

from __future__ import annotations

import base64
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Pillow

from scaleapi import ScaleArgumentError, ScaleBadResponse, ScaleClient, ScaleResourceNotFound, Task
from scaleapi._notebook import IMAGE_LIMIT, Image
from scaleapi.sandbox import Sandbox
from tests.unit.notebook.reading import read
from tests.unit.quick import quick

PHOTO = (Path(__file__).parents[3] / "examples" / "data" / "belt_north.jpg").read_bytes()
GEOMETRIES = {"box": {"objects_to_annotate": ["parcel"]}}


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(transition="immediate", deliver_anywhere=True) as sandbox:
        yield sandbox


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[ScaleClient]:
    with ScaleClient(sandbox.live_key, api_instance_url=sandbox.url, max_retries=0) as client:
        yield client


def create(client: ScaleClient, attachment: str) -> Task:
    task = client.create_task("imageannotation", attachment=attachment, geometries=GEOMETRIES)
    task.refresh()
    return task


@contextmanager
def image_host(content: bytes) -> Generator[tuple[str, list[Any]]]:
    """Serve bytes from another host; yield its URL and the headers of every request."""
    seen: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(dict(self.headers))
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/a.jpg?sig=t0ps", seen
        finally:
            server.shutdown()
            thread.join()


def embedded(html: str) -> str:
    """Return the document inside the card's only image."""
    (image,) = read(html).tree.iter("img")
    begin, _, document = (image.get("src") or "").partition(",")
    assert begin == "data:image/svg+xml"
    assert image.get("alt")
    return unquote(document)


def test_a_stored_image_is_embedded(sandbox: Sandbox, client: ScaleClient) -> None:
    task = create(client, client.upload_file(PHOTO, filename="a.jpg").attachment_url)
    html = task.show(fetch=True)._repr_html_()
    document = embedded(html)
    assert base64.b64encode(PHOTO).decode() in document
    assert 'viewBox="0 0 640 427"' in document
    assert "signature" not in html
    assert sandbox.live_key not in html


def test_without_fetch_nothing_is_sent(sandbox: Sandbox, client: ScaleClient) -> None:
    task = create(client, client.upload_file(PHOTO, filename="a.jpg").attachment_url)
    before = len(sandbox.requests)
    assert task.show()._repr_html_() == task._repr_html_()
    assert len(sandbox.requests) == before


def test_another_host_gets_no_key(client: ScaleClient) -> None:
    with image_host(PHOTO) as (url, seen):
        task = create(client, url)
        seen.clear()  # the service has looked at it too
        html = task.show(fetch=True)._repr_html_()
        assert len(seen) == 1
        assert not {"authorization", "cookie"} & {name.lower() for name in seen[0]}
    assert base64.b64encode(PHOTO).decode() in embedded(html)
    assert "t0ps" not in html


def test_an_image_that_is_too_large_is_refused(client: ScaleClient) -> None:
    with image_host(PHOTO + bytes(IMAGE_LIMIT)) as (url, _):
        task = create(client, url)
        with pytest.raises(ScaleBadResponse, match=f"larger than {IMAGE_LIMIT}"):
            task.show(fetch=True)


def test_an_image_that_is_gone_is_an_error(client: ScaleClient, sandbox: Sandbox) -> None:
    task = create(client, client.upload_file(PHOTO, filename="a.jpg").attachment_url)
    sandbox.reset()
    with pytest.raises(ScaleResourceNotFound):
        task.show(fetch=True)


def test_non_images_are_not_embedded(client: ScaleClient) -> None:
    """The bytes decide, not the name."""
    with image_host(b"<svg onload='alert(1)'/>") as (url, _):
        html = create(client, url).show(fetch=True)._repr_html_()
    assert "alert" not in html
    assert "data:" not in html
    assert "t0ps" not in html  # a notebook with fetch=True is one to keep, without signatures


@pytest.mark.slow
def test_a_small_file_of_many_pixels_is_rejected(client: ScaleClient) -> None:
    """The size is read from the header, so no browser has to decode it."""
    content = BytesIO()
    Pillow.new("1", (12_000, 12_000)).save(content, "PNG")
    assert len(content.getvalue()) < 25_000
    with image_host(content.getvalue()) as (url, _):
        task = create(client, url)
        with pytest.raises(ScaleArgumentError, match=r"^fetch .* 12000 x 12000 pixels.*50,000,000"):
            task.show(fetch=True)
        read(task.show()._repr_html_())


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP", "lossless"])
def test_the_pixels_of_every_format_are_counted(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scaleapi._notebook.image._MOST_PIXELS", 100)
    name = "WEBP" if form == "lossless" else form
    settings: dict[str, Any] = {"lossless": {"lossless": True}}.get(form, {})
    for size, fits in (((10, 10), True), ((101, 1), False), ((1, 101), False)):
        stream = BytesIO()
        Pillow.new("RGB", size).save(stream, name, **settings)
        if fits:
            assert Image.of(stream.getvalue()) is not None
        else:
            with pytest.raises(ScaleArgumentError, match=f"{size[0]} x {size[1]} pixels"):
                Image.of(stream.getvalue())


def test_an_image_in_the_task_itself_needs_no_fetching(client: ScaleClient) -> None:
    link = f"data:image/png;base64,{base64.b64encode(PHOTO).decode()}"
    json = {"task_id": "t", "type": "imageannotation", "params": {"attachment": link}}
    html = Task(json, client).show(fetch=True)._repr_html_()
    assert [one.get("src") for one in read(html).tree.iter("img")] == [link]


def test_a_task_without_an_image(client: ScaleClient, sandbox: Sandbox) -> None:
    task = client.create_task("datacollection", fields={"a": "b"})
    before = len(sandbox.requests)
    assert task.show(fetch=True)._repr_html_() == task._repr_html_()
    assert len(sandbox.requests) == before


def test_the_card_is_a_line_of_text_elsewhere(client: ScaleClient) -> None:
    task = client.create_task("datacollection", fields={"a": "b"})
    assert repr(task.show()) == repr(task)


@pytest.mark.parametrize("fetch", ["yes", None, 2])
def test_fetch_is_true_or_false(fetch: Any) -> None:
    with pytest.raises(ValueError, match="fetch"):
        Task({"task_id": "t"}, None).show(fetch=fetch)  # type: ignore[arg-type]


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP", "lossless", "alpha"])
@pytest.mark.parametrize("size", [(1, 1), (640, 427), (3, 5000)])
def test_the_size_is_that_of_pillow(form: str, size: tuple[int, int]) -> None:
    stream = BytesIO()
    settings: dict[str, Any] = {"lossless": {"lossless": True}}.get(form, {})
    mode = "RGBA" if form == "alpha" else "RGB"
    name = "WEBP" if form in ("lossless", "alpha") else form
    Pillow.new(mode, size, "red").save(stream, name, **settings)
    image = Image.of(stream.getvalue())
    assert image is not None
    assert image.size == size
    assert image.url.startswith(f"data:image/{name.lower()};base64,")


def test_a_progressive_jpeg_with_padding() -> None:
    """Comments, padding and progressive frames precede the size."""
    stream = BytesIO()
    Pillow.new("RGB", (31, 17)).save(stream, "JPEG", progressive=True, comment=b"x" * 60_000)
    content = stream.getvalue()
    filled = content[:2] + b"\xff\xff" + content[2:]
    for one in (content, filled):
        image = Image.of(one)
        assert image is not None
        assert image.size == (31, 17)


@given(
    st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"RIFF....WEBPVP8 "]),
    st.binary(max_size=60),
)
@quick
def test_damaged_files_are_not_images(begin: bytes, rest: bytes) -> None:
    with suppress(ScaleArgumentError):
        image = Image.of(begin + rest)
        assert image is None or min(image.size) > 0


def test_an_image_that_claims_a_huge_size() -> None:
    stream = BytesIO()
    Pillow.new("RGB", (8, 8)).save(stream, "PNG")
    content = bytearray(stream.getvalue())
    content[16:20] = b"\xff\xff\xff\xff"
    with pytest.raises(ScaleArgumentError, match="4294967295 x 8 pixels"):
        Image.of(bytes(content))


@pytest.mark.parametrize("length", range(0, 400, 7))
def test_a_truncated_image(length: int) -> None:
    image = Image.of(PHOTO[:length])
    assert image is None or image.size == (640, 427)
