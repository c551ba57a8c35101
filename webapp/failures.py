"""What a person is told when a step behind their act fails: that nothing was changed, and a code to speak of it."""

from __future__ import annotations

from typing import Any

from services import cases, definitions
from services.errors import OperationFailed
from webapp.context import actor, database, now
from webapp.presenters.texts import Texts
from workflows.errors import Problem


def note_failure(error: OperationFailed, act: str, **about: Any) -> Problem:
    """Keep a failed act as an incident, and say it as a problem of the page on which it was sent.

    Args:
        act: complete, message or start.
        about: What the attempt was about, as `services.cases.Attempt` names it.
    """
    attempt = cases.Attempt(act=act, actor=actor(), **about)
    with database().transaction() as session:
        incident = cases.note_failure(session, error, attempt, now=now())
        package = definitions.get_package(session, incident.version_id)
    facts = {"reference": cases.reference_of(incident)}
    if incident.element is None:
        sentence = (
            "This could not be carried out. Nothing was changed, and what you entered is kept. "
            "Those who look after the process see the failure under the code {reference}."
        )
        return Problem(where="", sentence=sentence, way_out="You can send it again later.", facts=facts)
    elements = (diagram.elements.get(incident.element) for diagram in package.diagrams.values())
    written = next((element.name for element in elements if element is not None), "")
    facts["step"] = Texts.of(package).element(incident.element, written) or incident.element
    sentence = (
        "The step “{step}”, which follows, could not be carried out. Nothing was changed, and what you entered is kept. "
        "Those who look after the process see the failure under the code {reference}."
    )
    return Problem(where="", sentence=sentence, way_out="You can send it again later.", facts=facts)
