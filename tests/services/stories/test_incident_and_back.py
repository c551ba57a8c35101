"""An incident and what follows in all processes, until the area is as it was."""

from __future__ import annotations

from tests.services.stories.area import AREA, ATTACKED, AreaStory


def test_an_incident_is_felt_in_every_process_until_a_new_assessment_ends_it(story: AreaStory) -> None:
    first, second = story.ask("petra.strand", AREA), story.ask("ana.lucero", AREA)
    story.go_on()
    assert [[line.status, line.mode] for case in (first, second) for line in story.lines(case)] == [["GRANTED", "AUTO"]] * 2
    assert story.opened("risk_assessment") == []

    story.report_major_incident()
    [assessment] = story.opened("risk_assessment")
    story.raise_level(4)

    assert story.state() == (4, "MANUAL", "SRM-XA-CAP-2026-01")
    assert story.opened("risk_assessment") == [assessment], "what the incident opened is also what the level asks for"
    assert [[line.status, line.mode] for case in (first, second) for line in story.lines(case)] == [["PENDING", "MANUAL"]] * 2
    assert {certificate.status for case in (first, second) for certificate in story.certificates(case)[:1]} == {"VOID"}

    story.act(first, "yusra.ben-halim", "stop_recommend", advice="RECOMMEND")
    story.act(second, "yusra.ben-halim", "stop_recommend", advice="NOT_RECOMMEND", reasons=ATTACKED)
    story.act(first, "naledi.vanter", "stop_decide", decision="GRANT")
    story.act(second, "naledi.vanter", "stop_decide", decision="DENY", reason_code="RISK", reason_text=ATTACKED)

    assert [story.lines(case)[0].status for case in (first, second)] == ["GRANTED", "DENIED"]
    assert [story.certificates(case)[-1].status for case in (first, second)] == ["VALID", "SUSPENDED"]
    assert "N-TSC-19" in story.letters_to("ana.lucero"), (
        "whose clearance is taken back must hear more than that it was not granted"
    )
    assert "N-TSC-19" not in story.letters_to("petra.strand")

    granted, denied = (story.answers(second)[number] for number in (0, -1))
    assert (granted.act, granted.actor_person, granted.supersedes_id) == ("GRANT", "system", None)
    assert (denied.act, denied.actor_person) == ("DECIDE", "naledi.vanter")
    assert denied.supersedes_id is not None, "the record of what held before stays, and the new one names it"

    story.endorse_assessment(assessment, level=3, mode="AUTO")

    assert story.state() == (3, "AUTO", "SRM-XA-CAP-2026-02")
    assert len(story.opened("security_plan")) == 1, "an endorsed assessment asks for a new security plan"
    third = story.ask("iris.calder", AREA)
    story.go_on()
    assert [[line.status, line.mode] for line in story.lines(third)] == [["GRANTED", "AUTO"]]
    assert [story.lines(case)[0].status for case in (first, second)] == ["GRANTED", "DENIED"], "what people decided stands"
