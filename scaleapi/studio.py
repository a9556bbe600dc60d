"""Studio: who of the team labels what, and in which order (live keys only)."""

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
    """Known kinds of Studio batches, under the name that the released package gave them."""

    Production = "Production"


class StudioLabelerAssignment(ApiObject):
    """The projects that a labeler is assigned to.

    Args:
        assigned_projects: The names of the projects.
        email: The labeler's address.
        client: The client that further calls go through.
    """

    _identity = "email"
    _shown = ("email", "assigned_projects")

    email = Field[str]("email", "The labeler's e-mail address.")
    assigned_projects = Field[list[str]]("assigned_projects", "The names of the projects.")

    def __init__(self, assigned_projects: list[str], email: str, client: Any) -> None:
        super().__init__({"email": email, "assigned_projects": assigned_projects}, client)

    def as_dict(self) -> list[str]:  # type: ignore[override]  # on the wire it is a list
        """Return what the service sends for an assignment: the names of the projects."""
        return self.assigned_projects

    def __str__(self) -> str:
        return f"{type(self).__name__}(email={self.email},assigned_projects={self.as_dict()})"


class StudioWorker(ApiObject):
    """A person in a group."""

    _required = ("id",)
    _identity = "id"
    _shown = ("id", "email")

    id = Field[str]("id", "The person's id.")
    email = Field[str]("email", "The e-mail address.")


class StudioProjectGroup(ApiObject):
    """A group of labelers of a project."""

    _required = ("name",)
    _identity = "id"
    _shown = ("name", "num_workers")

    id = Field[str]("id", "The group's id.")
    name = Field[str]("name", "The group's name.")
    num_workers = Field[int]("numWorkers", "How many people are in it.")
    is_singleton = Field[bool]("isSingleton", "Whether it stands for one person.")
    #: The names that the released package has for the two above.
    numWorkers = num_workers  # noqa: N815
    isSingleton = is_singleton  # noqa: N815

    @Computed
    def workers(self) -> list[StudioWorker]:
        """The people in it, as far as the service tells."""
        return [StudioWorker(worker, self._client) for worker in self._json.get("workers") or []]


class StudioBatch(ApiObject):
    """A batch as Studio sees it."""

    _required = ("name",)
    _identity = "id"
    _shown = ("name", "project_name", "studio_priority")

    id = Field[str]("id", "The batch's id.")
    name = Field[str]("name", "The batch's name.")
    project_id = Field[str]("projectId", "The id of its project.")
    project_name = Field[str]("projectName", "The name of its project.")
    batch_type = Field[str]("batchType", "``Production`` or ``Calibration``.")
    studio_priority = Field[int | None]("studioPriority", "Its place in the order.")
    total = Field[int]("total", "How many tasks it has.")
    completed = Field[int]("completed", "How many of them are done.")
    groups = Field[list[str]]("groups", "The groups that work on it; a person is one too.")


class StudioMethods(Resource):
    """The calls about Studio (https://scale.com/docs/api-reference/studio)."""

    def list_studio_assignments(self) -> dict[str, StudioLabelerAssignment]:
        """Return the assignments of all active labelers, by e-mail address."""
        return self._assignments(self.api.get_request("studio/assignments"))

    def add_studio_assignments(
        self, emails: Iterable[str], projects: Iterable[str]
    ) -> dict[str, StudioLabelerAssignment]:
        """Assign labelers to projects.

        Args:
            emails: The labelers' addresses.
            projects: The names of the projects.

        Returns:
            The assignments of all labelers, by e-mail address.
        """
        return self._change_assignments("add", emails, projects)

    def remove_studio_assignments(
        self, emails: Iterable[str], projects: Iterable[str]
    ) -> dict[str, StudioLabelerAssignment]:
        """Take labelers off projects.

        Args:
            emails: The labelers' addresses.
            projects: The names of the projects.

        Returns:
            The assignments of all labelers, by e-mail address.
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
            emails: The labelers' addresses; each must be assigned to the project.
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
        """Change who is in a group.

        Args:
            project: The project's name.
            project_group: The group's name.
            add_emails: The addresses of those to add; ``None`` or ``[]`` for none.
            remove_emails: The addresses of those to remove; ``None`` or ``[]`` for none.
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
        """Return the pending batches, first the one that is worked on first."""
        return StudioBatch._list_from(self.api.get_request("studio/batches"), self)

    def assign_studio_batches(self, batch_name: str, project_groups: Iterable[str]) -> StudioBatch:
        """Set who works on a batch; groups that are not named are taken off it.

        Args:
            batch_name: The batch's name.
            project_groups: Names of groups, and addresses of people.
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
        """Put the pending batches back into the default order: calibration, then the oldest."""
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
