"""Each of the 25 operations of v2 in code for scaleapi 2.18.4: python operations.py URL KEY.

Prints a line of JSON for each: what it gives, or the class of what it raises.
"""

import json
import re
import sys
from datetime import datetime, timezone
from enum import Enum
from typing import Any

from scaleapi import ScaleClient
from scaleapi.api_client.v2 import (
    BatchOperationRequest,
    CreateBatchRequest,
    CreateChatTaskRequest,
    ExpandableEnumTask,
    Option,
    SetBatchMetadataRequest,
    TaskStatus,
)

url, key = sys.argv[1:]
client = ScaleClient(key, "peer", api_instance_url=url)
client.v2.api_client.configuration.host = url.removesuffix("/v1")  # 2.18.4 has its own otherwise
v2 = client.v2

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
DETAILS = [Option.ANNOTATION_DETAILS]


def plain(value: Any) -> Any:
    """A result as JSON, without nulls, which 2.18.4 omits."""
    if hasattr(value, "to_dict"):
        return plain(value.to_dict())
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items() if one is not None}
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, str) and TIME.fullmatch(value):
        value = datetime.strptime(value, "%Y-%m-%dT%H:%M:%S.%f%z")
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).isoformat()
    return value.value if isinstance(value, Enum) else value


def attempt(name: str, *args: Any, **kwargs: Any) -> Any:
    """Make a call and print its result or error."""
    try:
        result = getattr(v2, name)(*args, **kwargs)
    except Exception as error:  # noqa: BLE001 - 2.18.4 raises what it likes
        print(json.dumps({"operation": name, "failed": type(error).__name__}))
        return None
    print(json.dumps({"operation": name, "told": plain(result)}, sort_keys=True))
    return result


def annotation_ids(value: Any) -> list[str]:
    """The ids of the annotations in raw JSON."""
    if isinstance(value, list):
        return [found for one in value for found in annotation_ids(one)]
    if not isinstance(value, dict):
        return []
    own = [one["id"] for one in value.get("annotations", ()) if "id" in one]
    return own + [found for one in value.values() for found in annotation_ids(one)]


# Projects and batches
attempt("get_projects")
project = attempt("get_project", project_name="dialogues")
attempt("create_batch", CreateBatchRequest(name="b", project_id=project.id, staging_batch=True))
which = BatchOperationRequest(batch_name="b")
attempt("finalize_batch", which)
attempt("pause_batch", which)
attempt("resume_batch", which)
attempt("set_batch_metadata", SetBatchMetadataRequest(batch_name="b", metadata={"a": {"b": 1}}))
attempt("get_batch", batch_name="b", expand=["project"])
attempt("get_batches", project_id=project.id, limit=1)
attempt("cancel_batch", which)

# Tasks
made = attempt(
    "create_chat_task",
    CreateChatTaskRequest(project_name="pending", template_variables={"prompt": "Which river?"}),
)
attempt("set_task_metadata", {"task_id": made.task_id, "metadata": {"row": 1}, "merge": True})
attempt("get_tasks", project_name="dialogues", status=TaskStatus.COMPLETED, opts=DETAILS, limit=2)

# Deliveries
(delivery,) = attempt("get_deliveries", project_name="dialogues", expand=["project"]).deliveries
attempt("get_delivery", delivery.id, expand=["delivery", "batch"], opts=DETAILS)
docs = attempt("get_delivery_tasks", project_name="dialogues").docs
attempt("get_schema", docs[0].response_schema_id)
attempt("get_task", docs[0].task_id, expand=list(ExpandableEnumTask), opts=list(Option))
for annotation_id in annotation_ids(docs[0].response):
    attempt("get_annotation", annotation_id)

# Datasets
attempt("get_datasets")
(delivery,) = attempt("get_dataset_deliveries", expand=["dataset"]).deliveries
attempt("get_dataset_delivery", delivery.id, expand=["delivery"])
(task,) = attempt("get_dataset_tasks", delivery_id=delivery.id).tasks
attempt("get_dataset_task", task.task_id, expand=["dataset", "delivery"])
attempt("get_dataset_task_response_url", task.task_id, "a_1")
