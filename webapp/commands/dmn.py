"""`safeconduct dmn`: run decision models against test cases in the conformance kit's format."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click


@click.group("dmn")
def command() -> None:
    """Test decision models."""


@command.command("test")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--quiet", is_flag=True, help="Say only the totals.")
def test(path: Path, *, quiet: bool) -> None:
    """Run the test cases (*-test-*.xml) beside decision models (*.dmn) in PATH and the folders below it.

    Ends with exit code 1 when a case fails.
    """
    from webapp.context import system_clock
    from workflows.dmn.conformance import run_folder

    passed = failed = 0
    for folder in _folders(path):
        files = {file.name: file.read_bytes() for file in sorted(folder.iterdir()) if file.suffix in (".dmn", ".xml")}
        verdicts = run_folder(files, now=system_clock())
        wrong = [verdict for verdict in verdicts if not verdict.passed]
        passed += len(verdicts) - len(wrong)
        failed += len(wrong)
        if verdicts and not quiet:
            click.echo(f"{folder.name}: {len(verdicts) - len(wrong)} passed, {len(wrong)} failed")
            for verdict in wrong:
                click.echo(f"  {verdict.file} {verdict.case} {verdict.result}: {verdict.reason}")
    click.echo(f"In all: {passed} passed, {failed} failed ({_percent(passed, passed + failed)})")
    sys.exit(1 if failed else 0)


def _folders(path: Path) -> Iterator[Path]:
    """Give the folder and all below it that hold models, in the order of their names."""
    if path.is_file():
        yield path.parent
        return
    yield from sorted({file.parent for file in path.rglob("*.dmn")})


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f} %" if whole else "no cases"
