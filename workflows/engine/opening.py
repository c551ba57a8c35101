"""What the diagram says of a user task, evaluated when it opens."""

from __future__ import annotations

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


class _Texts:
    """What the texts of a user task come to, and what some of them say in other languages."""

    def __init__(self, run: Inspection, task: Task) -> None:
        self.spec = task.task_spec
        self.said: dict[str, dict[str, Any]] = {}
        self._program, self._now = run.program, run.now
        self._view = run.visible(task).gathered()

    def value(self, name: str) -> Any:
        """Work a text out; None where the diagram has none."""
        formula = self.spec.texts.get(name)
        return None if formula is None else self._worked_out(formula)

    def say(self, name: str) -> Any:
        """Work a text out once for all languages; answer what it says as it is written."""
        formula = self.spec.texts.get(name)
        if formula is None:
            return None
        saying = self._program.saying(formula)
        marked = self._worked_out(saying.formula)
        for locale, marks in saying.others.items():
            self.said.setdefault(locale, {})[name] = feel.put_words(marked, marks)
        return feel.put_words(marked, saying.own)

    def moment(self, name: str) -> datetime | None:
        """Work a text out as a moment."""
        answer = self.value(name)
        try:
            return None if answer is None else read_moment(answer, self._now)
        except TimerInvalid as error:
            raise StepFailed(self.spec.name, str(error)) from error

    def properties(self) -> dict[str, Any]:
        """Work out what the task has no field of its own for."""
        names = (name for name in self.spec.texts if not name.startswith("@") and name not in OWN_PROPERTIES)
        return {name: self.say(name) if name in SAID else self.value(name) for name in names}

    def _worked_out(self, formula: Formula) -> Any:
        try:
            return formula.to_json(self._view, self._now)
        except feel.FeelError as error:
            raise StepFailed(self.spec.name, str(error)) from error


def describe_task(run: Inspection, task: Task) -> OpenTask:
    """Evaluate everything that the diagram says of a user task. Raises: StepFailed."""
    texts = _Texts(run, task)
    value, spec = texts.value, texts.spec
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
        subject=_text(texts.say("subject")),
        act=_text(value("act")),
        due_at=texts.moment("@due"),
        due_days=_working_days(value("@due"), value(CLOCK), run.now),
        follow_up_at=texts.moment("@follow_up"),
        departs_at=texts.moment("sort.departure"),
        risk=_text(value("sort.risk")),
        priority=_number(value("@priority")),
        separate_from=tuple(_names(value("separate_from"))),
        card=texts.say("card"),
        properties=texts.properties(),
        traces=run.traces_of(task),
        said=texts.said,
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
