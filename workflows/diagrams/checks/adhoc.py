"""Whether an ad-hoc subprocess says which of its elements begin, and when it is done."""

from __future__ import annotations

from workflows import feel
from workflows.diagrams.checks.view import View
from workflows.diagrams.model import AdHoc, Element

_WAITS_FOR_SOMEBODY = frozenset({"userTask", "receiveTask", "intermediateCatchEvent"})


def check_ad_hoc(view: View) -> None:
    """Check the ad-hoc subprocesses."""
    inside: dict[str, list[Element]] = {}
    for element in view.elements.values():
        inside.setdefault(element.scope, []).append(element)
    for element in view.of_kind("adHocSubProcess"):
        if element.ad_hoc is not None:
            _check(element, element.ad_hoc, inside.get(element.id, []), view)


def begins_inside(element: Element) -> bool:
    """Whether an element of an ad-hoc subprocess begins without a flow leading to it."""
    met_elsewhere = element.kind == "boundaryEvent" or element.triggered_by_event or element.for_compensation
    return not element.incoming and not met_elsewhere and "link" not in element.event_kinds


def _check(element: Element, plan: AdHoc, inside: list[Element], view: View) -> None:
    refuse = view.findings.refuse
    startable = [other for other in inside if begins_inside(other)]
    if not any(other.is_activity for other in inside):
        refuse(element.id, "There is no activity inside the ad-hoc subprocess.", "Draw at least one.")
    for other in inside:
        if other.kind in {"startEvent", "endEvent"}:
            refuse(other.id, "An ad-hoc subprocess holds neither start nor end events.", "Take the event out.")
    if element.triggered_by_event:
        refuse(element.id, "An event subprocess cannot be an ad-hoc one.", "Draw the ad-hoc subprocess inside it.")
    if plan.active_elements is not None:
        _check_chosen(element, plan.active_elements, [other.id for other in startable], view)
    elif plan.sequential and len(startable) > 1:
        refuse(
            element.id,
            "The elements are to be done one after the other, but nothing says in which order.",
            "List their ids in zeebe:adHoc activeElementsCollection.",
        )
    else:
        _check_waiting(startable, view)
    if bool(plan.output_collection) != bool(plan.output_element):
        refuse(element.id, "The subprocess names only one of output collection and output element.", "Name both, or neither.")


def _check_waiting(startable: list[Element], view: View) -> None:
    for other in startable:
        if other.kind not in _WAITS_FOR_SOMEBODY:
            view.findings.refuse(
                other.id,
                "Nobody would choose this element of the ad-hoc subprocess; it would run by itself at once.",
                "Say in zeebe:adHoc activeElementsCollection of the subprocess which elements begin.",
            )


def _check_chosen(element: Element, text: str, startable: list[str], view: View) -> None:
    if not text.strip().startswith("="):
        view.findings.refuse(
            element.id,
            "The active elements are a fixed text (“{text}”).",
            "Write an expression (=…) that is a list of ids.",
            text=text,
        )
        return
    try:
        expression = feel.parse(text.strip().removeprefix("="))
    except feel.FeelError:
        return  # The check of expressions says what is wrong with it.
    names = feel.to_json(expression.evaluate({})) if not expression.names else None
    for name in names if isinstance(names, list) else []:
        if name not in startable:
            view.findings.refuse(
                element.id,
                "“{name}” is no element inside that could begin.",
                "List ids of elements inside to which no flow leads.",
                name=str(name),
            )
