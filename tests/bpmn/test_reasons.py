"""What holds for every form of every process: whoever says no, sends back or sets conditions says why; conditions have codes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services import definitions
from tests.databases import NOW
from webapp.preparing import PROCESSES
from workflows.errors import AnswersInvalid
from workflows.forms import Field, Form

SAYING_NO = {
    *("DENY", "REFUSE", "REJECT", "RETURN", "NOT_RECOMMEND", "NOT_RECOMMENDED", "DECLINE", "AVOID", "OBJECTS", "AGAINST"),
    *("SUPPORT_WITH", "RECOMMEND_COND", "SIGN_CONDITIONAL", "ENDORSE_WITH_OBSERVATIONS", "CONDITIONS", "APPROVE_MODIFIED"),
    *("NEED_INFO", "DEFER", "NOT_CONFIRMED", "NOT_COVERED", "CONCERN", "CHANGE"),
}
CATALOGUE = [f"C{number:02}" for number in range(1, 14)]
#: Where a person says no to what is asked of them alone; nobody else waits for their reasons.
OWN = {("F-RMC-04", "DECLINE"), ("F-TSC-13", "REFUSE"), ("F-DOA-03", "CHANGE")}

#: What the case knows where a question is only asked of some.
SCOPES: list[dict[str, Any]] = [{}, {"authority": {"authority": "USG"}}]


def folders() -> list[Path]:
    return sorted(path for path in PROCESSES.iterdir() if (path / "process.toml").is_file())


def forms_of(folder: Path) -> Iterator[Form]:
    package = definitions.read_folder(folder)
    yield from (form for _, form in sorted(package.forms.items()))


def choices_of(fields: tuple[Field, ...], row: str = "") -> Iterator[tuple[str, str, str]]:
    """Each answer that says no: the list that it stands in, its question, its value."""
    for field in fields:
        for choice in field.choices.fixed if field.choices else ():
            if str(choice.value) in SAYING_NO and field.kind in {"radio", "select"}:
                yield row, field.key, str(choice.value)
        inside = field.key if field.kind == "dynamiclist" else row
        yield from choices_of(field.fields, inside)


def asked_for(form: Form, row: str, key: str, value: str) -> set[str]:
    """The questions that are not answered when nothing but this is said."""
    answers = {row: [{key: value}]} if row else {key: value}
    missing: set[str] = set()
    for scope in SCOPES:
        try:
            form.read_answers(answers, {"options": {}, **scope}, now=NOW)
        except AnswersInvalid as refusal:
            missing |= {problem.where.rpartition(".")[2] for problem in refusal.problems}
    return missing


@pytest.mark.parametrize("folder", folders(), ids=lambda folder: folder.name)
def test_whoever_says_no_or_sets_conditions_says_why(folder: Path) -> None:
    for form in forms_of(folder):
        texts = {field.key for field in every(form.fields) if field.kind in {"textarea", "textfield", "dynamiclist"}}
        for row, key, value in choices_of(form.fields):
            if (form.id, value) not in OWN:
                assert asked_for(form, row, key, value) & texts, f"{form.id}: {key} = {value} asks for no reason"


def every(fields: tuple[Field, ...]) -> Iterator[Field]:
    for field in fields:
        yield field
        yield from every(field.fields)


def test_conditions_of_a_clearance_come_from_the_catalogue_and_free_text_says_what() -> None:
    package = definitions.read_folder(PROCESSES / "travel_clearance")
    for name, key, value in (("F-TSC-02", "advice", "RECOMMEND_COND"), ("F-TSC-03", "decision", "GRANT_COND")):
        form = package.forms[name]
        listed = next(field for field in every(form.fields) if field.key == "conditions")
        code = next(field for field in listed.fields if field.key == "code")
        assert [choice.value for choice in code.choices.fixed] == CATALOGUE
        assert "conditions" in asked_for(form, "", key, value)
        assert "parameter" in asked_for(form, "conditions", "code", "C13") or asked_with(form, key, value, "C13")


def asked_with(form: Form, key: str, value: str, code: str) -> bool:
    with pytest.raises(AnswersInvalid) as refusal:
        form.read_answers({key: value, "conditions": [{"code": code}]}, {"options": {}}, now=NOW)
    return any(problem.where.endswith("parameter") for problem in refusal.value.problems)


FITTING = [("DENY", "RISK"), ("DENY", "OTHER"), ("RETURN", "CONTACT"), ("RETURN", "OTHER")]
UNFIT = [("DENY", "CONTACT"), ("RETURN", "RISK")]


@pytest.mark.parametrize(("decision", "code"), FITTING + UNFIT)
def test_the_reason_of_a_denial_is_no_question_and_the_other_way_round(decision: str, code: str) -> None:
    form = definitions.read_folder(PROCESSES / "travel_clearance").forms["F-TSC-03"]
    answers = {"decision": decision, "reason_code": code, "reason_text": "The road is closed for the whole of that week."}

    try:
        form.read_answers(answers, {"options": {}, "stop": {"area": "XC-CAP"}}, now=NOW)
        problems = []
    except AnswersInvalid as refusal:
        problems = [problem.where for problem in refusal.problems]

    assert ("reason_code" in problems) is ((decision, code) in UNFIT)
