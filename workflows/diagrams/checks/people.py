"""Whether every user task says who does it, with which form, until when."""

from __future__ import annotations

from difflib import get_close_matches

from workflows.diagrams.checks.view import View
from workflows.diagrams.findings import suggestion
from workflows.diagrams.model import Element
from workflows.diagrams.vocabulary import CLOCK, CLOCKS, NO_CLOCK

QUICK_APPROVAL = "quick.approve"
KNOWN_PROPERTIES = frozenset(
    {
        "scope.area",
        "scope.organisation",
        "act",
        "authority",
        "clock",
        "outcome",
        "line",
        "card",
        "source",
        "separate_from",
        "shows",
        "similar",
        "subject",
        "question",
        "draft",
        NO_CLOCK,
        "sort.departure",
        "sort.risk",
        "reauthenticate",
        QUICK_APPROVAL,
    }
)
_MEANINGFUL_PREFIXES = ("scope.", "sla.", "sort.", "quick.")


def check_people(view: View) -> None:
    """Check the user tasks."""
    for task in view.of_kind("userTask"):
        if view.known.roles is not None:
            _check_who(task, view)
        _check_form(task, view)
        if not task.due:
            view.findings.note(
                task.id, "The task has no due date, so nobody is reminded of it.", "Write one in zeebe:taskSchedule dueDate."
            )
        _check_properties(task, view)
        _check_clock(task, view)
        _check_separation(task, view)
        _check_quick_approval(task, view)


def _check_who(task: Element, view: View) -> None:
    if task.assignee or task.candidate_users:
        return
    named = task.candidate_groups
    if named is None and task.lane is None:
        view.findings.refuse(
            task.id,
            "Nobody is named to do this task.",
            "Put it into a lane that is named by a role, or name roles in zeebe:assignmentDefinition candidateGroups.",
        )
        return
    if named is None:
        _check_roles(task, [task.lane or ""], view)
    elif not named.strip().startswith("="):
        _check_roles(task, [code.strip() for code in named.split(",")], view)


def _check_roles(task: Element, codes: list[str], view: View) -> None:
    known = view.known.roles or ()
    for code in codes:
        if code not in known:
            view.findings.refuse(
                task.id,
                "“{role}” is no role.{hint}",
                "Name the lane or the candidate group by the code of a role.",
                role=code,
                hint=suggestion(code, known),
            )


def _check_form(task: Element, view: View) -> None:
    if not task.form:
        view.findings.note(
            task.id, "The task has no form, so it can only be confirmed.", "Name one in zeebe:formDefinition formId."
        )
    elif view.known.forms is not None and task.form not in view.known.forms:
        view.findings.refuse(
            task.id,
            "There is no form “{form}”.{hint}",
            "Create it in the folder forms, or choose one that exists.",
            form=task.form,
            hint=suggestion(task.form, view.known.forms),
        )


def _check_properties(task: Element, view: View) -> None:
    for name in task.properties:
        if name in KNOWN_PROPERTIES or name.startswith("camundaModeler:"):
            continue
        near = get_close_matches(name, KNOWN_PROPERTIES, n=1, cutoff=0.8)
        if near or name.startswith(_MEANINGFUL_PREFIXES):
            view.findings.refuse(
                task.id,
                "The property “{name}” is not known.{hint}",
                "Correct its name, or take it out.",
                name=name,
                hint=suggestion(name, KNOWN_PROPERTIES),
            )
        else:
            view.findings.note(task.id, "The property “{name}” is not known here and has no effect.", name=name)


def _check_clock(task: Element, view: View) -> None:
    clock = task.properties.get(CLOCK)
    if clock is not None and clock not in CLOCKS:
        view.findings.refuse(
            task.id,
            "The clock of the task is “{clock}”, which is none.{hint}",
            "Write elapsed, working or case in the property clock, or take it out.",
            clock=clock,
            hint=suggestion(clock, CLOCKS),
        )
    if not task.properties.get(NO_CLOCK, "a reason").strip():
        view.findings.refuse(
            task.id,
            "The task is to have no clock, and nobody says why.",
            "Write the reason into the property no_clock, or put a timer on the task.",
        )


def _check_separation(task: Element, view: View) -> None:
    others = [other.strip() for other in task.properties.get("separate_from", "").split(",") if other.strip()]
    if task.id in others:
        view.findings.refuse(
            task.id, "The task is to be separate from itself.", "Name other tasks in the property separate_from."
        )
    if view.known.tasks is None:
        return
    for other in others:
        if other not in view.known.tasks and other not in view.elements:
            view.findings.refuse(
                task.id,
                "The task is to be separate from “{task}”, which does not exist; four eyes would be lost.{hint}",
                "Correct the id in the property separate_from.",
                task=other,
                hint=suggestion(other, view.known.tasks),
            )


def _check_quick_approval(task: Element, view: View) -> None:
    """An approval from the list sends answers that an expression works out for this task; anything fixed judges nothing."""
    formula = task.properties.get(QUICK_APPROVAL)
    if formula is None:
        return
    if not formula.strip().startswith("="):
        view.findings.refuse(
            task.id,
            "The property quick.approve is no expression, so it would approve every task alike.",
            "Write a FEEL expression that gives the answers of the form where the task may be approved unopened, else null.",
        )
    elif not task.form:
        view.findings.refuse(
            task.id,
            "The task can be approved from the list, but has no form that takes the answers.",
            "Name a form in zeebe:formDefinition formId, or take the property quick.approve out.",
        )
