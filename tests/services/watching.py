"""Two small processes that hear of each other: a watch that waits and listens, and a shout that throws."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from services import bus, cases, definitions, demo, people
from services.database import Database, upgrade
from services.models import AuditEntry
from services.models.bus import BusEvent, BusReceipt, CaseWait
from services.models.cases import Case, CaseIncident
from services.posting import post_event
from workflows import packages

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
PERSON = "lina.marchetti"

_HEAD = """\
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="urn:t">
"""
WATCH = (
    _HEAD
    + """\
  <bpmn:process id="watch_main" name="Watch" isExecutable="true">
    <bpmn:laneSet id="lanes"><bpmn:lane id="lane" name="DSSO"><bpmn:flowNodeRef>look</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>
    <bpmn:startEvent id="begin" name="Asked"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="look" />
    <bpmn:startEvent id="called" name="Called"><bpmn:outgoing>f2</bpmn:outgoing>
      <bpmn:messageEventDefinition id="called_by" messageRef="m_open" />
    </bpmn:startEvent>
    <bpmn:sequenceFlow id="f2" sourceRef="called" targetRef="look" />
    <bpmn:userTask id="look" name="Look">
      <bpmn:incoming>f1</bpmn:incoming><bpmn:incoming>f2</bpmn:incoming><bpmn:outgoing>f3</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:sequenceFlow id="f3" sourceRef="look" targetRef="rest" />
    <bpmn:intermediateCatchEvent id="rest" name="Rest"><bpmn:incoming>f3</bpmn:incoming><bpmn:outgoing>f4</bpmn:outgoing>
      <bpmn:messageEventDefinition id="rest_by" messageRef="m_rest" />
    </bpmn:intermediateCatchEvent>
    <bpmn:sequenceFlow id="f4" sourceRef="rest" targetRef="done" />
    <bpmn:endEvent id="done" name="Done"><bpmn:incoming>f4</bpmn:incoming></bpmn:endEvent>
    <bpmn:boundaryEvent id="b_alarm" name="Alarm" cancelActivity="false" attachedToRef="look"><bpmn:outgoing>g1</bpmn:outgoing>
      <bpmn:signalEventDefinition id="b_alarm_by" signalRef="s_alarm" />
    </bpmn:boundaryEvent>
    <bpmn:boundaryEvent id="b_review" name="Review" cancelActivity="false" attachedToRef="look"><bpmn:outgoing>g2</bpmn:outgoing>
      <bpmn:messageEventDefinition id="b_review_by" messageRef="m_review" />
    </bpmn:boundaryEvent>
    <bpmn:boundaryEvent id="b_call" name="Call" cancelActivity="false" attachedToRef="look"><bpmn:outgoing>g3</bpmn:outgoing>
      <bpmn:messageEventDefinition id="b_call_by" messageRef="m_call" />
    </bpmn:boundaryEvent>
    <bpmn:boundaryEvent id="b_stop" name="Stop" attachedToRef="look"><bpmn:outgoing>g4</bpmn:outgoing>
      <bpmn:messageEventDefinition id="b_stop_by" messageRef="m_stop" />
    </bpmn:boundaryEvent>
    <bpmn:sequenceFlow id="g1" sourceRef="b_alarm" targetRef="note" />
    <bpmn:sequenceFlow id="g2" sourceRef="b_review" targetRef="note" />
    <bpmn:sequenceFlow id="g3" sourceRef="b_call" targetRef="note" />
    <bpmn:sequenceFlow id="g4" sourceRef="b_stop" targetRef="stopped" />
    <bpmn:scriptTask id="note" name="Note">
      <bpmn:extensionElements>
        <zeebe:script expression="=concatenate(if heard = null then [] else heard, [reason])" resultVariable="heard" />
      </bpmn:extensionElements>
      <bpmn:incoming>g1</bpmn:incoming><bpmn:incoming>g2</bpmn:incoming><bpmn:incoming>g3</bpmn:incoming>
      <bpmn:outgoing>g5</bpmn:outgoing>
    </bpmn:scriptTask>
    <bpmn:sequenceFlow id="g5" sourceRef="note" targetRef="noted" />
    <bpmn:endEvent id="noted" name="Noted"><bpmn:incoming>g5</bpmn:incoming></bpmn:endEvent>
    <bpmn:endEvent id="stopped" name="Stopped"><bpmn:incoming>g4</bpmn:incoming></bpmn:endEvent>
  </bpmn:process>
  <bpmn:signal id="s_alarm" name="SIG_ALARM" />
  <bpmn:message id="m_open" name="MSG_OPEN_WATCH" />
  <bpmn:message id="m_review" name="MSG_REVIEW"><bpmn:extensionElements>
    <zeebe:subscription correlationKey="=case.number" /></bpmn:extensionElements></bpmn:message>
  <bpmn:message id="m_stop" name="MSG_STOP"><bpmn:extensionElements>
    <zeebe:subscription correlationKey="=case.number" /></bpmn:extensionElements></bpmn:message>
  <bpmn:message id="m_call" name="MSG_CALL"><bpmn:extensionElements>
    <zeebe:subscription correlationKey="=&quot;post &quot; + area" /></bpmn:extensionElements></bpmn:message>
  <bpmn:message id="m_rest" name="MSG_REST"><bpmn:extensionElements>
    <zeebe:subscription correlationKey="=area" /></bpmn:extensionElements></bpmn:message>
</bpmn:definitions>
"""
)
SHOUT = (
    _HEAD
    + """\
  <bpmn:process id="shout_main" name="Shout" isExecutable="true">
    <bpmn:startEvent id="begin" name="Asked"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="shout" />
    <bpmn:intermediateThrowEvent id="shout" name="Shout">
      <bpmn:extensionElements>
        <zeebe:ioMapping><zeebe:input source="=reason" target="reason" /></zeebe:ioMapping>
        <zeebe:properties>PROPERTIES</zeebe:properties>
      </bpmn:extensionElements>
      <bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing>
      THROWN
    </bpmn:intermediateThrowEvent>
    <bpmn:sequenceFlow id="f2" sourceRef="shout" targetRef="done" />
    <bpmn:endEvent id="done" name="Done"><bpmn:incoming>f2</bpmn:incoming></bpmn:endEvent>
  </bpmn:process>
  <bpmn:signal id="s_alarm" name="SIG_ALARM" />
  <bpmn:message id="m_thrown" name="MESSAGE"><bpmn:extensionElements>
    <zeebe:subscription correlationKey="=key" /></bpmn:extensionElements></bpmn:message>
</bpmn:definitions>
"""
)
SIGNAL = '<bpmn:signalEventDefinition id="by" signalRef="s_alarm" />'
MESSAGE = '<bpmn:messageEventDefinition id="by" messageRef="m_thrown" />'
HEAD = 'owner_role = "PRO"\nstart_form = "F"\narea = "=area"\n'
WATCH_HEAD = 'title = "Watch"\nmain = "watch_main"\nnumber_prefix = "WAT"\n' + HEAD
SHOUT_HEAD = 'title = "Shout"\nmain = "shout_main"\nnumber_prefix = "SHO"\n' + HEAD
OPENS = '[[opens]]\nevent = "OPEN_WATCH"\nstart = "MSG_OPEN_WATCH"\nonce = "=event.area"\n[opens.answers]\narea = "=event.area"\n'
FIELDS = ("area", "reason", "key")
FORM = {"id": "F", "type": "default", "components": [{"type": "textfield", "key": key, "label": key} for key in FIELDS]}


def watch(rules: str = OPENS, *, key: str = "watch", diagram: str = WATCH) -> packages.Package:
    """A watch in an area, with rules."""
    files = {"process.toml": (WATCH_HEAD + rules).encode(), "main.bpmn": diagram.encode()}
    return packages.read_package(key, files | {"forms/F.form": json.dumps(FORM).encode()})


def shout(thrown: str = SIGNAL, *, message: str = "MSG_CALL", **properties: str) -> packages.Package:
    """A case that throws something and is over."""
    said = "".join(f'<zeebe:property name="{name.replace("_", ".")}" value="{value}" />' for name, value in properties.items())
    diagram = SHOUT.replace("THROWN", thrown).replace("PROPERTIES", said).replace("MESSAGE", message)
    files = {"process.toml": SHOUT_HEAD.encode(), "main.bpmn": diagram.encode(), "forms/F.form": json.dumps(FORM).encode()}
    return packages.read_package("shout", files)


@dataclass(frozen=True, kw_only=True)
class Watches:
    """A database with people, and short ways to act in it."""

    database: Database

    def publish(self, *published: packages.Package) -> None:
        with self.database.transaction() as session:
            for package in published:
                definitions.publish(session, package, by="system", now=NOW)

    def start(self, process: str = "watch", *, area: str = "XA-NOR", now: datetime = NOW, **answers: str) -> str:
        """Somebody starts a case; its id."""
        with self.database.transaction() as session:
            actor = people.actor_named(session, PERSON)
            return cases.start_case(session, process, actor=actor, answers={"area": area, **answers}, now=now).id

    def post(self, kind: str, area: str | None = "XA-NOR", now: datetime = NOW, **payload: Any) -> str:
        """Something happens elsewhere; the id of the event."""
        with self.database.transaction() as session:
            return post_event(session, kind, area=area, payload=payload, by="system", now=now).id

    def dispatch(self, now: datetime = NOW) -> int:
        return bus.dispatch(self.database, now)

    def case(self, case_id: str) -> Case:
        with self.database.reading() as session:
            return session.get_one(Case, case_id)

    def cases(self, process: str = "watch") -> list[Case]:
        with self.database.reading() as session:
            return list(session.scalars(select(Case).where(Case.process_key == process).order_by(Case.number)))

    def heard(self, case_id: str) -> list[Any]:
        """What a case has heard, in order: the reason of each message and signal."""
        with self.database.reading() as session:
            case = session.get_one(Case, case_id)
            return cases.loading.look_into(session, case, now=NOW).variables.get("heard") or []

    def waits(self, case_id: str) -> list[tuple[str, str]]:
        with self.database.reading() as session:
            rows = session.scalars(select(CaseWait).where(CaseWait.case_id == case_id).order_by(CaseWait.name))
            return [(row.name, row.key) for row in rows]

    def events(self) -> list[BusEvent]:
        with self.database.reading() as session:
            return list(session.scalars(select(BusEvent).order_by(BusEvent.id)))

    def receipts(self) -> dict[str, str]:
        """What was done for whom; a case by its number."""
        with self.database.reading() as session:
            numbers = dict(session.execute(select(Case.id, Case.number)).all())
            rows = session.scalars(select(BusReceipt))
            return {numbers.get(row.receiver, row.receiver): row.action for row in rows}

    def acts(self, case_id: str) -> list[str]:
        with self.database.reading() as session:
            rows = select(AuditEntry.act).where(AuditEntry.case_id == case_id).order_by(AuditEntry.seq)
            return list(session.scalars(rows))

    def break_state(self, case_id: str) -> Callable[[], None]:
        """Make the state of a case unreadable; answers what mends it."""
        with self.database.transaction() as session:
            row = session.get_one(Case, case_id)
            state, row.engine_state = row.engine_state, b"rot"

        def mend() -> None:
            with self.database.transaction() as session:
                session.get_one(Case, case_id).engine_state = state

        return mend

    def repair(self, case_id: str) -> None:
        """Somebody lets a case go on that was put aside."""
        with self.database.transaction() as session:
            mine = select(CaseIncident.id).where(CaseIncident.case_id == case_id, CaseIncident.closed_at.is_(None))
            cases.close_incident(session, session.scalars(mine).one(), actor=people.SYSTEM, now=NOW)

    def stop(self, case_id: str) -> None:
        """A case comes to its end."""
        with self.database.transaction() as session:
            number = session.get_one(Case, case_id).number
            cases.send_message(session, "MSG_STOP", number, {}, actor=people.SYSTEM, now=NOW)

    def forget_handling(self, event_id: str) -> None:
        """The note that an event was handled gets lost, as by a crash before it."""
        with self.database.transaction() as session:
            session.get_one(BusEvent, event_id).handled_at = None


def fill_people(url: str) -> None:
    """Make a database with the people and areas of the demo world and no process."""
    upgrade(url)
    database = Database(url)
    with database.transaction() as session:
        demo.load_world(session, NOW)
    database.dispose()
