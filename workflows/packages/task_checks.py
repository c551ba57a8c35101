"""Steps for people that are published all the same, and may be wished otherwise: without a form, without a clock."""

from __future__ import annotations

from workflows.packages.findings import Findings
from workflows.packages.package import Package


def check_tasks(package: Package, findings: Findings) -> None:
    """Advise on every user task that asks nothing, or that nobody is reminded of."""
    for file, diagram in package.diagrams.items():
        for task in diagram.elements.values():
            if task.kind != "userTask" or not diagram.process_of(task.id).executable:
                continue
            place = f"{file}: {task.id}"
            if not task.form:
                findings.advise(
                    place, "The task has no form, so it can only be confirmed.", "Name one in zeebe:formDefinition formId."
                )
            if not task.due:
                findings.advise(
                    place,
                    "The task has no due date, so nobody is reminded of it.",
                    "Write one in zeebe:taskSchedule dueDate.",
                )
