"""Delegations: what is checked, what counts, and what goes back when one ends."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.errors import NotFound, NotYourRole
from services.models.authority import Absence, Delegation, RoleHolding
from tests.services.incidents.security import Security
from tests.services.travel.journeys import NOW, request_to

DAY = timedelta(days=1)
FIRST_DAY = NOW + timedelta(hours=1)


def give(security: Security, by: str, code: str, *, days: int = 60, **to: Any) -> str:
    return security.start(
        "delegation",
        by,
        kind="DELEGATION",
        authority_code=code,
        valid_from=FIRST_DAY.isoformat(),
        valid_to=(NOW + days * DAY).isoformat(),
        reason="Travel of the holder",
        **to,
    )


def give_certification(security: Security) -> str:
    """The executive head of WIPO gives the certification to the Security Coordinator, who accepts."""
    case = give(security, "per.vane", "EXH_CERTIFY", delegate="mirela.castellan")
    security.do(case, "mirela.castellan", "doa_accept", decision="ACCEPT")
    return case


def ask_for_certification(security: Security) -> str:
    """A request that the executive head certifies."""
    stop = request_to("XA-EST", days=40)["stops"][0] | {"lodging_ref": "XA-EST-01"}
    return security.ask("lina.marchetti", "XA-EST", activity_ref="WIPO-RELIEF-E", stops=[stop])


def test_a_delegate_acts_from_the_first_day_on_and_not_before(journeys: Security) -> None:
    give_certification(journeys)
    case = ask_for_certification(journeys)
    assert journeys.open_tasks(case) == ["tsc_exh_certify"]

    with pytest.raises((NotFound, NotYourRole)):
        journeys.claim(case, "mirela.castellan", "tsc_exh_certify")
    journeys.claim(case, "mirela.castellan", "tsc_exh_certify", FIRST_DAY)

    assert journeys.task(case, "tsc_exh_certify").claimed_by == "mirela.castellan"


def test_a_revoked_delegation_gives_back_the_steps_that_the_delegate_had_taken(journeys: Security) -> None:
    delegation = give_certification(journeys)
    case = ask_for_certification(journeys)
    journeys.claim(case, "mirela.castellan", "tsc_exh_certify", FIRST_DAY)

    journeys.send(delegation, "MSG_WITHDRAW", {"reason": "Back"}, now=NOW + DAY)

    assert journeys.task(case, "tsc_exh_certify").claimed_by is None
    with pytest.raises(NotYourRole):
        journeys.do(case, "mirela.castellan", "tsc_exh_certify", NOW + DAY, decision="APPROVE")
    journeys.claim(case, "per.vane", "tsc_exh_certify", NOW + DAY)


def test_a_step_that_one_may_also_take_in_ones_own_role_stays_with_whoever_took_it(security: Security) -> None:
    delegation = give_certification(security)
    security.add(RoleHolding(person="mirela.castellan", role="EXH", organisation="WIPO", valid_from=NOW - DAY))
    case = ask_for_certification(security)
    security.claim(case, "mirela.castellan", "tsc_exh_certify", FIRST_DAY)

    security.send(delegation, "MSG_WITHDRAW", {"reason": "Back"}, now=NOW + DAY)

    assert security.task(case, "tsc_exh_certify").claimed_by == "mirela.castellan"


def test_a_delegation_revoked_before_its_first_day_never_counts(security: Security) -> None:
    delegation = give_certification(security)

    security.send(delegation, "MSG_WITHDRAW", {"reason": "Not needed"})

    number = security.case(delegation).number
    assert security.rows(RoleHolding, source=number) == []
    assert security.rows(Delegation, number=number)[0].revoked_at == NOW


def test_what_was_to_be_decided_under_an_ended_delegation_is_routed_again(journeys: Security) -> None:
    with journeys.database.transaction() as session:
        for row in session.query(Delegation).filter_by(area="XC-CAP"):
            row.revoked_at = NOW - DAY
    delegation = give(journeys, "anwar.tessier", "TSC_TIER1", delegate_role="DSSO", area="XC-CAP")
    journeys.do(delegation, "mei.okafor-lund", "doa_accept_role", decision="ACCEPT")
    with journeys.database.transaction() as session:
        session.get_one(Delegation, journeys.case(delegation).number).valid_from = NOW - DAY
    case = journeys.ask("ana.lucero", "XC-CAP")
    assert journeys.task(case, "stop_decide").role == "DSSO"

    journeys.send(delegation, "MSG_WITHDRAW", {"reason": "Staff turnover"}, now=NOW + DAY)
    journeys.dispatch(NOW + DAY)

    assert journeys.open_tasks(case) == ["stop_recommend"]


def test_a_delegation_ends_when_whoever_gave_it_leaves_the_post(security: Security) -> None:
    delegation = give_certification(security)
    with security.database.transaction() as session:
        holding = session.query(RoleHolding).filter_by(person="per.vane", role="EXH").one()
        holding.valid_to = NOW + 3 * DAY

    security.wait(delegation, NOW + 5 * DAY)

    assert security.case(delegation).outcome == "POST_CHANGED"
    assert security.rows(Delegation, number=security.case(delegation).number)[0].revoked_at is not None


@pytest.mark.parametrize(
    ("by", "code", "to", "finding"),
    [
        ("per.vane", "EXH_CERTIFY", {"delegate": "per.vane"}, "NO_OTHER_PERSON"),
        ("per.vane", "EXH_CERTIFY", {"delegate": "odile.farrant"}, "GRADE"),
        ("per.vane", "EXH_CERTIFY", {"delegate": "hugo.lemaire"}, "OTHER_ORGANISATION"),
        ("per.vane", "EXH_CERTIFY", {"delegate": "ben.starter"}, "NO_TRAINING"),
        ("per.vane", "EXH_CERTIFY", {"delegate": "pavel.eriksen"}, "KEPT_OUT"),
        ("lina.marchetti", "EXH_CERTIFY", {"delegate": "mirela.castellan"}, "NOT_HOLDER"),
        ("dario.velasco", "TSC_TIER2", {"delegate_role": "SA", "area": "XH-CAP"}, "WRONG_DELEGATE"),
        ("dario.velasco", "DO_INTERIM", {"delegate": "nils.oberg", "area": "XH-CAP"}, "NOT_AN_ALTERNATE"),
        ("anwar.tessier", "TSC_TIER1", {"delegate_role": "ASC", "area": "XC-CAP"}, "OVERLAP"),
    ],
)
def test_what_stands_against_a_delegation_is_said(
    security: Security, by: str, code: str, to: dict[str, Any], finding: str
) -> None:
    case = give(security, by, code, **to)

    shown = security.task(case, "doa_fix").card
    assert finding in next(row["value"] for row in shown if row["label"] == "What stands against it")


def test_nobody_gives_for_longer_than_the_own_term(security: Security) -> None:
    with security.database.transaction() as session:
        session.query(RoleHolding).filter_by(person="per.vane", role="EXH").one().valid_to = NOW + 30 * DAY

    case = give(security, "per.vane", "EXH_CERTIFY", delegate="mirela.castellan")

    assert security.open_tasks(case) == ["doa_fix"]


def test_a_delegate_gives_nothing_on(security: Security) -> None:
    give_certification(security)

    case = give(security, "mirela.castellan", "EXH_CERTIFY", delegate="per.vane")

    assert security.open_tasks(case) == ["doa_fix"]


def test_nobody_stands_in_who_is_away_as_well(security: Security) -> None:
    period = {"valid_from": NOW, "valid_to": NOW + 20 * DAY}
    security.add(Absence(person="kofi.drummond", substitute=None, **period))

    case = security.start(
        "delegation",
        "naledi.vanter",
        kind="ABSENCE",
        delegate="kofi.drummond",
        valid_from=(NOW + DAY).isoformat(),
        valid_to=(NOW + 9 * DAY).isoformat(),
        reason="Annual leave",
    )

    assert security.open_tasks(case) == ["doa_fix"]


def test_an_absence_that_ends_early_ends_at_once(security: Security) -> None:
    case = security.start(
        "delegation",
        "naledi.vanter",
        kind="ABSENCE",
        delegate="kofi.drummond",
        valid_from=FIRST_DAY.isoformat(),
        valid_to=(NOW + 9 * DAY).isoformat(),
        reason="Annual leave",
    )
    security.do(case, "kofi.drummond", "doa_accept", decision="ACCEPT")

    security.send(case, "MSG_WITHDRAW", {"reason": "Back"}, now=NOW + 2 * DAY)

    assert [row.valid_to for row in security.rows(Absence, person="naledi.vanter")] == [NOW + 2 * DAY]
