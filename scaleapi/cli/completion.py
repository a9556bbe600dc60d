"""``scaleapi completion``: a script that completes commands in a shell."""

from __future__ import annotations

from .arguments import Commands, add_command
from .context import Context
from .errors import UsageError

__all__ = ["add_commands"]


def add_commands(nouns: Commands) -> None:
    """Add the command."""
    printing = add_command(
        nouns,
        "completion",
        'Print a completion script: eval "$(scaleapi completion bash)"',
        _print,
    )
    printing.add_argument("shell", choices=("bash", "zsh", "tcsh"))


def _print(context: Context) -> None:
    try:
        import shtab
    except ImportError:
        problem = "completion scripts need shtab: pip install 'scaleapi[cli]'"
        raise UsageError(problem) from None
    from .command import parser

    print(shtab.complete(parser(), context.options.shell))
