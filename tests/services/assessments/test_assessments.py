"""What a case of an assessment leaves in the registers, and what others hear of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from services.errors import AlreadyActed, MessageNotExpected, NotAllowed
from services.models.areas import AreaState
from services.models.assessments import Assessment, Measure, RiskEvent
from services.models.audit import Decision
from services.models.authority import Absence
from services.models.base import new_id
from services.models.bus import BusEvent
from services.models.cases import CaseParty
from services.models.clearances import KpiEvent
from services.registers import assessments as register
from services.registers.areas import facts_for_stay
from tests.services.assessments.stories import DAY, NOW, Stories


def test_the_world_has_the_version_that_each_area_names(embedded: Stories) -> None:
    with embedded.database.reading() as session:
        named = {state.area: state for state in session.scalars(select(AreaState)) if state.assessment}
        for area, state in named.items():
            version = register.get_assessment(session, state.assessment or "")
            assert (version.area, version.valid_to) == (area, state.assessment_valid_to)
        assert register.get_assessment(session, "SRM-XG-CAP-2026-01").status == "EXPIRED"
        assert register.find_in_force(session, "XG-CAP", NOW.date()) is None
        assert register.find_in_force(session, "XA-NOR", NOW.date()).number == "SRM-XA-NOR-2026-01"
        assert {row.assessment for row in session.scalars(select(Measure))} <= {
            row.number for row in session.scalars(select(Assessment))
        }


def test_renewals_are_due_sixty_days_before_the_end_and_not_where_the_area_closes(embedded: Stories) -> None:
    with embedded.database.reading() as session:
        due = [renewal.area for renewal in register.list_renewals(session, NOW.date())]
        day_before = [renewal.area for renewal in register.list_renewals(session, NOW.date() - DAY)]

    # XB-CAP ends on 30 January, exactly sixty days later; XL-OLD closes when its assessment ends.
    assert due == ["XG-CAP", "XC-SOU", "XB-CAP"]
    assert day_before == ["XG-CAP", "XC-SOU"]


def test_the_daily_round_opens_one_renewal_for_an_area_and_no_second_one(stories: Stories) -> None:
    asked = stories.ask("emeka.strand", "XB-CAP")

    stories.work()
    stories.work(DAY)

    with stories.database.reading() as session:
        rows = session.scalars(select(Assessment).where(Assessment.case_id.is_not(None))).all()
    assert sorted((row.area, row.trigger) for row in rows) == [("XB-CAP", "ANNUAL"), ("XC-SOU", "ANNUAL"), ("XG-CAP", "ANNUAL")]
    assert stories.version(asked).number == "SRM-XB-CAP-2026-02"
    assert ("emeka.strand", "N-SRM-01") in {(letter.person, letter.code) for letter in stories.mailer.letters}


def test_a_draft_begins_with_the_content_of_the_last_version(embedded: Stories) -> None:
    case_id = embedded.ask("naledi.vanter", "XA-NOR")
    embedded.draft(case_id, "naledi.vanter")

    with embedded.database.reading() as session:
        number = register.find_by_case(session, case_id).number
        events = register.list_risk_events(session, number)
        before = register.list_risk_events(session, "SRM-XA-NOR-2026-01")
        assert [(event.code, event.risk, event.residual_risk) for event in events] == [
            (event.code, event.risk, event.residual_risk) for event in before
        ]
        assert len(register.list_measures(session, number)) == 3
        assert register.get_assessment(session, "SRM-XA-NOR-2026-01").under_review


def test_a_new_version_takes_the_place_of_the_one_before_and_its_case_ends(stories: Stories) -> None:
    first = stories.ask("emeka.strand", "XB-CAP", "LEVEL_CHANGE")
    stories.to_desk(first)
    stories.endorse(first)
    stories.work(DAY)

    second = stories.ask("emeka.strand", "XB-CAP", "LEVEL_CHANGE", title="A second one")
    stories.to_desk(second)
    stories.endorse(second)
    stories.work()

    old, new = stories.version(first), stories.version(second)
    assert (stories.case(first).state, stories.case(first).outcome, old.status) == ("COMPLETED", "SUPERSEDED", "SUPERSEDED")
    assert (old.superseded_by, old.valid_to) == (new.number, date(2026, 12, 1))
    assert (stories.case(second).state, new.status, new.valid_from) == ("OPEN", "ENDORSED", date(2026, 12, 2))
    with stories.database.reading() as session:
        assert facts_for_stay(session, "XB-CAP", arrive_at=stories.now, now=stories.now).srm_valid


def test_an_area_whose_version_ends_has_none_and_is_told_so_each_week_until_a_new_one_is_there(stories: Stories) -> None:
    case_id = stories.ask("emeka.strand", "XB-CAP", "LEVEL_CHANGE")
    stories.to_desk(case_id)
    stories.endorse(case_id)

    for _ in range(14):
        stories.work(timedelta(days=28))

    version = stories.version(case_id)
    assert (version.status, version.valid_to) == ("EXPIRED", date(2027, 11, 30))
    with stories.database.reading() as session:
        told = session.scalars(select(BusEvent).where(BusEvent.kind == "SIG_SRM_EXPIRED", BusEvent.area == "XB-CAP")).all()
        assert [event.payload["version"] for event in told].count(version.number) == 1
        assert not facts_for_stay(session, "XB-CAP", arrive_at=stories.now, now=stories.now).srm_valid
    said = [letter for letter in stories.mailer.letters if (letter.person, letter.code) == ("emeka.strand", "N-SRM-06")]
    assert len(said) >= 3


def test_an_author_may_withdraw_until_the_official_decides_and_a_stranger_never(stories: Stories) -> None:
    early, late = stories.ask("emeka.strand", "XB-CAP"), stories.ask("naledi.vanter", "XA-NOR")
    stories.draft(late, "kofi.drummond")

    with pytest.raises(NotAllowed):
        stories.send(late, "MSG_WITHDRAW_ASSESSMENT", "mina.tavares", reason="Not mine")
    stories.send(late, "MSG_WITHDRAW_ASSESSMENT", "kofi.drummond", reason="Something else came up.")
    stories.to_desk(early)
    with pytest.raises(MessageNotExpected):
        stories.send(early, "MSG_WITHDRAW_ASSESSMENT", "emeka.strand", reason="Too late")

    assert (stories.case(late).outcome, stories.version(late).status) == ("WITHDRAWN", "WITHDRAWN")
    assert stories.version(early).status == "WITH_DESK"


def test_a_withdrawn_draft_makes_way_for_a_new_one(embedded: Stories) -> None:
    first = embedded.ask("emeka.strand", "XB-CAP")
    embedded.send(first, "MSG_WITHDRAW_ASSESSMENT", reason="Begun too early.")
    second = embedded.ask("emeka.strand", "XB-CAP")

    with embedded.database.reading() as session:
        base = register.get_assessment(session, "SRM-XB-CAP-2026-01")
        assert (base.status, base.under_review) == ("ENDORSED", True)
    assert embedded.version(second).number == "SRM-XB-CAP-2026-03"


def test_whoever_asked_for_an_assessment_may_draft_it_but_not_endorse_what_was_drafted(embedded: Stories) -> None:
    case_id = embedded.ask("emeka.strand", "XB-CAP")
    with embedded.database.reading() as session:
        kinds = session.scalars(
            select(CaseParty.kind).where(CaseParty.case_id == case_id, CaseParty.person == "emeka.strand")
        ).all()
    assert kinds == ["INITIATOR"]

    embedded.draft(case_id, "emeka.strand")
    assert embedded.open_steps(case_id) == ["srm_consult_cell"]


def test_a_substitute_who_drafted_does_not_decide_in_the_place_of_the_official(embedded: Stories) -> None:
    case_id = embedded.ask("emeka.strand", "XB-CAP")
    with embedded.database.transaction() as session:
        away = Absence(
            id=new_id(), person="sofia.lindqvist-rao", substitute="emeka.strand", valid_from=NOW - DAY, valid_to=NOW + 30 * DAY
        )
        session.add(away)
    embedded.draft(case_id, "emeka.strand")
    embedded.do(case_id, "rune.castellane", "srm_consult_cell", comment_kind="NONE")
    embedded.do(
        case_id,
        "tove.marchand",
        "srm_smt",
        meeting_kind="REGULAR",
        held_on="2026-12-01",
        present=["janek.oduya", "celia.norgaard"],
    )

    with pytest.raises(AlreadyActed):
        embedded.do(case_id, "emeka.strand", "srm_do", decision="APPROVE", confirmed=True)


def test_silence_is_recorded_and_is_nobodys_consent(embedded: Stories) -> None:
    case_id = embedded.ask("naledi.vanter", "XA-NOR")
    embedded.draft(case_id, "naledi.vanter")

    embedded.work(8 * DAY)

    with embedded.database.reading() as session:
        silent = session.scalars(select(Decision).where(Decision.case_id == case_id, Decision.act == "NOTE_SILENCE")).all()
    assert {(row.line, row.outcome, row.actor_person) for row in silent} == {
        ("hal.orsini", "NO_COMMENT", "system"),
        ("mina.tavares", "NO_COMMENT", "system"),
    }
    assert embedded.open_steps(case_id) == ["srm_smt"]


def test_no_time_that_passes_ever_approves_anything(embedded: Stories) -> None:
    case_id = embedded.ask("emeka.strand", "XB-CAP")
    embedded.draft(case_id, "emeka.strand")

    for _ in range(10):
        embedded.work(timedelta(days=30))

    assert embedded.version(case_id).approved_at is None
    assert embedded.open_steps(case_id) == ["srm_smt"]


def test_what_an_update_makes_stricter_counts_at_once_but_not_its_level(embedded: Stories) -> None:
    case_id = embedded.ask("emeka.strand", "XB-CAP", "INCIDENT_MAJOR")
    embedded.draft(case_id, "emeka.strand", proposals={"level": 3, "clearance_mode": "MANUAL", "requires_ssafe": True})
    embedded.do(case_id, "rune.castellane", "srm_consult_cell", comment_kind="NONE")
    embedded.do(
        case_id,
        "tove.marchand",
        "srm_smt",
        meeting_kind="EXTRAORDINARY",
        held_on="2026-12-01",
        present=["janek.oduya", "celia.norgaard"],
    )
    embedded.do(case_id, "sofia.lindqvist-rao", "srm_do", decision="APPROVE", confirmed=True)

    with embedded.database.reading() as session:
        there = facts_for_stay(session, "XB-CAP", arrive_at=NOW, now=NOW)
        assert (there.mode, there.requires_ssafe, there.level) == ("MANUAL", True, 2)
        kinds = session.scalars(select(BusEvent.kind).where(BusEvent.area == "XB-CAP")).all()
    assert kinds == ["SIG_MODE_TO_MANUAL"]


def test_an_overdue_step_is_reminded_of_and_then_told_higher_up(embedded: Stories) -> None:
    case_id = embedded.ask("emeka.strand", "XB-CAP")
    embedded.to_desk(case_id)

    embedded.work(8 * DAY)
    embedded.work(8 * DAY)

    sent = [(letter.person, letter.code) for letter in embedded.mailer.letters]
    assert ("celeste.maron", "N-SRM-07") in sent
    assert ("viktor.amsel", "N-SRM-08") in sent


def test_an_event_of_another_process_opens_an_update(stories: Stories) -> None:
    from services.posting import post_event

    with stories.database.transaction() as session:
        facts = {
            "trigger": "INCIDENT_MAJOR",
            "title": "Attack on a convoy",
            "reason": "Two vehicles were shot at north of Halden.",
        }
        post_event(session, "MSG_OPEN_ASSESSMENT", area="XA-NOR", payload=facts, by="system", now=NOW)
        post_event(session, "MSG_OPEN_ASSESSMENT", area="XA-NOR", payload=facts, by="system", now=NOW)
    stories.work()

    with stories.database.reading() as session:
        rows = session.scalars(select(Assessment).where(Assessment.area == "XA-NOR", Assessment.case_id.is_not(None))).all()
    assert [(row.variant, row.trigger, row.title) for row in rows] == [("UPDATE", "INCIDENT_MAJOR", "Attack on a convoy")]


def test_what_counts_is_counted(embedded: Stories) -> None:
    case_id = embedded.ask("emeka.strand", "XB-CAP")
    embedded.to_desk(case_id)
    embedded.endorse(case_id)

    with embedded.database.reading() as session:
        counted = {row.name: row.facts for row in session.scalars(select(KpiEvent).where(KpiEvent.case_id == case_id))}
        codes = session.scalars(select(RiskEvent.code).where(RiskEvent.assessment == "SRM-XB-CAP-2026-02")).all()
    assert counted["srm.opened"]["trigger"] == "ANNUAL"
    assert counted["srm.desk"] == {"result": "ENDORSE", "round": 1}
    assert set(counted["srm.endorsed"]["days_by_step"]) == {
        "srm_draft",
        "srm_consult_cell",
        "srm_smt",
        "srm_do",
        "srm_desk",
        "srm_dir",
    }
    assert sorted(codes) == ["E1", "E2"]
