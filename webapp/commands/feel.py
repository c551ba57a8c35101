"""`safeconduct feel`: work out a FEEL expression."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from workflows.feel import FeelError


@click.command("feel")
@click.argument("expression")
@click.option(
    "--context", "context", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A JSON file of variables by name."
)
@click.option("--names", is_flag=True, help="Say also which names and functions are not known.")
def command(expression: str, context: Path | None, *, names: bool) -> None:
    """Work out EXPRESSION and print its value; an error shows its place."""
    from webapp.context import system_clock
    from workflows import feel

    variables = _read_context(context)
    try:
        parsed = feel.parse(expression, names=variables)
        if names:
            for problem in feel.check_names(parsed, variables):
                click.echo(str(problem), err=True)
        click.echo(feel.write_value(parsed.evaluate(variables, now=system_clock())))
    except feel.FeelError as error:
        click.echo(_pointed(error), err=True)
        sys.exit(1)


def _read_context(file: Path | None) -> dict[str, Any]:
    if file is None:
        return {}
    try:
        variables = json.loads(file.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise click.BadParameter(f"{file.name} is not JSON: {error}", param_hint="--context") from error
    if not isinstance(variables, dict):
        raise click.BadParameter(f"{file.name} must be a JSON object.", param_hint="--context")
    return variables


def _pointed(error: FeelError) -> str:
    """Show the line of the text and a caret below the place that the error is about."""
    if not error.text:
        return str(error)
    line = error.text.split("\n")[error.line - 1]
    return f"{line}\n{' ' * (error.column - 1)}^\n{error}"
