"""The sizes of images: given, or read from the beginning of their files."""

from __future__ import annotations

import threading
from base64 import b64encode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from scaleapi import ScaleClient, Task
from scaleapi.exceptions import ScaleArgumentError
from scaleapi.export.formats import write_annotations
from scaleapi.export.formats.headers import read_header
from tests.unit.formats.samples import annotated, coco, export, task


def image_file(kind: str, size: tuple[int, int] = (120, 80), orientation: int = 1) -> bytes:
    file = BytesIO()
    exif = Image.Exif()
    exif[0x0112] = orientation
    options: dict[str, Any] = {"exif": exif} if orientation != 1 else {}
    image = Image.effect_noise(size, 90)
    image.convert("RGB" if kind != "GIF" else "P").save(file, kind, **options)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "WEBP"])
def test_sizes_are_those_that_pillow_reads(kind: str) -> None:
    header = read_header(image_file(kind))
    assert header is not None
    assert (header.width, header.height) == (120, 80)
    assert header.suffix == {"JPEG": ".jpg"}.get(kind, f".{kind.lower()}")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_sizes_are_of_the_image_as_it_is_shown(kind: str, orientation: int) -> None:
    header = read_header(image_file(kind, orientation=orientation))
    assert header is not None
    assert header.orientation == orientation
    expected = (80, 120) if orientation >= 5 else (120, 80)
    assert (header.width, header.height) == expected


@pytest.mark.parametrize("options", [{"lossless": True}, {"lossless": False}, {"quality": 5}])
def test_forms_of_webp(options: dict[str, Any]) -> None:
    file = BytesIO()
    Image.new("RGBA", (33, 17), (9, 9, 9, 100)).save(file, "WEBP", **options)
    header = read_header(file.getvalue())
    assert header is not None
    assert (header.width, header.height) == (33, 17)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "WEBP"])
def test_damaged_headers_are_no_size_and_no_error(kind: str) -> None:
    content = image_file(kind, orientation=6 if kind in {"PNG", "JPEG", "WEBP"} else 1)
    whole = read_header(content)
    for end in range(min(len(content), 400)):
        header = read_header(content[:end])
        assert header is None or (header.width, header.height) in {
            (120, 80),
            (whole.width, whole.height) if whole else None,
        }
    for place in range(min(len(content), 300)):
        read_header(content[:place] + b"\xff\0\xff\xff" + content[place + 4 :])
    assert read_header(b"") is None
    assert read_header(b"<svg/>") is None


@pytest.mark.parametrize(
    "image_size",
    [
        {"t1": (640, 480)},
        {"scan-1": [640, 480]},
        {"https://images.invalid/t1.png": {"width": 640, "height": 480}},
        {"t1.png": "640x480"},
        "size",
        lambda task: task.metadata["size"],
        lambda task: (640.0, 480.0),
    ],
    ids=["id", "unique_id", "attachment", "file", "metadata", "function", "floats"],
)
def test_sizes_may_be_given(tmp_path: Path, image_size: Any) -> None:
    one = task(unique_id="scan-1", metadata={"size": [640, 480]})
    export(tmp_path / "out", "coco", one, image_size=image_size)
    (image,) = coco(tmp_path / "out")["images"]
    assert (image["width"], image["height"]) == (640, 480)


def test_no_size_at_all_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    for name in ("coco", "yolo", "voc", "cvat"):
        with pytest.raises(ScaleArgumentError, match="image_size must be given"):
            write_annotations([task(annotated("box"))], tmp_path / name, name)
    assert [*tmp_path.iterdir()] == []


def test_images_of_unknown_size_are_skipped_and_counted(tmp_path: Path) -> None:
    tasks = [task(annotated("box"), annotated("point")), task(annotated("box"), task_id="t2")]
    report = write_annotations(tasks, tmp_path / "out", "coco", image_size={"t2": (9, 9)})
    assert report.written == {"box": 1}
    assert report.skipped == {"box": 1, "point": 1}
    assert sum(report.skipped_images.values()) == 1
    assert [one["file_name"] for one in coco(tmp_path / "out")["images"]] == ["t2.png"]


def test_size_of_an_image_in_a_data_link(tmp_path: Path) -> None:
    link = f"data:image/gif;base64,{b64encode(image_file('GIF')).decode()}"
    write_annotations([task(params={"attachment": link})], tmp_path / "out")
    (image,) = coco(tmp_path / "out")["images"]
    assert (image["width"], image["height"], image["file_name"]) == (120, 80, "t1.gif")


class Storage:
    """A server of files on loopback, which counts the bytes that it sends."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.sent: list[int] = []
        self.takes_ranges = True
        storage = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                content = storage.files.get(self.path)
                if content is None:
                    self.send_error(404)
                    return
                given = self.headers.get("Range", "")
                if given and storage.takes_ranges:
                    # A part of a compressed file could not be decompressed.
                    assert self.headers["Accept-Encoding"] == "identity"
                    content = content[: int(given.rpartition("-")[2]) + 1]
                self.send_response(206 if given and storage.takes_ranges else 200)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                storage.sent.append(len(content))  # before the client can have read it
                self.wfile.write(content)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def storage() -> Iterator[Storage]:
    found = Storage()
    thread = threading.Thread(target=found.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield found
    found.server.shutdown()
    found.server.server_close()
    thread.join()


def stored(storage: Storage, path: str, **fields: Any) -> Task:
    client = ScaleClient("live_key", api_instance_url=f"{storage.url}/v1", max_retries=0)
    one = task(params={"attachment": storage.url + path}, **fields)
    return Task(one.as_dict(), client)


def test_only_the_beginning_of_an_image_is_read(tmp_path: Path, storage: Storage) -> None:
    storage.files["/a.png"] = image_file("PNG", (700, 500))
    assert len(storage.files["/a.png"]) > 300_000
    write_annotations([stored(storage, "/a.png")], tmp_path / "out")
    (image,) = coco(tmp_path / "out")["images"]
    assert (image["width"], image["height"]) == (700, 500)
    assert storage.sent == [128 * 1024]


def test_the_whole_is_read_if_the_size_is_farther_back(tmp_path: Path, storage: Storage) -> None:
    content = image_file("JPEG")
    comment = b"\xff\xfe\xff\xff" + b" " * 65533
    storage.files["/a.jpg"] = content[:2] + comment * 3 + content[2:]
    write_annotations([stored(storage, "/a.jpg")], tmp_path / "out")
    assert coco(tmp_path / "out")["images"][0]["width"] == 120
    assert storage.sent == [128 * 1024, len(storage.files["/a.jpg"])]


def test_servers_that_take_no_ranges_will_do(tmp_path: Path, storage: Storage) -> None:
    storage.takes_ranges = False
    storage.files["/a.png"] = image_file("PNG", (700, 500))
    write_annotations([stored(storage, "/a.png")], tmp_path / "out")
    assert coco(tmp_path / "out")["images"][0]["height"] == 500


def test_images_are_copied(tmp_path: Path, storage: Storage) -> None:
    storage.files["/a.bin"] = image_file("PNG")
    write_annotations([stored(storage, "/a.bin")], tmp_path / "out", "yolo", images=True)
    assert (tmp_path / "out/images/t1.png").read_bytes() == storage.files["/a.bin"]
    assert (tmp_path / "out/labels/t1.txt").is_file()
    assert len(storage.sent) == 1


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_copies_are_upright(tmp_path: Path, storage: Storage, kind: str) -> None:
    """Readers without EXIF would put the labels elsewhere (label-studio, supervision)."""
    storage.files["/a"] = image_file(kind, (120, 80), orientation=6)
    report = write_annotations([stored(storage, "/a")], tmp_path / "out", images=True)
    (image,) = coco(tmp_path / "out")["images"]
    assert (image["width"], image["height"]) == (80, 120)
    with Image.open(tmp_path / "out" / "images" / image["file_name"]) as copy:
        assert copy.size == (80, 120)
        assert copy.getexif().get(0x0112, 1) == 1
    assert sum(report.notes.values()) == 1


def test_an_image_that_is_gone_costs_only_its_copy(tmp_path: Path, storage: Storage) -> None:
    report = write_annotations(
        [stored(storage, "/gone.png")], tmp_path / "out", images=True, image_size={"t1": (5, 5)}
    )
    assert report.images == 1
    assert report.notes == {"image not copied: it cannot be downloaded: status 404": 1}


def test_results_with_nul_bytes_at_the_end_are_read(tmp_path: Path, storage: Storage) -> None:
    storage.files["/result"] = b'[{"annotations": []}, {"annotations": []}]' + b"\0" * 9
    storage.files["/a.png"] = image_file("PNG")
    one = stored(
        storage, "/a.png", type="videoannotation",
        response={"annotations": {"url": f"{storage.url}/result"}},
    )  # fmt: skip
    one.params["attachments"] = [f"{storage.url}/a.png", f"{storage.url}/a.png"]
    assert write_annotations([one], tmp_path / "out").images == 2


def test_links_are_not_in_the_report(tmp_path: Path, storage: Storage) -> None:
    one = stored(storage, "/gone.png?signature=secret")
    report = write_annotations(
        [one, task(task_id="t2")], tmp_path / "out", image_size={"t2": (5, 5)}
    )
    assert "secret" not in str(report.as_dict())
