"""Studio: assigning your own team to projects and batches (live keys only)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ._arguments import strings_of, text_of
from ._enums import StringEnum
from ._http.response import JSONObject, bad_response
from ._http.url import path
from ._model.fields import Computed, Field
from ._model.objects import ApiObject
from .api import Resource

__all__ = [
    "StudioBatch",
    "StudioBatchStatus",
    "StudioLabelerAssignment",
    "StudioMethods",
    "StudioProjectGroup",
    "StudioWorker",
]


class StudioBatchStatus(StringEnum):
    """Known types of Studio batches. The class name is kept from scaleapi 2."""

    Production = "Production"


class StudioLabelerAssignment(ApiObject):
    """The projects that a labeler is assigned to.

    Args:
        assigned_projects: The names of the projects.
        email: The labeler's email address.
        client: The client that methods of the object use.
    """

    _identity = "email"
    _shown = ("email", "assigned_projects")

    email = Field[str]("email", "The labeler's email address.")
    assigned_projects = Field[list[str]]("assigned_projects", "The names of the projects.")

    def __init__(self, assigned_projects: list[str], email: str, client: Any) -> None:
        super().__init__({"email": email, "assigned_projects": assigned_projects}, client)

    def as_dict(self) -> list[str]:  # type: ignore[override]  # a list in the API
        """Return the JSON of the assignment: a list of project names."""
        return self.assigned_projects

    def __str__(self) -> str:
        return f"{type(self).__name__}(email={self.email},assigned_projects={self.as_dict()})"


class StudioWorker(ApiObject):
    """A member of a group."""

    _required = ("id",)
    _identity = "id"
    _shown = ("id", "email")

    id = Field[str]("id", "The person's id.")
    email = Field[str]("email", "The email address.")


class StudioProjectGroup(ApiObject):
    """A group of labelers of a project."""

    _required = ("name",)
    _identity = "id"
    _shown = ("name", "num_workers")

    id = Field[str]("id", "The group's id.")
    name = Field[str]("name", "The group's name.")
    num_workers = Field[int]("numWorkers", "The number of members.")
    is_singleton = Field[bool]("isSingleton", "Whether it represents a single person.")
    #: The names of these two fields in scaleapi 2.
    numWorkers = num_workers  # noqa: N815
    isSingleton = is_singleton  # noqa: N815

    @Computed
    def workers(self) -> list[StudioWorker]:
        """The members, as far as the service sends them."""
        return [StudioWorker(worker, self._client) for worker in self._json.get("workers") or []]


class StudioBatch(ApiObject):
    """A batch in Studio."""

    _required = ("name",)
    _identity = "id"
    _shown = ("name", "project_name", "studio_priority")

    id = Field[str]("id", "The batch's id.")
    name = Field[str]("name", "The batch's name.")
    project_id = Field[str]("projectId", "The id of its project.")
    project_name = Field[str]("projectName", "The name of its project.")
    batch_type = Field[str]("batchType", "``Production`` or ``Calibration``.")
    studio_priority = Field[int | None]("studioPriority", "The position in the order of batches.")
    total = Field[int]("total", "The number of tasks.")
    completed = Field[int]("completed", "The number of completed tasks.")
    groups = Field[list[str]]("groups", "The groups and email addresses assigned to it.")


class StudioMethods(Resource):
    """The calls about Studio (https://scale.com/docs/api-reference/studio)."""

    def list_studio_assignments(self) -> dict[str, StudioLabelerAssignment]:
        """Return the assignments of all active labelers, by email address."""
        return self._assignments(self.api.get_request("studio/assignments"))

    def add_studio_assignments(
        self, emails: Iterable[str], projects: Iterable[str]
    ) -> dict[str, StudioLabelerAssignment]:
        """Assign labelers to projects.

        Args:
            emails: The email addresses of the labelers.
            projects: The names of the projects.

        Returns:
            The assignments of all active labelers, by email address.
        """
        return self._change_assignments("add", emails, projects)

    def remove_studio_assignments(
        self, emails: Iterable[str], projects: Iterable[str]
    ) -> dict[str, StudioLabelerAssignment]:
        """Remove labelers from projects.

        Args:
            emails: The email addresses of the labelers.
            projects: The names of the projects.

        Returns:
            The assignments of all active labelers, by email address.
        """
        return self._change_assignments("remove", emails, projects)

    def list_project_groups(self, project: str) -> list[StudioProjectGroup]:
        """Return the groups of a project.

        Args:
            project: The project's name.
        """
        endpoint = path("studio/projects/{project}/groups", project=project)
        return StudioProjectGroup._list_from(self.api.get_request(endpoint), self)

    def create_project_group(
        self, project: str, emails: Iterable[str], project_group: str
    ) -> StudioProjectGroup:
        """Create a group of labelers.

        Args:
            project: The project's name.
            emails: The email addresses of the labelers, who must be assigned to the project.
            project_group: The group's name.
        """
        endpoint = path("studio/projects/{project}/groups", project=project)
        body = {
            "emails": strings_of("emails", emails),
            "name": text_of("project_group", project_group),
        }
        return StudioProjectGroup._from(self.api.post_request(endpoint, body=body), self)

    def update_project_group(
        self,
        project: str,
        project_group: str,
        add_emails: Iterable[str] | None,
        remove_emails: Iterable[str] | None,
    ) -> StudioProjectGroup:
        """Add labelers to a group, and remove others from it.

        Args:
            project: The project's name.
            project_group: The group's name.
            add_emails: The email addresses to add; ``None`` or ``[]`` for none.
            remove_emails: The email addresses to remove; ``None`` or ``[]`` for none.
        """
        endpoint = path(
            "studio/projects/{project}/groups/{project_group}",
            project=project,
            project_group=project_group,
        )
        body = {
            "add_emails": strings_of("add_emails", [] if add_emails is None else add_emails),
            "remove_emails": strings_of(
                "remove_emails", [] if remove_emails is None else remove_emails
            ),
        }
        return StudioProjectGroup._from(self.api.put_request(endpoint, body=body), self)

    def list_studio_batches(self) -> list[StudioBatch]:
        """Return the pending batches, highest priority first."""
        return StudioBatch._list_from(self.api.get_request("studio/batches"), self)

    def assign_studio_batches(self, batch_name: str, project_groups: Iterable[str]) -> StudioBatch:
        """Assign groups to a batch. Groups that are not in the list are removed from it.

        Args:
            batch_name: The batch's name.
            project_groups: The names of groups, or the email addresses of labelers.
        """
        endpoint = path("studio/batches/{batch_name}", batch_name=batch_name)
        body = {"groups": strings_of("project_groups", project_groups)}
        return StudioBatch._from(self.api.put_request(endpoint, body=body), self)

    def set_studio_batches_priorities(self, batch_names: Iterable[str]) -> list[StudioBatch]:
        """Set the order of the pending batches.

        Args:
            batch_names: The names of all pending batches, in the new order.
        """
        names = [{"name": name} for name in strings_of("batch_names", batch_names)]
        return self._priorities("set", {"batches": names})

    def reset_studio_batches_priorities(self) -> list[StudioBatch]:
        """Restore the default order: calibration batches first, then the oldest."""
        return self._priorities("reset", None)

    def _priorities(self, change: str, body: JSONObject | None) -> list[StudioBatch]:
        endpoint = f"studio/batches/{change}_priorities"
        return StudioBatch._list_from(
            self.api.post_request(endpoint, body=body, idempotent=True), self
        )

    def _change_assignments(
        self, change: str, emails: Iterable[str], projects: Iterable[str]
    ) -> dict[str, StudioLabelerAssignment]:
        body = {
            "emails": strings_of("emails", emails),
            "projects": strings_of("projects", projects),
        }
        endpoint = f"studio/assignments/{change}"
        return self._assignments(self.api.post_request(endpoint, body=body, idempotent=True))

    def _assignments(self, json: object) -> dict[str, StudioLabelerAssignment]:
        if isinstance(json, dict) and all(isinstance(one, list) for one in json.values()):
            return {email: StudioLabelerAssignment(json[email], email, self) for email in json}
        error = bad_response(json, "a JSON object of JSON arrays")
        del json  # it may repeat a secret
        raise error
