"""What the diagram says of a user task, evaluated when it opens."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from workflows import feel
from workflows.diagrams import CLOCK, SAID, WORKING_CLOCK
from workflows.engine.changes import OpenTask
from workflows.engine.errors import StepFailed
from workflows.engine.formulas import Formula
from workflows.engine.moments import TimerInvalid, is_duration, read_moment

if TYPE_CHECKING:
    from SpiffWorkflow.task import Task

    from workflows.engine.inspection import Inspection

OWN_PROPERTIES = frozenset(
    {
        *("scope.area", "scope.organisation", "act", "line", "card", "subject", "separate_from", "outcome"),
        *("sort.departure", "sort.risk"),
    }
)
USUAL_PRIORITY = 50


def describe_task(run: Inspection, task: Task) -> OpenTask:
    """Evaluate everything that the diagram says of a user task. Raises: StepFailed."""
    spec = task.task_spec
    view = run.visible(task).gathered()
    parts = {name: feel.Parts(view, run.now) for name in SAID if name in spec.texts}

    def worked_out(formula: Formula | None, variables: Mapping[str, Any] = view) -> Any:
        try:
            return None if formula is None else formula.to_json(variables, run.now)
        except feel.FeelError as error:
            raise StepFailed(spec.name, str(error)) from error

    def value(name: str) -> Any:
        return worked_out(spec.texts.get(name))

    def said_in(locale: str) -> dict[str, Any]:
        other = ((name, run.program.reword(spec.texts[name], locale)) for name in parts)
        return {name: worked_out(formula, parts[name]) for name, formula in other if formula is not None}

    def moment(name: str) -> datetime | None:
        answer = value(name)
        try:
            return None if answer is None else read_moment(answer, run.now)
        except TimerInvalid as error:
            raise StepFailed(spec.name, str(error)) from error

    return OpenTask(
        token=task.id,
        element=spec.name,
        name=spec.element.name,
        kind=spec.element.kind,
        lane=spec.element.lane,
        candidate_groups=_names(value("@candidate_groups")),
        candidate_users=_names(value("@candidate_users")),
        assignee=_text(value("@assignee")),
        area=_text(value("scope.area")),
        organisation=_text(value("scope.organisation")),
        line=_text(value("line")),
        form=_text(value("@form")),
        subject=_text(value("subject")),
        act=_text(value("act")),
        due_at=moment("@due"),
        due_days=_working_days(value("@due"), value(CLOCK), run.now),
        follow_up_at=moment("@follow_up"),
        departs_at=moment("sort.departure"),
        risk=_text(value("sort.risk")),
        priority=_number(value("@priority")),
        separate_from=tuple(_names(value("separate_from"))),
        card=value("card"),
        properties={name: value(name) for name in spec.texts if not name.startswith("@") and name not in OWN_PROPERTIES},
        traces=run.traces_of(task),
        said={locale: said for locale in run.program.words if (said := said_in(locale))},
    )


def _names(value: Any) -> list[str]:
    if value is None:
        return []
    if isinstance(value, list):
        return [str(name) for name in value if name is not None]
    return [name.strip() for name in str(value).split(",") if name.strip()]


def _working_days(due: Any, clock: Any, now: datetime) -> float | None:
    if clock != WORKING_CLOCK or due is None or not is_duration(due):
        return None
    return (read_moment(due, now) - now) / timedelta(days=1)


def _text(value: Any) -> str | None:
    return None if value is None or value == "" else str(value)


def _number(value: Any) -> int:
    try:
        return USUAL_PRIORITY if value is None else int(value)
    except (TypeError, ValueError):
        return USUAL_PRIORITY
