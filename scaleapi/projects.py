"""Projects, which define the type and the common parameters of their tasks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ._arguments import flag_of, is_given, object_of, text_of
from ._enums import TaskType
from ._http.call import Deadline
from ._http.recovery import get_or_create
from ._http.response import JSONObject
from ._http.url import path
from ._model.fields import Computed, Field
from ._model.objects import ApiObject
from .api import Resource
from .exceptions import ScaleArgumentError
from .tasks.parameters import ParameterCheck

__all__ = ["Project", "ProjectMethods", "TaskTemplate"]

#: What ``update_project`` takes besides parameters.
_PATCH = frozenset({"patch"})


class TaskTemplate(ApiObject):
    """The template of a project of type text collection or chat."""

    _required = ("id",)
    _identity = "id"
    _shown = ("id", "version")

    id = Field[str]("id", "The template's id.")
    version = Field[int]("version", "The template's version.")
    created_at = Field[str]("created_at", "When it was created, ISO 8601 in UTC.")
    updated_at = Field[str]("updated_at", "When it last changed.")
    template_variables = Field[JSONObject](
        "template_variables", "The variables that tasks provide values for."
    )
    response_schema = Field[JSONObject | None]("response_schema", "The schema of responses.")

    @Computed
    def auto_onboard_enabled(self) -> bool:
        """Whether labelers are onboarded without a review."""
        return bool(self._json.get("auto_onboard_enabled", False))

    def get_template_variables(self) -> JSONObject:
        """Return the variables that tasks provide values for."""
        return self.template_variables

    def get_response_schema(self) -> JSONObject | None:
        """Return the schema of responses, if the service sends it."""
        return self.response_schema

    def is_auto_onboardable(self) -> bool:
        """Return whether labelers are onboarded without a review."""
        return self.auto_onboard_enabled


class Project(ApiObject):
    """A project (https://scale.com/docs/api-reference/projects).

    Example:
        >>> project = client.get_project("parcels")
        >>> project.version, project.instruction
        (1, 'Box parcels tightly')
    """

    _required = ("name",)
    _identity = "name"
    _shown = ("name", "type", "version")
    _client: ProjectMethods

    name = Field[str]("name", "The project's name, unique in the account.")
    type = Field[str]("type", "The type of all its tasks; see TaskType for known values.")
    created_at = Field[str | None]("created_at", "When it was created, ISO 8601 in UTC.")
    archived = Field[bool | None]("archived", "Whether it is archived.")
    param_history = Field[list[JSONObject] | None](
        "param_history", "Every version of the parameters, oldest first."
    )

    def __init__(self, json: JSONObject, client: ProjectMethods) -> None:
        super().__init__(json, client)

    def _latest(self) -> JSONObject:
        history = self._json.get("param_history")
        latest = history[-1] if isinstance(history, list) and history else None
        return latest if isinstance(latest, dict) else {}

    @Computed
    def params(self) -> JSONObject | None:
        """The latest version of the parameters; ``None`` if there is none."""
        return self._latest() or None

    @Computed
    def version(self) -> int | None:
        """The number of the latest version, starting at 0."""
        return self._latest().get("version")

    @Computed
    def instruction(self) -> str | None:
        """The instruction for labelers, in Markdown."""
        return self._latest().get("instruction")

    def _repr_html_(self) -> str:
        from ._notebook import project_card  # noqa: PLC0415 - only notebooks need it

        return project_card(type(self).__name__, self._identity, self._json)

    def get_template(self) -> TaskTemplate:
        """Return the project's template; see :meth:`ScaleClient.get_project_template`."""
        return self._client.get_project_template(self.name)


class ProjectMethods(Resource):
    """The calls about projects."""

    def create_project(
        self,
        project_name: str,
        task_type: TaskType | str,
        params: Mapping[str, Any] | None = None,
        rapid: bool = False,
        studio: bool = False,
        dataset_id: str | None = None,
    ) -> Project:
        """Create a project.

        Args:
            project_name: The project's name, unique in the account.
            task_type: The type of all its tasks; it cannot be changed.
            params: Parameters that its tasks inherit, such as ``instruction``.
            rapid: Whether it is a Rapid project.
            studio: Whether it is a Studio project.
            dataset_id: A Nucleus dataset to link it to.

        Raises:
            ScaleDuplicateResource: If the name is already used.

        Example:
            >>> client.create_project("parcels", TaskType.ImageAnnotation, rapid=True)
            Project(name='parcels', type='imageannotation', version=0)
        """
        return self._create_project(
            _body(project_name, task_type, params, rapid, studio, dataset_id)
        )

    def _create_project(self, body: JSONObject, **limit: Any) -> Project:
        names: JSONObject = body["params"] or {}
        check = ParameterCheck(self, body["type"], is_project=True)
        check.check(names)
        with check.explained(names):
            return Project._from(self.api.post_request("projects", body=body, **limit), self)

    def ensure_project(
        self,
        project_name: str,
        task_type: TaskType | str,
        params: Mapping[str, Any] | None = None,
        rapid: bool = False,
        studio: bool = False,
        dataset_id: str | None = None,
    ) -> Project:
        """Return the project of this name, which is created if there is none.

        Safe when several programs do it at once, and when a response is lost. A project that is
        there is returned as it is, whatever its parameters are.

        Args:
            project_name: The project's name.
            task_type: The type of its tasks.
            params: Parameters that it is created with; see :meth:`create_project`.
            rapid: Whether it is created as a Rapid project.
            studio: Whether it is created as a Studio project.
            dataset_id: A Nucleus dataset that it is created with.

        Raises:
            ScaleArgumentError: The project is there and has another type.

        Example:
            >>> client.ensure_project("parcels", TaskType.ImageAnnotation, rapid=True)
            Project(name='parcels', type='imageannotation', version=0)
        """
        body = _body(project_name, task_type, params, rapid, studio, dataset_id)
        wanted = body["type"]
        deadline = Deadline(self.api.options.deadline)
        endpoint = path("projects/{project_name}", project_name=project_name)
        project = get_or_create(
            lambda: Project._from(self.api.get_request(endpoint, deadline=deadline), self),
            lambda: self._create_project(body, deadline=deadline),
        )
        if project.type != wanted:
            raise ScaleArgumentError(
                "task_type",
                f"must be {project.type!r}, the type of the project {project.name!r} that exists,"
                f" not {wanted!r}; or give another project_name",
            )
        return project

    def get_project(self, project_name: str) -> Project:
        """Return a project.

        Args:
            project_name: The project's name.

        Raises:
            ScaleResourceNotFound: If there is no such project.
        """
        endpoint = path("projects/{project_name}", project_name=project_name)
        return Project._from(self.api.get_request(endpoint), self)

    def projects(self, *, archived: bool | None = None) -> list[Project]:
        """Return all projects.

        Args:
            archived: ``True`` for archived projects only, ``False`` for other projects only. By
                default, all projects are returned.
        """
        query = {"archived": flag_of("archived", archived) if is_given(archived) else None}
        return Project._list_from(self.api.get_request("projects", params=query), self)

    get_projects = projects

    def get_project_template(self, project_name: str) -> TaskTemplate:
        """Return the template of a project of type text collection or chat.

        Args:
            project_name: The project's name.

        Raises:
            ScaleInvalidRequest: If the project is of another type.
            ScaleResourceNotFound: If there is no such project, or it has no template.
        """
        endpoint = path("projects/{project_name}/taskTemplates", project_name=project_name)
        return TaskTemplate._from(self.api.get_request(endpoint), self)

    def update_project(self, project_name: str, **kwargs: Any) -> Project:
        """Add a new version of a project's parameters. Existing tasks keep their version.

        Not idempotent: the call is retried only if the service cannot have processed it.

        Args:
            project_name: The project's name.
            **kwargs: The parameters. With ``patch=True``, other parameters are kept. Otherwise,
                they are removed, so a call without parameters removes all of them.

        Example:
            >>> client.update_project("parcels", patch=True, instruction="Box tightly").version
            1
        """
        if "patch" in kwargs:
            kwargs["patch"] = flag_of("patch", kwargs["patch"], default=False)
        endpoint = path("projects/{project_name}/setParams", project_name=project_name)
        check = ParameterCheck(self, None, also=_PATCH, is_project=True)
        check.check(kwargs)
        with check.explained(kwargs):
            return Project._from(self.api.post_request(endpoint, body=kwargs), self)


def _body(
    project_name: str,
    task_type: TaskType | str,
    params: Mapping[str, Any] | None,
    rapid: bool,
    studio: bool,
    dataset_id: str | None,
) -> JSONObject:
    return {
        "type": text_of("task_type", task_type),
        "name": text_of("project_name", project_name),
        "params": object_of("params", params) if is_given(params) else None,
        "rapid": flag_of("rapid", rapid, default=False),
        "studio": flag_of("studio", studio, default=False),
        "datasetId": text_of("dataset_id", dataset_id) if is_given(dataset_id) else None,
    }
