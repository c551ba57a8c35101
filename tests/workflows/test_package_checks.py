"""What a folder is advised and refused beyond its parts: clocks that approve, variables too early, steps without a time."""

from __future__ import annotations

import pytest

from services import definitions
from services.operations import CATALOGUE
from services.roles import ROLES
from webapp.preparing import PROCESSES
from workflows import packages
from workflows.packages.blocks import FOUR_EYES, read_block
from workflows.packages.wording import wordings

FLOW = '<bpmn:sequenceFlow id="late" sourceRef="clock" targetRef="{target}" />'
TIMER = """<bpmn:boundaryEvent id="clock" name="Two days" attachedToRef="{on}"{more}>
<bpmn:outgoing>late</bpmn:outgoing><bpmn:timerEventDefinition id="t"><bpmn:timeDuration>PT48H</bpmn:timeDuration>
</bpmn:timerEventDefinition></bpmn:boundaryEvent>"""
END = '<bpmn:endEvent id="{id}" name="{name}"><bpmn:incoming>late</bpmn:incoming></bpmn:endEvent>'
SCRIPT = """<bpmn:scriptTask id="guess" name="Guess"><bpmn:extensionElements><zeebe:script expression="=&quot;APPROVE&quot;"
resultVariable="decision" /></bpmn:extensionElements><bpmn:incoming>late</bpmn:incoming><bpmn:outgoing>on</bpmn:outgoing>
</bpmn:scriptTask><bpmn:sequenceFlow id="on" sourceRef="guess" targetRef="gw_decided" />"""


def four_eyes(added="", *, target="", on="decide", more="", **changed):
    files = read_block(FOUR_EYES, "access", title="Access", prefix="ACC")
    text = files["main.bpmn"].decode()
    if target:
        text = text.replace(
            "</bpmn:process>", TIMER.format(on=on, more=more) + FLOW.format(target=target) + added + "</bpmn:process>"
        )
    for old, new in changed.values():
        assert old in text
        text = text.replace(old, new)
    return packages.read_package("access", {**files, "main.bpmn": text.encode()})


def said(package, word="nobody has decided"):
    found = packages.check_package(package, operations=CATALOGUE, roles=ROLES)
    return [problem for problem in found if word in str(problem)]


@pytest.mark.parametrize(
    ("added", "target"),
    [
        ("", "note_approved"),  # what only a yes leads to
        (END.format(id="e", name="Approved"), "e"),  # an end whose name says yes
        (SCRIPT, "guess"),  # an answer in the place of the person
    ],
)
def test_a_clock_never_approves(added, target):
    (problem,) = said(four_eyes(added, target=target))

    assert not problem.is_advice
    assert problem.where == "main.bpmn: clock"
    assert "“Two days”" in str(problem)


@pytest.mark.parametrize(
    ("added", "target"),
    [
        ("", "note_refused"),
        (END.format(id="e", name="No decision"), "e"),
        (END.format(id="e", name="Not approved"), "e"),
    ],
)
def test_a_clock_may_end_without_a_decision(added, target):
    assert said(four_eyes(added, target=target)) == []


def test_a_clock_on_an_earlier_step_passes_the_person_who_decides():
    assert said(four_eyes("", target="decide", on="first_look")) == []


def test_no_shipped_process_is_told_anything():
    for folder in definitions.process_folders(PROCESSES):
        found = packages.check_package(definitions.read_folder(folder), operations=CATALOGUE, roles=ROLES)
        assert [problem for problem in found if problem.where != "i18n"] == [], folder.name


def test_what_is_read_before_anybody_is_asked_for_it_is_advised():
    package = four_eyes(due=('<zeebe:taskSchedule dueDate="PT48H" />', '<zeebe:taskSchedule dueDate="=decision_remarks" />'))

    found = said(package, "nothing that comes before it sets it")

    assert {problem.where for problem in found} == {"main.bpmn: first_look", "main.bpmn: decide"}
    assert all(problem.is_advice for problem in found)


def test_a_slip_of_the_pen_is_told_with_what_was_meant():
    package = four_eyes(slip=(">=decision = &quot;APPROVE&quot;<", ">=decison = &quot;APPROVE&quot;<"))

    (found,) = said(package, "nothing in this process sets")

    assert "decision is set" in str(found)


def test_a_step_without_form_or_time_is_advised():
    package = four_eyes(
        form=('<zeebe:formDefinition formId="F-ACC-02" />', ""),
        due=('<zeebe:taskSchedule dueDate="PT48H" />', ""),
    )

    assert [problem.where for problem in said(package, "has no form")] == ["main.bpmn: first_look"]
    assert len(said(package, "has no due date")) == 2


LEFT = "left lying"
REASON = ('name="act" value="RECOMMEND" />', 'name="act" value="RECOMMEND" /><zeebe:property name="no_clock" value="{}" />')


def test_a_task_that_nobody_would_miss_is_advised():
    found = said(four_eyes(), LEFT)

    assert [problem.where for problem in found] == ["main.bpmn: first_look", "main.bpmn: decide"]
    assert all(problem.is_advice for problem in found)


@pytest.mark.parametrize("more", ["", ' cancelActivity="false"'])
def test_a_clock_on_a_task_says_when_nobody_does_it(more):
    package = four_eyes(END.format(id="e", name="Late"), target="e", more=more)

    assert [problem.where for problem in said(package, LEFT)] == ["main.bpmn: first_look"]


def test_a_clock_elsewhere_counts_for_the_task_that_it_names():
    of = "<zeebe:properties><zeebe:property name='clock_of' value='first_look' /></zeebe:properties>"
    named = ("<bpmn:outgoing>late<", f"<bpmn:extensionElements>{of}</bpmn:extensionElements><bpmn:outgoing>late<")
    package = four_eyes(END.format(id="e", name="Late"), target="e", named=named)

    assert said(package, LEFT) == []


def test_a_task_may_go_without_a_clock_for_a_reason_that_is_given():
    given = (REASON[0], REASON[1].format("It is open as long as the office exists."))

    assert [problem.where for problem in said(four_eyes(given=given), LEFT)] == ["main.bpmn: decide"]
    (refused,) = said(four_eyes(given=(REASON[0], REASON[1].format(" "))), "nobody says why")
    assert not refused.is_advice


def test_a_reminder_that_acts_on_nothing_is_refused():
    (refused,) = said(four_eyes(slip=(REASON[0], REASON[0] + '<zeebe:property name="sla.remind" value="P3D" />')), "sla.remind")

    assert not refused.is_advice


def test_the_building_block_is_sound_and_may_be_published():
    found = packages.check_package(four_eyes(), operations=CATALOGUE, roles=ROLES)

    assert [problem for problem in found if not problem.is_advice] == []
    assert packages.prove_package(four_eyes())["access_main"].verdict == "SOUND"


ASKED = """<bpmn:boundaryEvent id="asked" name="Taken back" attachedToRef="decide"><bpmn:extensionElements>
<zeebe:properties>{properties}</zeebe:properties></bpmn:extensionElements><bpmn:outgoing>late</bpmn:outgoing>
<bpmn:messageEventDefinition id="m" messageRef="taken_back" /></bpmn:boundaryEvent>"""
MESSAGE = """<bpmn:message id="taken_back" name="MSG_TAKEN_BACK"><bpmn:extensionElements>
<zeebe:subscription correlationKey="=case.number" /></bpmn:extensionElements></bpmn:message></bpmn:definitions>"""


def who_may_send(**properties):
    written = "".join(f'<zeebe:property name="ask.{name}" value="{value}" />' for name, value in properties.items())
    flow = ASKED.format(properties=written) + FLOW.format(target="note_refused").replace('"clock"', '"asked"')
    package = four_eyes(process=("</bpmn:process>", flow + "</bpmn:process>"), message=("</bpmn:definitions>", MESSAGE))
    return [problem for problem in said(package, "") if problem.where == "main.bpmn: asked"]


def test_a_message_of_officials_says_how_it_is_asked_about_what():
    form = next(iter(four_eyes().forms))

    assert who_may_send(form=form, role="DO, DOAI", rows="=cases", row="chosen") == []
    assert who_may_send(form=form, role="DO, DOAI", rows="=cases") == [], "one row needs no answer that chooses it"
    (unknown,) = who_may_send(form=form, role="DO, KING", rows="=cases", row="chosen")
    (missing,) = who_may_send(form="F-NONE")
    (unsaid,) = who_may_send(form=form, role="DO")

    assert "KING" in str(unknown)
    assert "F-NONE" in str(missing)
    assert "ask.rows" in str(unsaid)


@pytest.mark.parametrize(
    ("shown", "told"),
    [
        ('upper case("badge")', {"badge"}),
        ('if subject = "badge" then "a badge" else "a key"', set()),
    ],
)
def test_words_that_no_language_can_exchange_are_told(shown, told):
    package = four_eyes(card=("value: subject}", "value: " + shown.replace('"', "&quot;") + "}"))

    found = said(package, "looked at before it is shown")

    assert {problem.facts["text"] for problem in found if problem.is_advice} == told
    assert "badge" not in {each.written for each in wordings(package)}, "nobody is asked to translate what stays"
