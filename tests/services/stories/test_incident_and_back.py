"""An incident and what follows in all processes, until the area is as it was."""

from __future__ import annotations

from services import indicators
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

    story.approve_assessment(assessment, level=3, mode="AUTO")
    story.endorse_assessment(assessment)

    assert story.state() == (3, "AUTO", "SRM-XA-CAP-2026-02")
    assert len(story.opened("security_plan")) == 1, "an endorsed assessment asks for a new security plan"
    third = story.ask("iris.calder", AREA)
    story.go_on()
    assert [[line.status, line.mode] for line in story.lines(third)] == [["GRANTED", "AUTO"]]
    assert [story.lines(case)[0].status for case in (first, second)] == ["GRANTED", "DENIED"], "what people decided stands"


def test_the_indicators_of_the_quarter_follow_what_happened(story: AreaStory) -> None:
    def count(key: str) -> tuple[int, int | None]:
        with story.database.reading() as session:
            if key in indicators.INDICATORS:
                value = indicators.compute(session, key, period="2026-Q4", area=AREA, now=story.now)
            else:
                value = indicators.get_figure(key).count(session, indicators.ask(period="2026-Q4", area=AREA, now=story.now))
        return value.numerator, value.denominator

    first, second = story.ask("petra.strand", AREA), story.ask("ana.lucero", AREA)
    story.go_on()
    # The area has one assessment, endorsed in April; two requests were granted by rule, so nobody had to decide in time.
    assert count("K5") == (1, 1)
    assert count("decided_in_time") == (0, 0)
    assert count("revocations") == (0, None)

    story.report_major_incident()
    [assessment] = story.opened("risk_assessment")
    story.raise_level(4)
    for case, advice in ((first, "RECOMMEND"), (second, "NOT_RECOMMEND")):
        story.act(case, "yusra.ben-halim", "stop_recommend", advice=advice, reasons=ATTACKED)
    story.act(first, "naledi.vanter", "stop_decide", decision="GRANT")
    story.act(second, "naledi.vanter", "stop_decide", decision="DENY", reason_code="RISK", reason_text=ATTACKED)
    # Two stops were put before the adviser and both answered within the day that the table gives; one lost its clearance.
    assert count("decided_in_time") == (2, 2)
    assert count("revocations") == (1, None)

    story.approve_assessment(assessment, level=3, mode="AUTO")
    # The Designated Official has approved a new version, which headquarters has not endorsed; the old one stands beside it.
    assert count("K5") == (1, 2)
    story.endorse_assessment(assessment)
    # Endorsed, and the old one superseded.
    assert count("K5") == (1, 1)
    assert count("endorsement_rounds") == (1, None)
