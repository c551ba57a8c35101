"""Whether what is to undo something can be reached, and can do it."""

from __future__ import annotations

import pytest

from tests.workflows.diagrams.building import END, START, TIMER, flows

EVENT = '<boundaryEvent id="b" attachedToRef="t"><compensateEventDefinition/></boundaryEvent>'
UNDO = '<userTask id="u" isForCompensation="true"/>'
JOINED = '<association id="a" sourceRef="b" targetRef="u"/>'
THROW = '<intermediateThrowEvent id="c"><compensateEventDefinition {}/></intermediateThrowEvent>'
CANCEL_END = '<endEvent id="x"><cancelEventDefinition/></endEvent>'
CANCEL = '<boundaryEvent id="k" attachedToRef="t" {}><cancelEventDefinition/></boundaryEvent>'


def transaction(*inner: str, tag: str = "transaction") -> str:
    return f'<{tag} id="t"><startEvent id="i"/>{"".join(inner)}{flows("i>x", prefix="n")}</{tag}>'


def event_subprocess(definition: str, key: str = "h") -> str:
    return f'<subProcess id="{key}" triggeredByEvent="true"><startEvent id="{key}s">{definition}</startEvent></subProcess>'


COMPENSATE = event_subprocess("<compensateEventDefinition/>")
AGAIN = event_subprocess("<compensateEventDefinition/>", "g")


@pytest.mark.parametrize(
    "inside",
    [
        '<task id="t"/>' + EVENT + UNDO + JOINED + THROW.format(""),
        '<task id="t"/>' + EVENT + UNDO + JOINED + THROW.format('activityRef="t"'),
        '<task id="t"/>' + EVENT + UNDO + '<association id="a" sourceRef="u" targetRef="b"/>' + THROW.format(""),
        f'<subProcess id="t"><startEvent id="i"/>{COMPENSATE}</subProcess>' + THROW.format('activityRef="t"'),
        transaction(CANCEL_END) + CANCEL.format("") + THROW.format(""),
    ],
)
def test_what_can_be_undone_passes(refusals, inside):
    assert [found for found in refusals(START + END + inside, "s>t", "t>c", "c>e") if found[0] != "k"] == []


@pytest.mark.parametrize(
    ("inside", "where", "word"),
    [
        (UNDO, "u", "Nothing leads to this compensation activity"),
        (EVENT, "b", "leads to no compensation activity"),
        (EVENT + '<userTask id="u"/>' + JOINED, "b", "leads to no compensation activity"),
        (EVENT + EVENT.replace('"b"', '"b2"') + UNDO + JOINED, "b2", "two compensation events"),
        (
            EVENT + f'<subProcess id="o"><startEvent id="os"/>{UNDO}</subProcess>' + JOINED,
            "b",
            "different subprocesses",
        ),
        (
            EVENT + UNDO + JOINED + '<boundaryEvent id="ub" attachedToRef="u"><errorEventDefinition/></boundaryEvent>',
            "ub",
            "do not interrupt",
        ),
        (
            EVENT
            + UNDO
            + '<userTask id="v" isForCompensation="true"/>'
            + JOINED
            + '<association id="a2" sourceRef="b" targetRef="v"/>',
            "b",
            "two activities",
        ),
        (THROW.format('activityRef="gone"'), "c", "no activity of the same process"),
        (THROW.format('activityRef="t"'), "c", "which nothing undoes"),
        (COMPENSATE, "hs", "A process as a whole is never undone"),
        (CANCEL_END, "x", "lies directly in none"),
        (CANCEL.format(""), "k", "Only a transaction"),
    ],
)
def test_what_would_undo_nothing_is_refused(refusals, inside, where, word):
    found = refusals(START + END + '<task id="t"/>' + inside, "s>t", "t>e")

    assert any(where == at and word in sentence for at, sentence in found)


def test_no_flow_leads_to_or_from_what_undoes(refusals):
    found = refusals(START + END + '<task id="t"/>' + EVENT + UNDO + JOINED, "s>t", "t>e", "t>u", "b>e")

    assert any(where == "u" and "No sequence flow" in sentence for where, sentence in found)
    assert any(where == "b" and "No sequence flow" in sentence for where, sentence in found)


def test_a_non_interrupting_event_on_what_undoes_passes(refusals):
    reminder = f'<boundaryEvent id="ub" attachedToRef="u" cancelActivity="false">{TIMER.format("PT1H")}</boundaryEvent>'

    assert refusals(START + END + '<task id="t"/>' + EVENT + UNDO + JOINED + reminder, "s>t", "t>e") == []


@pytest.mark.parametrize(
    ("inside", "where", "word"),
    [
        (transaction(CANCEL_END), "x", "no cancel event on its boundary"),
        (transaction(CANCEL_END) + CANCEL.format('cancelActivity="false"'), "k", "always interrupts"),
        (transaction(CANCEL_END) + CANCEL.format("") + CANCEL.format("").replace('"k"', '"k2"'), "k2", "two cancel events"),
        (transaction(CANCEL_END, tag="subProcess"), "x", "lies directly in none"),
        (
            f'<subProcess id="t"><startEvent id="i"/>{COMPENSATE}{AGAIN}</subProcess>',
            "gs",
            "only one would run",
        ),
    ],
)
def test_a_transaction_that_could_not_be_cancelled_is_refused(refusals, inside, where, word):
    found = refusals(START + END + inside, "s>t", "t>e")

    assert any(where == at and word in sentence for at, sentence in found)
