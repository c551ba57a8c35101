"""`safeconduct simulate`: run a diagram without people, registers or a database."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

EXIT_CODES = {"completed": 0, "waiting": 0, "incident": 1, "refused": 2}


@click.command("simulate")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--process", metavar="ID", help="The process to run; by default the one that no other calls.")
@click.option("--input", "script", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="What happens, as JSON.")
def command(files: tuple[Path, ...], process: str | None, script: Path | None) -> None:
    """Run diagrams (and decision tables) and print what happens, one JSON object per line.

    Ends with 0 when the case completed or waits, with 1 when a step failed, with 2 when a diagram was refused.
    """
    state = "refused"
    for line in _lines(files, process, _read_json(script)):
        click.echo(json.dumps(line, ensure_ascii=False))
        state = line.get("state", state)
    sys.exit(EXIT_CODES[state])


def _lines(files: tuple[Path, ...], process: str | None, given: dict[str, Any]) -> Any:
    from workflows import diagrams, dmn
    from workflows.engine import simulation
    from workflows.errors import Refused

    try:
        read = [diagrams.read_diagram(file.read_bytes(), name=file.name) for file in files if file.suffix != ".dmn"]
        models = dmn.read_models({file.name: file.read_bytes() for file in files if file.suffix == ".dmn"})
    except Refused as error:
        problems = [{"element": problem.where, "message": _sentence(problem)} for problem in error.problems]
        yield {"state": "refused", "waiting": [], "variables": {}, "problems": problems}
        return
    by_decision = {decision: model for model in models.values() for decision in model.decisions}
    yield from simulation.simulate(read, simulation.read_script(given), main=process, models=by_decision)


def _sentence(problem: Any) -> str:
    return f"{problem.sentence} {problem.way_out}".strip().format(**(problem.facts or {}))


def _read_json(script: Path | None) -> dict[str, Any]:
    if script is None:
        return {}
    try:
        given = json.loads(script.read_text(encoding="utf-8"))
    except ValueError as error:
        raise click.ClickException(f"{script} is not JSON: {error}") from error
    if not isinstance(given, dict):
        raise click.ClickException(f"{script} must hold one JSON object.")
    return given
