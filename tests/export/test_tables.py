"""Tables have fixed columns and lose nothing; other libraries read them."""

from __future__ import annotations

import json
import math
from datetime import datetime, timezone
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scaleapi import ScaleArgumentError, ScaleClient, Task
from scaleapi.exceptions import ScaleBadResponse, ScaleConnectionError, ScaleUnauthorized
from scaleapi.export import annotation_reader, task_reader
from scaleapi.export.annotation_table import ANNOTATIONS
from scaleapi.export.task_table import TASKS
from tests.export.conftest import Connect
from tests.export.task_list import DAY, TaskList, spread, task
from tests.wire.server import Reply

CLIENT = ScaleClient("live_key")

BOX = {"type": "box", "left": 41, "top": 80.5, "width": 120, "height": 66}
CORNERS = [(41, 80.5), (161, 80.5), (161, 146.5), (41, 146.5)]
CUBOID = [
    {"x": x, "y": y, "type": "vertex", "description": name}
    for x, y, name in (
        (100, 70, "face-topleft"),
        (100, 296, "face-bottomleft"),
        (320, 70, "face-topright"),
        (320, 296, "face-bottomright"),
        (441, 82, "side-topcorner"),
        (441, 198, "side-bottomcorner"),
    )
]


def of(response: Any, kind: str = "imageannotation", **fields: Any) -> Task:
    return Task({"task_id": "t1", "type": kind, "response": response, **fields}, CLIENT)


def rows_of(*tasks: Task, **options: Any) -> list[dict[str, Any]]:
    return annotation_reader(tasks, **options).read_all().to_pylist()


def image(*found: Any, kind: str = "imageannotation") -> list[dict[str, Any]]:
    return rows_of(of({"annotations": list(found)}, kind))


def vertices(row: dict[str, Any]) -> list[tuple[float, float]]:
    return [(one["x"], one["y"]) for one in row["vertices"]]


def test_times_are_timestamps_and_the_rest_is_typed() -> None:
    row = task(7, DAY, tags=["pilot"], priority=30, is_test=False, work_started=True)
    table = task_reader([Task(row, CLIENT)]).read_all()
    assert table.schema.field("created_at").type == pa.timestamp("us", tz="UTC")
    (found,) = table.to_pylist()
    assert found["created_at"] == DAY
    assert (found["tags"], found["priority"], found["is_test"]) == (["pilot"], 30, False)
    assert json.loads(found["params"]) == row["params"]
    assert json.loads(found["other"]) == {"work_started": True}


@pytest.mark.parametrize(
    "fields",
    [
        {"priority": "high"},
        {"priority": 2**70},
        {"priority": True},
        {"created_at": "soon"},
        {"created_at": 5},
        {"tags": "pilot"},
        {"tags": ["pilot", None]},
        {"project": {"name": "parcels"}},
        {"instruction": "half a character: \ud83d"},
        {"is_test": 1},
        {"other": {"a": 1}},
        {"other": "text"},
        {"type": ["imageannotation"]},
    ],
)
def test_what_a_column_cannot_hold_is_in_other(fields: dict[str, Any]) -> None:
    table = task_reader([Task({"task_id": "t1", **fields}, CLIENT)]).read_all()
    assert table.schema == TASKS.schema()
    (row,) = table.to_pylist()
    assert json.loads(row["other"]) == fields


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(TASKS.names) | st.text(max_size=5)


@pytest.mark.slow
@settings(max_examples=50, deadline=None)
@given(rest=st.dictionaries(NAMES, JSON, max_size=8))
def test_nothing_of_a_task_is_lost(rest: dict[str, Any]) -> None:
    (row,) = task_reader([Task({**rest, "task_id": "t1"}, CLIENT)]).read_all().to_pylist()
    back = json.loads(row.pop("other") or "{}")
    for name, value in row.items():
        if value is not None:
            is_json = name in ("params", "metadata", "response")
            back[name] = json.loads(value) if is_json else value
    sent = {name: value for name, value in rest.items() if value is not None or name not in row}
    sent.pop("other", None) if rest.get("other") is None else None
    for name in ("created_at", "updated_at", "completed_at"):
        if isinstance(back.get(name), datetime):
            assert back.pop(name) == datetime.fromisoformat(str(sent.pop(name))).replace(
                tzinfo=timezone.utc
            )
    if back.get("other") is None:
        back.pop("other", None)
    assert back == {**sent, "task_id": "t1"}


def test_a_box() -> None:
    (row,) = image({**BOX, "uuid": "u", "label": "parcel", "attributes": {"damaged": "No"}})
    assert [row[name] for name in ("left", "top", "width", "height")] == [41, 80.5, 120, 66]
    assert row["rotation"] is None
    assert vertices(row) == CORNERS
    assert (row["uuid"], row["type"], row["label"]) == ("u", "box", "parcel")
    assert json.loads(row["attributes"]) == {"damaged": "No"}
    assert (row["frame"], row["index"], row["other"]) == (None, 0, None)


def test_a_rotated_box_keeps_the_box_before_the_rotation() -> None:
    turned = [{"x": x, "y": y} for x, y in ((161, 53.5), (161, 173.5), (41, 173.5), (41, 53.5))]
    (row,) = image({**BOX, "rotation": math.pi / 2, "vertices": turned})
    assert [row[name] for name in ("left", "top", "width", "height")] == [41, 80.5, 120, 66]
    assert row["rotation"] == math.pi / 2
    assert vertices(row) == [(one["x"], one["y"]) for one in turned]


def test_a_rotated_box_without_vertices_gets_them() -> None:
    (row,) = image({"left": 0, "top": 0, "width": 4, "height": 2, "rotation": math.pi / 2})
    corners = [number for corner in vertices(row) for number in corner]
    assert corners == pytest.approx([3, -1, 3, 3, 1, 3, 1, -1])


@pytest.mark.parametrize(
    ("annotation", "kind", "bounds", "points"),
    [
        ({"vertices": [(10, 12), (60, 14), (58, 44)]}, "polygon", (10, 12, 50, 32), None),
        ({"type": "line", "vertices": [(0, 5), (90, 7)]}, "line", (0, 5, 90, 2), None),
        ({"geometry": "line", "vertices": [(0, 5), (90, 7)]}, "line", (0, 5, 90, 2), None),
        ({"x": 33, "y": 71}, "point", (33, 71, 0, 0), [(33, 71)]),
        (
            {"type": "ellipse", "vertices": [(50, 10), (80, 25), (50, 40), (20, 25)]},
            "ellipse",
            (20, 10, 60, 30),
            None,
        ),
        (  # tilted by 45 degrees: half axes of 20 and 10
            {
                "type": "ellipse",
                "vertices": [
                    (100 + 20 * math.sqrt(0.5), 100 + 20 * math.sqrt(0.5)),
                    (100 - 10 * math.sqrt(0.5), 100 + 10 * math.sqrt(0.5)),
                    (100 - 20 * math.sqrt(0.5), 100 - 20 * math.sqrt(0.5)),
                    (100 + 10 * math.sqrt(0.5), 100 - 10 * math.sqrt(0.5)),
                ],
            },
            "ellipse",
            (100 - math.sqrt(250), 100 - math.sqrt(250), 2 * math.sqrt(250), 2 * math.sqrt(250)),
            None,
        ),
    ],
)
def test_other_shapes(
    annotation: dict[str, Any],
    kind: str,
    bounds: tuple[float, ...],
    points: list[tuple[float, float]] | None,
) -> None:
    if "vertices" in annotation:
        points = annotation["vertices"]
        annotation = {**annotation, "vertices": [{"x": x, "y": y} for x, y in points or ()]}
    (row,) = image(annotation)
    assert row["type"] == kind
    assert [row[name] for name in ("left", "top", "width", "height")] == pytest.approx(bounds)
    assert vertices(row) == points
    assert row["other"] is None


def test_a_cuboid_keeps_the_names_of_its_corners() -> None:
    edges = [{"x1": 100, "y1": 70, "x2": 320, "y2": 70, "type": "edge", "description": "face-top"}]
    (row,) = image({"type": "cuboid", "vertices": CUBOID, "edges": edges})
    assert vertices(row) == [(one["x"], one["y"]) for one in CUBOID]
    assert json.loads(row["other"]) == {"vertices": CUBOID, "edges": edges}
    assert (row["left"], row["width"]) == (100, 341)


def test_lines_of_old_tasks_are_lines() -> None:
    (row,) = image({"vertices": [{"x": 0, "y": 5}, {"x": 90, "y": 7}]}, kind="lineannotation")
    assert row["type"] == "line"


@pytest.mark.parametrize(
    "annotation",
    [
        {"type": "box", "left": 5},
        {"type": "box", "left": 1e300, "top": 0, "width": 1, "height": 1},
        {"type": "polygon", "vertices": [{"x": 1, "y": 2}]},
        {"type": "polygon", "vertices": [{"x": 2**70, "y": 10**400}]},
        {"type": "star", "vertices": "none"},
        {"type": ["box"]},
        {"id": "a", "start": 0, "end": 4, "text": "text", "label": "noun"},
        {"uuid": 5, "label": None, "attributes": None, "vertices": None, "frame": 3, "index": 9},
        {},
    ],
)
def test_what_is_no_shape_has_a_row_too(annotation: dict[str, Any]) -> None:
    (row,) = image(annotation)
    other = json.loads(row["other"] or "{}")
    for name, value in annotation.items():
        kept = row.get(name) if row.get(name) is not None and name not in other else other.get(name)
        if name == "vertices" and isinstance(kept, list) and name not in other:
            kept = [{axis: one[axis] for axis in "xy"} for one in kept]
        assert kept == value


@pytest.mark.parametrize(
    "vertices", [5, "none", [], [{"x": 10**400, "y": "3"}, "z"], [{"x": 2}], [{"x": 2, "y": 3}]]
)
def test_a_point_with_vertices_is_where_it_is(vertices: object) -> None:
    (row,) = image({"type": "point", "x": 1, "y": 2, "left": 5, "vertices": vertices})
    assert (row["type"], row["vertices"]) == ("point", [{"x": 1, "y": 2}])
    assert json.loads(row["other"]) == {"vertices": vertices}


def test_annotations_that_are_no_objects() -> None:
    rows = image("box", None, 5)
    assert [json.loads(row["other"]) for row in rows] == [
        {"value": "box"},
        {"value": None},
        {"value": 5},
    ]


@pytest.mark.parametrize(
    "response", [None, [], "text", {}, {"annotations": None}, {"category": "a"}]
)
def test_responses_without_annotations(response: Any) -> None:
    assert rows_of(of(response)) == []


def test_an_empty_stream_has_the_columns() -> None:
    assert annotation_reader([]).read_all().schema == ANNOTATIONS.schema()


def test_segments_and_fields() -> None:
    mapping = {"car": [{"index": 1, "color": "#ff0000"}, {"index": 2}], "road": {"index": 3}}
    rows = rows_of(of({"labelMapping": mapping, "annotations": {}}, "segmentannotation"))
    assert [(row["type"], row["label"], row["index"]) for row in rows] == [
        ("segment", "car", 0),
        ("segment", "car", 1),
        ("segment", "road", 2),
    ]
    assert json.loads(rows[1]["other"]) == {"index": 2}
    (field,) = rows_of(of({"annotations": {"url": "https://example.com"}}, "textcollection"))
    assert json.loads(field["other"]) == {"value": "https://example.com"}
    assert field["label"] == "url"


FRAMES = [{"annotations": [BOX, BOX]}, {"annotations": []}, {"annotations": [BOX]}]
KEYFRAMES = {
    "u1": {
        "label": "car",
        "geometry": "box",
        "frames": [
            {"key": 3, "timestamp": 0.5, "left": 1, "top": 2, "width": 3, "height": 4},
            {"key": 9, "left": 5, "top": 2, "width": 3, "height": 4},
        ],
    }
}
CAMERAS = [{"camera_responses": [{"camera_used": 2, "annotations": [BOX]}]}]
CUBOIDS = [{"cuboids": [{"uuid": "c", "label": "car", "position": {"x": 1, "y": 2, "z": 3}}]}]


@pytest.mark.parametrize(
    ("kind", "content", "frames"),
    [
        ("videoannotation", FRAMES, [(0, 0), (0, 1), (2, 0)]),
        ("videoplaybackannotation", KEYFRAMES, [(3, 0), (9, 0)]),
        ("videoplaybackannotation", [{"annotations": KEYFRAMES}], [(3, 0), (9, 0)]),
        ("videoplaybackannotation", {"annotations": KEYFRAMES}, [(3, 0), (9, 0)]),
        ("lidarannotation", CUBOIDS, [(0, 0)]),
        (
            "lidarlinking",
            [{"camera_responses": [{"camera_used": 2, "annotations": [BOX]}]}],
            [(0, 0)],
        ),
        ("videoannotation", "nonsense", []),
        ("videoannotation", [None, {"annotations": 5}], []),
    ],
)
def test_frames_behind_a_link(
    connect: Connect, kind: str, content: Any, frames: list[tuple[int, int]]
) -> None:
    service = TaskList()
    client = connect(service)
    # Files may end in NUL bytes.
    service.files["/results/1"] = Reply(json.dumps(content).encode() + b"\0\0")
    link = client.api.base_api_url.replace("/v1", "/results/1")
    service.tasks.append(task(1, DAY, type=kind, response={"annotations": {"url": link}}))
    table = client.to_arrow("parcels", table="annotations", download_results=True)
    rows = table.to_pylist()
    assert [(row["frame"], row["index"]) for row in rows] == frames
    if content is KEYFRAMES:
        assert [row["left"] for row in rows] == [1, 5]
        assert {(row["uuid"], row["type"], row["label"]) for row in rows} == {("u1", "box", "car")}
    with pytest.warns(UserWarning, match="annotations of 1 tasks are behind links"):
        assert client.to_arrow("parcels", table="annotations").num_rows == 0


def test_a_result_that_is_no_json(connect: Connect) -> None:
    service = TaskList()
    client = connect(service)
    service.files["/results/1"] = Reply(b"<html>")
    link = client.api.base_api_url.replace("/v1", "/results/1")
    service.tasks.append(
        task(1, DAY, type="videoannotation", response={"annotations": {"url": link}})
    )
    service.tasks.append(task(2, DAY, response={"annotations": [{"type": "box"}]}))
    with pytest.warns(UserWarning, match=f"task {1:024x} could not be read .ScaleBadResponse"):
        table = client.to_arrow("parcels", table="annotations", download_results=True)
    assert table["task_id"].to_pylist() == [f"{2:024x}"]


@pytest.mark.parametrize("status", [401, 403, 404, 500])
def test_a_dead_link_leaves_out_its_annotations_only(connect: Connect, status: int) -> None:
    service, host = TaskList(), TaskList()
    client, files = connect(service).with_options(max_retries=0), connect(host)
    link = files.api.base_api_url.replace("/v1", "/results/1")
    host.files["/results/1"] = Reply({"error": "no"}, status)
    service.tasks = [
        task(1, DAY, type="videoannotation", response={"annotations": {"url": link}}),
        task(2, DAY, response={"annotations": [{"type": "box"}]}),
    ]
    with pytest.warns(UserWarning, match=f"task {1:024x} could not be read .*{status}"):
        table = client.to_arrow("parcels", table="annotations", download_results=True)
    assert table["task_id"].to_pylist() == [f"{2:024x}"]


def test_a_key_that_the_service_rejects_ends_the_table(connect: Connect) -> None:
    service = TaskList(files={"/results/1": Reply({"error": "no"}, 401)})
    client = connect(service)
    link = client.api.base_api_url.replace("/v1", "/results/1")
    service.tasks = [task(1, DAY, type="videoannotation", response={"annotations": {"url": link}})]
    with pytest.raises(ScaleUnauthorized):
        client.to_arrow("parcels", table="annotations", download_results=True)


def test_a_number_of_a_frame_that_a_column_cannot_hold() -> None:
    frames = [{"key": key, "left": 1, "top": 2, "width": 3, "height": 4} for key in (7, 2**70)]
    tracks = {"u1": {"geometry": "box", "label": "car", "frames": frames}}
    rows = rows_of(of({"annotations": [{"annotations": tracks}]}, "videoplaybackannotation"))
    assert [(row["frame"], json.loads(row["other"])["key"]) for row in rows] == [
        (7, 7),
        (None, 2**70),
    ]


def test_frames_in_the_response() -> None:
    rows = rows_of(of({"annotations": FRAMES}, "videoboxannotation"))
    assert [row["frame"] for row in rows] == [0, 0, 2]


def test_batches_come_page_by_page(connect: Connect) -> None:
    service = TaskList(spread(3_000))
    stream = connect(service).iter_arrow("parcels")
    assert next(iter(stream)).num_rows == 500
    assert service.pages < 15


def test_pandas_reads_the_stream(connect: Connect) -> None:
    import pandas as pd

    client = connect(TaskList(spread(5)))
    frame = client.to_arrow("parcels").to_pandas()
    assert frame["created_at"].dt.tz is not None
    assert list(frame["task_id"]) == [f"{number:024x}" for number in range(4, -1, -1)]
    assert isinstance(frame, pd.DataFrame)


def test_the_stream_speaks_the_interface_of_arrow(connect: Connect) -> None:
    """What pandas, polars, duckdb and others ask for."""

    class Foreign:
        def __init__(self, stream: Any) -> None:
            self.stream = stream

        def __arrow_c_stream__(self, requested_schema: object = None) -> object:
            return self.stream.__arrow_c_stream__(requested_schema)

    stream = connect(TaskList(spread(5))).iter_arrow("parcels")
    assert pa.table(Foreign(stream)).num_rows == 5


@pytest.fixture
def labeled(connect: Connect) -> ScaleClient:
    """A client of five tasks, of which two have annotations."""
    service = TaskList(spread(5))
    service.tasks[0]["response"] = {"annotations": [{**BOX, "label": "a"}, {**BOX, "label": "b"}]}
    service.tasks[1]["response"] = {"annotations": [{**BOX, "label": "a"}]}
    return connect(service)


@pytest.mark.parametrize("method", ["iter_arrow", "to_arrow"])
def test_polars_reads_it(labeled: ScaleClient, method: str) -> None:
    polars = pytest.importorskip("polars")
    tasks = polars.DataFrame(getattr(labeled, method)("parcels"))
    assert tasks["task_id"].to_list() == [f"{number:024x}" for number in range(4, -1, -1)]
    assert tasks["created_at"].to_list()[-1] == DAY
    found = polars.DataFrame(getattr(labeled, method)("parcels", table="annotations"))
    counts = dict(found.group_by("label").len().iter_rows())
    assert counts == {"a": 2, "b": 1}
    assert found["width"].to_list() == [120.0] * 3
    corners = [(corner["x"], corner["y"]) for corner in found["vertices"].to_list()[0]]
    assert corners == CORNERS


@pytest.mark.parametrize("method", ["iter_arrow", "to_arrow"])
def test_duckdb_reads_it(labeled: ScaleClient, method: str) -> None:
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect() as database:
        # The name of a local variable is that of a table.
        tasks = getattr(labeled, method)("parcels")
        row = database.execute("select count(distinct task_id), epoch(min(created_at)) from tasks")
        assert row.fetchall() == [(5, DAY.timestamp())]
        found = getattr(labeled, method)("parcels", table="annotations")
        rows = database.execute(
            "select label, count(*), sum(width) from found group by label order by label"
        )
        assert rows.fetchall() == [("a", 2, 240.0), ("b", 1, 120.0)]
        del tasks, found


@pytest.mark.parametrize("name", ["polars", "duckdb"])
def test_an_error_of_the_service_ends_their_reading(connect: Connect, name: str) -> None:
    """Half of the tasks must not look like all of them."""
    module = pytest.importorskip(name)
    service = TaskList(spread(300))

    def fail(number: int) -> None:
        if number > 1:
            raise ConnectionError

    service.before_page = fail
    stream = connect(service).with_options(max_retries=0).iter_arrow("parcels", limit=100)

    def read() -> object:
        if name == "polars":
            return module.DataFrame(stream)
        return module.sql("select count(*) from stream").fetchall()

    # Each has an error class of its own for this.
    with pytest.raises(Exception, match=r"127\.0\.0\.1"):
        read()


def test_errors_come_out_of_the_stream(connect: Connect) -> None:
    service = TaskList(spread(300))

    def fail(number: int) -> None:
        if number > 1:
            raise ConnectionError

    service.before_page = fail
    client = connect(service).with_options(max_retries=0)
    with pytest.raises(ScaleConnectionError):
        client.to_arrow("parcels")


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"project": "parcels", "table": "boxes"}, "table must be 'tasks' or 'annotations'"),
        ({"project": None}, "project or batch_name must be given"),
        ({"project": "parcels", "stauts": "x"}, "stauts"),
        ({"project": "parcels", "download_results": "maybe"}, "download_results"),
    ],
)
def test_bad_arguments_are_named(arguments: dict[str, Any], named: str) -> None:
    with pytest.raises(ScaleArgumentError, match=named):
        CLIENT.iter_arrow(**arguments)


def test_without_pyarrow_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(ImportError, match=r"pip install \"scaleapi\[arrow\]\""):
        CLIENT.iter_arrow("parcels")
    with pytest.raises(ImportError, match=r"scaleapi\[arrow\]"):
        CLIENT.export_tasks("parcels", "out", format="parquet")


@pytest.mark.parametrize("levels", [*range(930, 1030, 4)])
def test_a_task_of_many_levels_has_a_table(connect: Connect, levels: int) -> None:
    """Python counts the calls under way as levels of JSON, and a table is made in deeper ones."""
    [deep] = spread(1)
    deep["metadata"] = {"deep": json.loads("[" * 400 + "]" * 400)}
    body = json.dumps({"docs": [deep], "total": 1, "limit": 100, "has_more": False})
    body = body.replace("[" * 400, "[" * levels).replace("]" * 400, "]" * levels)
    client = connect(lambda _request: Reply(body.encode()))
    try:
        assert len(list(client.get_tasks("parcels"))) == 1
        table = client.to_arrow("parcels")
    except ScaleBadResponse:  # too deep to be read, or with orjson, to be written
        assert levels > 960
        return
    assert table["metadata"].to_pylist() == [f'{{"deep":{"[" * levels}{"]" * levels}}}']
