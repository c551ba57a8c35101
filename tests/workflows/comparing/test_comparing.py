"""What differs between two versions, said so that the owner of a process understands it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from services import definitions
from workflows.comparing import compare

FOLDER = Path(__file__).resolve().parents[3] / "bpmn" / "residential_measures"
OTHER = FOLDER.parent / "delegation"


@pytest.fixture
def differ(tmp_path: Path) -> Callable[..., list[str]]:
    """Change one file of a copy of the folder, and tell what differs then."""
    copy = tmp_path / FOLDER.name
    shutil.copytree(FOLDER, copy)

    def told(file: str, change: Callable[[str], str]) -> list[str]:
        path = copy / file
        before = path.read_text()
        after = change(before)
        assert after != before
        path.write_text(after)
        found = compare(definitions.read_folder(FOLDER), definitions.read_folder(copy))
        assert {each.file for each in found} == {file}
        return [str(each).removeprefix(f"{each.where}: ") for each in found]

    return told


def swap(old: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new, 1)


def test_the_same_folder_does_not_differ() -> None:
    package = definitions.read_folder(FOLDER)

    assert compare(package, definitions.read_folder(FOLDER)) == []


def test_a_diagram_that_is_only_drawn_elsewhere_does_not_differ(tmp_path: Path) -> None:
    copy = tmp_path / FOLDER.name
    shutil.copytree(FOLDER, copy)
    for path in copy.glob("*.bpmn"):
        path.write_text(path.read_text().replace('width="100"', 'width="120"'))

    assert compare(definitions.read_folder(FOLDER), definitions.read_folder(copy)) == []


def test_a_step_is_told_by_its_name_with_what_it_was_before(differ) -> None:
    told = differ("rsm_main.bpmn", swap('name="Check the schedule"', 'name="Look at the schedule"'))

    assert told == ["The step “Check the schedule” is now called “Look at the schedule”."]


def test_another_role_is_told(differ) -> None:
    [told] = differ("rsm_main.bpmn", swap("<bpmn:flowNodeRef>rsm_desk</bpmn:flowNodeRef>", ""))

    assert told.startswith("“Check the schedule” is now done by SYSTEM, before by ")


def test_a_condition_is_told_with_both_ends_of_its_way(differ) -> None:
    def change(text: str) -> str:
        start = text.index("<bpmn:conditionExpression")
        begin, end = text.index(">", start) + 1, text.index("</bpmn:conditionExpression>", start)
        return text[:begin] + "=true" + text[end:]

    [told] = differ("rsm_main.bpmn", change)

    assert told.startswith("From “")
    assert "it now goes when =true, before when =" in told


def test_a_row_of_a_table_is_told_by_its_number(differ) -> None:
    file = next(path.name for path in sorted(FOLDER.glob("*.dmn")))

    def drop(text: str) -> str:
        begin = text.index("<rule ")
        return text[:begin] + text[text.index("</rule>", begin) + len("</rule>") :]

    [told] = differ(file, drop)

    assert "row 1 is gone:" in told


def test_a_cell_of_a_table_is_told_with_its_column(differ) -> None:
    file = next(path.name for path in sorted(FOLDER.glob("*.dmn")))

    def change(text: str) -> str:
        begin = text.index("<inputEntry")
        start, end = text.index("<text>", begin) + len("<text>"), text.index("</text>", begin)
        return text[:start] + "not(true)" + text[end:]

    [told] = differ(file, change)

    assert "row 1: " in told
    assert "became not(true), before " in told


def test_a_question_that_need_not_be_answered_any_more_is_told(differ) -> None:
    def ease(text: str) -> str:
        form = json.loads(text)
        field = next(each for each in form["components"] if each.get("validate", {}).get("required") is True)
        field["validate"]["required"] = False
        return json.dumps(form)

    [told] = differ("forms/F-RSM-05.form", ease)

    assert told.startswith("Form F-RSM-05: “")
    assert told.endswith("must be answered: false, before true.")


def test_notices_and_translations_are_told_by_language(differ) -> None:
    code = next(path.name for path in sorted((FOLDER / "messages").glob("*.md")))

    [told] = differ(f"messages/{code}", lambda text: f"{text.rstrip()} And more.\n")

    assert told.startswith(f"The notice {code.removesuffix('.md')} reads differently in ")


def test_what_a_process_says_of_itself_is_told(differ) -> None:
    [told] = differ("process.toml", swap('owner_role = "', 'owner_role = "X'))

    assert told.startswith("The process itself: owner role became X")


def test_two_processes_differ_in_everything_and_nothing_fails() -> None:
    found = compare(definitions.read_folder(FOLDER), definitions.read_folder(OTHER))

    assert {each.part for each in found} == {"process", "diagram", "table", "form", "text"}
    assert all(str(each) for each in found)
