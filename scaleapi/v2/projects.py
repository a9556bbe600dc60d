"""Projects of the v2 API."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from .._arguments import text_of
from .._model.fields import optional, required
from .._model.kinds import TEXT, TEXTS, TIME, list_of, time_text
from .._model.objects import Model
from ._operations import Operations, with_http_info, without_preload_content

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ._requests import Terms

__all__ = ["GetProjectsResponse", "Project", "ProjectOperations"]


class Project(Model):
    """A generative AI project."""

    _required = ("id",)

    id = required(TEXT, "The project's id.")
    name = required(TEXT, "Its name.")
    created_at = required(TIME, "When it was created.")
    types = optional(TEXTS, "The types of work in it.")
    models = optional(TEXTS, "The names of its models.")


class GetProjectsResponse(Model):
    """The projects of the account."""

    _required = ("projects",)

    projects = required(list_of(Project), "The projects.")


class ProjectOperations(Operations):
    """Calls for projects."""

    def get_project(
        self,
        project_id: str | None = None,
        project_name: str | None = None,
        **terms: Unpack[Terms],
    ) -> Project:
        """Return a project, by id or by name.

        Args:
            project_id: Its id.
            project_name: Its name.

        Raises:
            ScaleResourceNotFound: If there is no such project.

        Example:
            >>> client.v2.get_project(project_name="chats")
            Project(id='project_1', name='chats')
        """
        return self._get(
            "project",
            Project,
            {
                "project_id": (text_of, project_id),
                "project_name": (text_of, project_name),
            },
            terms,
            one_of=("project_id", "project_name"),
        )

    get_project_with_http_info = with_http_info(get_project)
    get_project_without_preload_content = without_preload_content(get_project)

    def get_projects(
        self,
        created_after: date | str | None = None,
        created_before: date | str | None = None,
        **terms: Unpack[Terms],
    ) -> GetProjectsResponse:
        """Return the projects of the account.

        Args:
            created_after: Only those created after this time: a date, a datetime or ISO 8601
                text. A time without a zone is UTC.
            created_before: Only those created before this time.

        Example:
            >>> client.v2.get_projects().projects
            [Project(id='project_1', name='chats')]
        """
        return self._get(
            "projects",
            GetProjectsResponse,
            {
                "created_after": (time_text, created_after),
                "created_before": (time_text, created_before),
            },
            terms,
        )

    get_projects_with_http_info = with_http_info(get_projects)
    get_projects_without_preload_content = without_preload_content(get_projects)
