"""What a requester may send to a case: the process says it, so that a new one needs nothing but its folder."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

from webapp.presenters.messages import list_kinds, list_offered
from workflows.diagrams import read_diagram
from workflows.forms import EMPTY

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
DIAGRAM = b"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0">
<process id="p" isExecutable="true"><startEvent id="s"><outgoing>f</outgoing></startEvent>
<intermediateCatchEvent id="wait" name="Tell how many come"><documentation>Say it before Friday.</documentation>
<extensionElements>
<zeebe:properties><zeebe:property name="ask.form" value="guests"/></zeebe:properties></extensionElements>
<incoming>f</incoming><messageEventDefinition messageRef="m"/></intermediateCatchEvent>
<sequenceFlow id="f" sourceRef="s" targetRef="wait"/></process><message id="m" name="MSG_GUESTS"/></definitions>"""


def kinds_of(marks, diagram=DIAGRAM, **variables):
    package = SimpleNamespace(
        diagrams={"p": read_diagram(diagram, name="p.bpmn")},
        forms={"guests": EMPTY},
        texts={},
        manifest=SimpleNamespace(title="", about=""),
    )
    return list_kinds(list_offered(SimpleNamespace(marks=marks, variables=variables), package, NOW), package)


def test_a_message_that_names_its_form_can_be_sent_under_the_name_of_its_event(app):
    with app.test_request_context("/"):
        (kind,) = kinds_of({"wait": "active"})

        assert (kind.slug, kind.message) == ("guests", "MSG_GUESTS")
        assert (kind.name(), kind.about()) == ("Tell how many come", "Say it before Friday.")


def test_a_message_that_nothing_waits_for_is_not_offered(app):
    with app.test_request_context("/"):
        assert kinds_of({"wait": "done"}) == []


def test_a_message_is_offered_when_its_process_says_so(app):
    asked = b'value="guests"/><zeebe:property name="ask.when" value="=room != null"/>'
    diagram = DIAGRAM.replace(b'value="guests"/>', asked)
    with app.test_request_context("/"):
        assert kinds_of({"wait": "active"}, diagram, room=None) == []
        assert [kind.slug for kind in kinds_of({"wait": "active"}, diagram, room="4B")] == ["guests"]
