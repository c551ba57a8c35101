"""What people did is said in words of the reader's language, never in the codes of a diagram."""

from __future__ import annotations

from pathlib import Path

import pytest

from services import definitions
from webapp.presenters.words import say_act

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
