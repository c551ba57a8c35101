"""The command `safeconduct`: the group, to which each module of webapp/commands adds its own."""

from __future__ import annotations

import sys

import click

from webapp.commands import find_commands
from workflows.errors import SafeconductError


class Commands(click.Group):
    """A group that says errors of ours as sentences, without a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except SafeconductError as error:
            click.echo(str(error), err=True)
            sys.exit(1)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
def main() -> None:
    """Clearances and approvals of the security management system."""


for found in find_commands():
    main.add_command(found)

if __name__ == "__main__":
    main()
