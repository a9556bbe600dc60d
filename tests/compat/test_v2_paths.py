"""The import paths of the v2 API in the released package."""

from __future__ import annotations

import importlib
import json
import pickle
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import scaleapi
from scaleapi import v2
from scaleapi.api_client.v2 import exceptions, models
from scaleapi.exceptions import ExceptionMap, ScaleException

DEFS: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "data" / "v2.schema.json").read_text("utf-8")
)["$defs"]

#: The modules of models, where a rule of their names is not enough to be sure.
NAMED = {
    "V1TaskTaskIdGet200ResponseResponse": "v1_task_task_id_get200_response_response",
    "GetDatasetTaskResponseUrl404Response": "get_dataset_task_response_url404_response",
    "GenAIProjectType": "gen_ai_project_type",
    "AnnotationBoolean": "annotation_boolean",
    "Task": "task",
}

OTHERS = {
    "scaleapi.api_client.v2.api": "V2Api",
    "scaleapi.api_client.v2.api.v2_api": "V2Api",
    "scaleapi.api_client.v2.api_client": "ApiClient",
    "scaleapi.api_client.v2.api_response": "ApiResponse",
    "scaleapi.api_client.v2.configuration": "Configuration",
    "scaleapi.api_client.v2.exceptions": "ApiException",
}


def module_of(name: str) -> str:
    words = re.findall(r"[A-Z]+(?=[A-Z][a-z])|[A-Z][a-z]*\d*", name)
    return "scaleapi.api_client.v2.models." + "_".join(words).lower()


@pytest.mark.parametrize("name", DEFS)
def test_model(name: str) -> None:
    module = importlib.import_module(module_of(name))
    assert getattr(module, name) is getattr(models, name)
    assert getattr(models, name) is getattr(v2, name, getattr(models, name))
    everything: dict[str, Any] = {}
    exec(
        f"from {module.__name__} import {name} as it; import {module.__name__} as there", everything
    )
    assert everything["it"] is getattr(everything["there"], name)


def test_names_of_modules() -> None:
    assert len(DEFS) == 119
    assert {name: module_of(name).rpartition(".")[2] for name in NAMED} == NAMED


@pytest.mark.parametrize(("path", "name"), OTHERS.items())
def test_other_module(path: str, name: str) -> None:
    assert getattr(importlib.import_module(path), name) is getattr(
        importlib.import_module("scaleapi.api_client.v2"), name
    )


@pytest.mark.parametrize("name", ["V2Api", "ApiClient", "Configuration", "Option"])
def test_a_name_of_the_package(name: str) -> None:
    assert getattr(scaleapi, name) is getattr(v2, name)
    assert scaleapi.V2Task is v2.Task
    assert scaleapi.ExpandableEnumTask is v2.ExpandableEnumTask
    with pytest.raises(AttributeError, match="has no attribute 'V2Tusk'"):
        _ = scaleapi.V2Tusk  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]


@pytest.mark.parametrize(
    "program",
    [
        "import scaleapi.api_client.v2.models.task as m; print(m.Task.__name__)",
        "from scaleapi.api_client.v2.models.task import Task; print(Task.__name__)",
        "import scaleapi; print(scaleapi.api_client.v2.models.task.Task.__name__)",
        "import scaleapi; print(scaleapi.v2.Task.__name__)",
        "from scaleapi import V2Task; print(V2Task.__name__)",
    ],
)
def test_first_import_of_a_program(program: str) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("Task\n", "")


def test_objects_of_old_paths_can_be_pickled() -> None:
    made = models.V1TaskTaskIdGet200Response(task_id="t")
    assert pickle.loads(pickle.dumps(made)) == made


def test_isinstance_works_with_unions() -> None:
    task = v2.Task.from_dict({"project": "project_1", "batch": {"id": "batch_1"}})
    assert isinstance(task.project, models.ExpandableProject)
    assert isinstance(task.batch, models.ExpandableBatch)
    assert not isinstance(task.batch, models.ExpandableProject)
    assert models.DetailedFile is v2.DetailedFile


CAUGHT = {
    400: "BadRequestException",
    401: "UnauthorizedException",
    402: "ApiException",
    403: "ForbiddenException",
    404: "NotFoundException",
    409: "ConflictException",
    422: "UnprocessableEntityException",
    429: "ApiException",
    500: "ServiceException",
    502: "ServiceException",
    503: "ServiceException",
    504: "ServiceException",
}


@pytest.mark.parametrize(("status", "name"), CAUGHT.items())
def test_the_old_exception_of_a_status_catches(status: int, name: str) -> None:
    error = ExceptionMap[status]("failed", status)
    for one in {name, "ApiException", "OpenApiException"}:
        with pytest.raises(getattr(exceptions, one)):
            raise error
    others = {one for one in CAUGHT.values() if one not in (name, "ApiException")}
    others -= {"BadRequestException"} if status == 422 else set()
    assert not [one for one in others if isinstance(error, getattr(exceptions, one))]


def test_old_exception_names_catch_bad_arguments() -> None:
    with pytest.raises(exceptions.ApiValueError):
        v2.CreateBatchRequest(name=5)
    assert issubclass(exceptions.ApiException, ScaleException)
