"""What people did is said in words of the reader's language, never in the codes of a diagram."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from flask import Flask

from services import definitions
from webapp.presenters.words import _STATUS, say_act, say_status

OPERATIONS = Path(__file__).resolve().parents[2] / "services" / "operations"
PROCESSES = Path(__file__).resolve().parents[2] / "bpmn"
FOLDERS = [pytest.param(path.parent, id=path.parent.name) for path in sorted(PROCESSES.glob("*/process.toml"))]
UNKNOWN = "AN_OUTCOME_OF_ITS_OWN"


@pytest.mark.parametrize("folder", FOLDERS)
def test_what_is_done_in_a_step_has_a_word_even_where_its_outcome_has_none(folder: Path) -> None:
    diagrams = definitions.read_folder(folder).diagrams.values()
    steps = [element for diagram in diagrams for element in diagram.elements.values() if element.kind == "userTask"]
    acts = {element.id: element.properties.get("act") for element in steps}
    said = {key: say_act(act, UNKNOWN) for key, act in acts.items() if act is None or not act.startswith("=")}

    assert [key for key, word in said.items() if word == say_act(None, UNKNOWN)] == []


def statuses_of(tree: ast.AST) -> set[str]:
    """The statuses that operations give to cases where they stand."""
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute))
    given = (node.args[0] for node in calls if node.func.attr == "set_status" and len(node.args) == 1)
    parts = (part for each in given for part in ((each.body, each.orelse) if isinstance(each, ast.IfExp) else (each,)))
    return {part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)}


@pytest.mark.parametrize("path", sorted(OPERATIONS.glob("*.py")), ids=lambda path: path.stem)
def test_a_status_that_an_operation_gives_to_a_case_has_a_word(path: Path) -> None:
    statuses = statuses_of(ast.parse(path.read_text(encoding="utf-8")))

    assert statuses <= set(_STATUS)


def raw_days_of(tree: ast.AST) -> list[str]:
    """The refusals that hand a day over as a machine writes it."""
    raised = [node.exc for node in ast.walk(tree) if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)]
    given = [(call, fact.value) for call in raised for fact in call.keywords]
    return [
        ast.unparse(call)
        for call, value in given
        if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr == "isoformat"
    ]


@pytest.mark.parametrize("path", sorted(OPERATIONS.glob("*.py")), ids=lambda path: path.stem)
def test_a_refusal_names_a_day_in_words_of_the_reader(path: Path) -> None:
    assert raw_days_of(ast.parse(path.read_text(encoding="utf-8"))) == []


def test_an_event_that_was_held_is_not_on_hold(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert say_status("EVENT_HELD", state="COMPLETED").text == "Authorised and held"
