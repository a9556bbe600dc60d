"""Arguments that 2.18.4 takes besides those of its documentation: python drop_in.py URL KEY.

Each line prints what a call gives, or the kind of its error.
"""

import enum
import io
import sys
import tempfile
import uuid
from collections import deque
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

import scaleapi
from scaleapi.batches import BatchStatus
from scaleapi.exceptions import ScaleException
from scaleapi.tasks import TaskReviewStatus, TaskStatus, TaskType
from scaleapi.teams import TeammateRole

url, key = sys.argv[1:]
client = scaleapi.ScaleClient(key, "peer", api_instance_url=url)


class Text(str, enum.Enum):
    PROJECT = "cars"


class Number(enum.IntEnum):
    TWO = 2


def shown(result):
    """The parts of a result that are the same in each run."""
    if hasattr(result, "__next__"):
        result = list(result)
    if isinstance(result, list):
        return sorted(map(shown, result))
    kind = type(result).__name__
    names = {"Task": "unique_id", "Batch": "name", "Project": "name", "Teammate": "email"}
    if kind in names:
        return getattr(result, names[kind], f"a {kind.lower()}")
    return result.as_dict().get("size") if kind == "File" else result


def attempt(label, call, *args, **kwargs):
    """Make a call and print its result or error."""
    try:
        print(label, shown(call(*args, **kwargs)))
    except ScaleException as error:
        print(label, "ScaleException", error.code)
    except (ValueError, AttributeError) as error:
        print(label, type(error).__name__)


BOX = {"box": {"objects_to_annotate": ["car"]}}
client.create_project("cars", TaskType.ImageAnnotation, {"geometries": BOX})
client.create_project("7", TaskType.ImageAnnotation, {"geometries": BOX})


def create(**more):
    return client.create_task(
        TaskType.ImageAnnotation,
        project="cars",
        attachment="https://example.com/car.png",
        geometries=BOX,
        **more,
    )


# Options of a batch
for label, callback in {"None": None, "empty": "", "URL": "https://example.com/b"}.items():
    attempt(f"callback {label}", client.create_batch, "cars", f"b-{label}", callback)
attempt("metadata {}", client.create_batch, "cars", "b-{}", metadata={})
attempt("flags 0 and 1", client.get_batches, "cars", exclude_archived=0)
attempt("batch of a number", client.get_batches, 7)

task = create(unique_id="a", tags=["x"], metadata={"ratio": 0.5})
create(unique_id="b", tags=["x", "y"])
create(unique_id="5", tags=["5"])
begin = datetime.now(timezone.utc) - timedelta(days=1)

# Filters that are not given, and filters in forms of their own
NOTHING = {"None": None, "text": "", "list": [], "tuple": (), "set": set(), "dict": {}}
FILTERS = ["batch_name", "unique_id", "tags", "created_after", "completed_before"]
for label, nothing in NOTHING.items():
    for name in FILTERS:
        attempt(f"{name} {label}", client.get_tasks, "cars", **{name: nothing})
    attempt(f"batches {label}", client.get_batches, nothing, created_after=nothing)
    for name in ("task_type", "status", "review_status", "limit", "limited_response"):
        attempt(f"{name} {label}", client.get_tasks, "cars", **{name: nothing})
for name in ("task_type", "status", "review_status", "limit", "limited_response"):
    attempt(f"{name} False", client.get_tasks, "cars", **{name: False})
attempt("limit 0", client.get_tasks, "cars", limit=0)
for limit in ("100", "1", 2, Number.TWO, Decimal(2), Fraction(2)):
    attempt(f"limit {type(limit).__name__}", client.tasks, project="cars", limit=limit)
for limit in (-1, 101, "x", 1.5, True, ["x"], {"a": 1}):
    attempt(f"limit {limit}", client.tasks, project="cars", limit=limit)
for flag in (True, False, "true", "false", "True", "FALSE", 1, 0, "1", "0", None):
    attempt(f"flag {flag!r}", client.get_tasks, "cars", include_attachment_url=flag)
SEVERAL = {
    "list": ["a", "b"],
    "tuple": ("a", "b"),
    "set": {"a", "b"},
    "frozenset": frozenset("ab"),
    "deque": deque("ab"),
    "generator": (name for name in "ab"),
    "keys": {"a": 1, "b": 2}.keys(),
    "map": map(str.lower, "AB"),
    "bytes": [b"a"],
    "text": "a",
    "a byte": b"a",
    "number": 5,
    "numbers": [5],
    "decimal": Decimal(5),
    "fraction": Fraction(5),
    "nobody": uuid.UUID(int=1),
    "uuids": [uuid.UUID(int=1)],
}
for label, several in SEVERAL.items():
    attempt(f"unique_id {label}", client.get_tasks, "cars", unique_id=several)
attempt("tags", client.get_tasks, "cars", tags=("y", "5"))
attempt("tag", client.get_tasks, "cars", tags="y")
for project in ("cars", Text.PROJECT.value, b"cars", ["cars"], ("cars",), {"cars"}):
    attempt(f"project {type(project).__name__}", client.get_tasks, project)
for after in (begin.isoformat(), begin, begin.date(), date(2030, 1, 1), begin.replace(tzinfo=None)):
    attempt("created_after", client.get_tasks, "cars", created_after=after)
for reviews in (TaskReviewStatus.Fixed, [TaskReviewStatus.Fixed, TaskReviewStatus.Accepted]):
    attempt("review_status", client.get_tasks, "cars", review_status=reviews)
attempt("status", client.get_tasks, "cars", status=TaskStatus.Canceled)
attempt("count", client.get_tasks_count, "cars", unique_id="", tags=[])
attempt("batch status", client.get_batches, "cars", BatchStatus.Completed)

# Values of numpy
for value in (
    np.str_("a"),
    np.array(["a", "b"]),
    np.array([5, 6]),
    np.int64(5),
    np.bytes_(b"a"),
):
    attempt("numpy unique_id", client.get_tasks, "cars", unique_id=value)
attempt("numpy limit", client.tasks, project="cars", limit=np.int64(2))
attempt("numpy project", client.get_tasks, np.int64(7))
for value in (np.bool_(True), np.bool_(False)):
    attempt("numpy flag", client.get_tasks, "cars", include_attachment_url=value)
attempt("numpy id", client.get_batch, np.str_("b-None"))
attempt("numpy time", client.tasks, project="cars", start_time=np.datetime64("2020-01-01"))

# Attributes that the service left out
print("batch" in task.as_dict(), hasattr(task, "batch"), "x" in getattr(task, "tags", []))
attempt("absent", lambda: task.batch)
attempt("absent", lambda: getattr(task, "batch", "default"))
print(task._json is task.as_dict(), task._json["unique_id"])
untagged = create()
print(hasattr(untagged, "response"), "x" in getattr(untagged, "tags", []))
print(hasattr(untagged, "nonsense"), "x" in getattr(untagged, "nonsense", []))

# Flags and texts of calls about one task
attempt("cancel None", client.cancel_task, untagged.id, None)
attempt("cancel ''", client.cancel_task, untagged.id, "")
attempt("cancel 0", client.cancel_task, untagged.id, 0)
attempt("cancel 1", client.cancel_task, task_id=untagged.id, clear_unique_id=1)
attempt("Task.cancel None", untagged.cancel, None)
attempt("tags of a tuple", client.set_task_tags, task.id, ("p", "q"))
attempt("tags", lambda: client.get_task(task.id).tags)
attempt("metadata of JSON", client.set_task_metadata, task.id, {"n": None, "l": [1.5]})
attempt("metadata", lambda: client.get_task(task.id).metadata)
attempt("new unique id", client.update_task_unique_id, task.id, "z")
attempt(
    "raw unique id",
    lambda: client.api.post_request(f"task/{task.id}/unique_id", body={"unique_id": "a"})[
        "unique_id"
    ],
)

# Files
path = Path(tempfile.mkdtemp()) / "a.csv"
with path.open("w", encoding="utf-16", newline="") as file:
    file.write("a,ä\r\n図\r\n")


def upload(label, file, **fields):
    attempt(f"upload {label}", client.upload_file, file, project_name="cars", **fields)


upload("StringIO", io.StringIO("a,b\n"))
upload("BytesIO", io.BytesIO(b"a,b\n"))
upload("bytes", b"a,b\n")
upload("bytearray", bytearray(b"a,b\n"))
upload("memoryview", memoryview(b"a,b\n"))
upload("pair", ("a.csv", io.BytesIO(b"a,b\n")))
upload("triple", ("a.csv", b"a,b\n", "text/csv"))
with path.open(encoding="utf-16") as file:
    file.read(2)
    upload("text", file)
with path.open("rb") as file:
    upload("file", file, display_name="A", metadata='{"a": 1}')
several = client.upload_file(io.BytesIO(b"x"), project_names=["cars", "7"])
print("repeated field", several.as_dict().get("project_names"))
several = client.upload_file(io.BytesIO(b"x"), project_names=("cars",), project_name=None)
print("repeated field", several.as_dict().get("project_names"))

# Calls of the client's api, and names that its own tests use
while client.get_task(task.id).status == "pending":
    pass
attempt("raw audit", client.api.post_request, f"task/{task.id}/audit", body={"accepted": True})
attempt(
    "raw filter", lambda: client.api.get_request("tasks", {"project": "cars", "limit": 1})["limit"]
)
attempt(
    "raw empty",
    lambda: client.api.get_request("tasks", {"project": "cars", "limit": None})["total"],
)
found = client._process_tasks_endpoint_args(batch_name="b")
print(found["project"], found["batch"], sorted(found))
several_filters: tuple[dict[str, Any], ...] = (
    {"status": TaskStatus.Completed},
    {"task_type": TaskType.ImageAnnotation, "review_status": TaskReviewStatus.Fixed},
    {"limited_response": True, "include_attachment_url": False},
)
for given in several_filters:
    print(sorted(client._process_tasks_endpoint_args("p", **given).items(), key=str))
found = client._process_tasks_endpoint_args("p", unique_id=["u"], tags="t", created_after="2020")
print(found["project"], found["batch"], found["unique_id"], found["tags"], found["start_time"])
for neither in (
    client._process_tasks_endpoint_args,
    lambda: list(client.get_tasks()),
    lambda: list(client.get_tasks("", "")),
    lambda: client.get_tasks_count(status=TaskStatus.Completed),
):
    try:
        print("neither", neither())
    except ValueError:
        print("neither ValueError")

# Settings
for proxies in ({"http": None, "https": ""}, {}, None, {"http": ""}):
    other = scaleapi.ScaleClient(key, api_instance_url=url, proxies=proxies)
    attempt(f"proxies {proxies}", other.get_tasks_count, "cars")
for source in (None, "", "program"):
    other = scaleapi.ScaleClient(key, source, url)
    attempt(f"source {source}", other.get_tasks_count, "cars")

# Teams and Studio
attempt("emails", client.invite_teammates, ("ann@example.com",), TeammateRole.Member)
