"""``scaleapi teams``."""

from __future__ import annotations

from .arguments import Commands, add_command, add_consent, add_noun
from .context import Context

__all__ = ["add_commands"]

_COLUMNS = ("email", "role", "firstName", "lastName", "company", "expiry")


def add_commands(nouns: Commands) -> None:
    """Add the commands of this noun."""
    verbs = add_noun(nouns, "teams", "See and invite the people of the account.")
    add_command(verbs, "list", "List everyone in the team.", _list)
    inviting = add_command(verbs, "invite", "Invite people by e-mail.", _invite)
    changing = add_command(verbs, "set-role", "Give people another role.", _set_role)
    for parser in (inviting, changing):
        parser.add_argument("role", metavar="ROLE", help="labeler, member or manager")
        parser.add_argument("emails", nargs="+", metavar="EMAIL")
        add_consent(parser, dry_run=False)


def _list(context: Context) -> None:
    team = context.client.list_teammates()
    context.output.rows((person.as_dict() for person in team), _COLUMNS)


def _invite(context: Context) -> None:
    options = context.options
    context.confirm(f"send {len(options.emails)} invitation(s)")
    team = context.client.invite_teammates(options.emails, options.role)
    context.output.rows((person.as_dict() for person in team), _COLUMNS)


def _set_role(context: Context) -> None:
    options = context.options
    context.confirm(f"change the role of {len(options.emails)} teammate(s)")
    team = context.client.update_teammates_role(options.emails, options.role)
    context.output.rows((person.as_dict() for person in team), _COLUMNS)
