"""Teams: the members of an account."""

from __future__ import annotations

from collections.abc import Iterable

from ._arguments import strings_of, text_of
from ._enums import StringEnum
from ._http.response import JSONObject
from ._model.fields import Field
from ._model.objects import ApiObject
from .api import Resource

__all__ = ["TeamMethods", "Teammate", "TeammateRole"]


class TeammateRole(StringEnum):
    """Known roles. ``Admin`` cannot be assigned."""

    Labeler = "labeler"
    Member = "member"
    Manager = "manager"
    Admin = "admin"


class Teammate(ApiObject):
    """A member of the team (https://scale.com/docs/api-reference/studio)."""

    _required = ("email",)
    _identity = "email"
    _shown = ("email", "role")
    _client: TeamMethods

    email = Field[str]("email", "The email address.")
    role = Field[str]("role", "The role; see TeammateRole for known values.")
    first_name = Field[str | None]("firstName", "The first name.")
    last_name = Field[str | None]("lastName", "The last name.")
    company = Field[str | None]("company", "The company.")
    is_studio_labeler = Field[bool | None]("isStudioLabeler", "Whether this is a Studio labeler.")
    expiry = Field[str | None]("expiry", "When the invitation expires, if it is pending.")

    def __init__(self, json: JSONObject, client: TeamMethods) -> None:
        super().__init__(json, client)

    def update_teammate_role(self, new_role: TeammateRole | str) -> list[Teammate]:
        """Change the role; see :meth:`ScaleClient.update_teammates_role`."""
        team = self._client.update_teammates_role([self.email], new_role)
        for teammate in team:
            if teammate == self:
                self._json = teammate.as_dict()
        return team


class TeamMethods(Resource):
    """The calls about the team."""

    def list_teammates(self) -> list[Teammate]:
        """Return all members of the team."""
        return Teammate._list_from(self.api.get_request("teams"), self)

    def invite_teammates(self, emails: Iterable[str], role: TeammateRole | str) -> list[Teammate]:
        """Invite people to the team by email.

        Args:
            emails: The email addresses.
            role: ``labeler`` (Studio only), ``member`` or ``manager``.

        Returns:
            The full team.
        """
        # Not idempotent, because a second call would send a second email.
        body = _role_body(emails, role)
        return Teammate._list_from(self.api.post_request("teams/invite", body=body), self)

    def update_teammates_role(
        self, emails: Iterable[str], role: TeammateRole | str
    ) -> list[Teammate]:
        """Change the role of teammates. The role of admins cannot be changed.

        Args:
            emails: The email addresses.
            role: ``labeler`` (Studio only), ``member`` or ``manager``.

        Returns:
            The full team.
        """
        body = _role_body(emails, role)
        return Teammate._list_from(
            self.api.post_request("teams/set_role", body=body, idempotent=True), self
        )


def _role_body(emails: Iterable[str], role: TeammateRole | str) -> JSONObject:
    return {"emails": strings_of("emails", emails), "team_role": text_of("role", role)}
