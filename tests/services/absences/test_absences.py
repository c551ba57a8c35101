"""Being away: who stands in for what, who sees and decides meanwhile, and what is handed back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from services import absences, audit, authority, jobs, tasks
from services.absences import AlreadyBegun, Instead, Wish
from services.errors import NotAllowed, NotFound, NotYourRole, OwnMatter
from services.models.audit import Decision
from services.models.authority import Absence
from services.models.cases import DONE, Case, Task
from services.models.notices import Notice
from services.models.register_changes import RegisterChange
from services.people import Actor, actor_named
from tests.services.case_rows import NOW, actor, add_case, add_decision, add_party, add_task
from tests.services.watching import Watches
from tests.statements import watch_statements
from workflows.errors import AnswersInvalid

DAY = timedelta(days=1)
#: The Chief Security Adviser of XA, a security adviser of the same place, and the clearance officer there.
CSA, SA, DSSO = "naledi.vanter", "kofi.drummond", "yusra.ben-halim"


@pytest.fixture
def session(watches: Watches) -> Iterator[Session]:
    with watches.database.transaction() as opened:
        yield opened


@pytest.fixture
def case(session: Session) -> Case:
    return add_case(session)


def declare(session: Session, *instead: Instead, by: str = CSA, begins=NOW, ends=NOW + 5 * DAY, note: str = "") -> str:
    wish = Wish(begins_at=begins, ends_at=ends, instead=instead, note=note)
    return absences.declare_absence(session, wish, actor=actor_named(session, by), now=NOW)


def refusals(session: Session, *instead: Instead, **more) -> dict[str, str]:
    with pytest.raises(AnswersInvalid) as refused:
        declare(session, *instead, **more)
    return {problem.where: str(problem) for problem in refused.value.problems}


def sees(session: Session, person: str, task: Task, now=NOW) -> bool:
    """Whether the task is in the inbox, among the candidates and in the check of the act: all three say the same."""
    listed = session.scalar(authority.visible_tasks(actor(person), now).where(Task.id == task.id)) is not None
    is_candidate = person in {one.person for one in authority.candidates(session, task, now)}
    try:
        authority.capacity_for(session, actor(person), task, now)
        may_act = True
    except NotAllowed:
        may_act = False
    assert listed == is_candidate == may_act, (listed, is_candidate, may_act)
    return may_act


def told(session: Session, code: str) -> list[str]:
    return sorted(session.scalars(select(Notice.person).where(Notice.code == code)))


def test_a_substitute_sees_existing_and_new_tasks_at_once_and_loses_them_at_the_end(session: Session, case: Case) -> None:
    existing = add_task(session, case, "CSA")
    assert not sees(session, SA, existing)

    declare(session, Instead(person=SA), note="Ask for the convoy first.")
    coming = add_task(session, case, "CSA")

    assert sees(session, SA, existing)
    assert sees(session, SA, coming)
    capacity = authority.capacity_for(session, actor(SA), existing, NOW)
    assert (capacity.role, capacity.capacity, capacity.acted_for) == ("CSA", "AD_INTERIM", CSA)
    assert authority.may_see_case(session, actor(SA), case, NOW).sees_area("XA-NOR")
    assert sees(session, CSA, existing), "whoever is away may act nevertheless"
    assert not sees(session, SA, existing, NOW + 5 * DAY)
    [notice] = session.scalars(select(Notice).where(Notice.code == "N-ALL-05"))
    assert (notice.person, notice.kind, notice.variables["note"]) == (SA, "substitution", "Ask for the convoy first.")


def test_each_row_of_the_inbox_names_whom_its_reader_stands_in_for(session: Session, case: Case) -> None:
    others, own, claimed = (add_task(session, case, role) for role in ("CSA", "SA", "CSA"))
    claimed.claimed_by = SA
    before = add_case(session, number=2)
    decided = add_task(session, before, "CSA", state=DONE)
    add_decision(session, before, SA, "DECIDE", "CSA", task_id=decided.id, acted_for=CSA)

    def named(person: str, view: str) -> dict[str, str | None]:
        return {row.task_id: row.holder for row in tasks.list_inbox(session, actor(person), now=NOW, view=view).rows}

    assert named(SA, "team") == {own.id: None}
    declare(session, Instead(person=SA))

    assert named(SA, "team") == {others.id: CSA, own.id: None}
    assert named(SA, "mine") == {claimed.id: CSA}
    assert named(SA, "done") == {decided.id: CSA}
    assert set(named(CSA, "team").values()) == {None}
    statements: list[str] = []
    stop = watch_statements(session.get_bind().engine, statements.append)
    named(SA, "team")
    stop()
    assert len(statements) <= 5


def test_the_absence_of_now_says_who_acts_until_when(session: Session) -> None:
    assert absences.current_of(session, CSA, NOW) is None
    key = declare(session, Instead(person=SA))

    current = absences.current_of(session, CSA, NOW)

    assert current is not None
    assert (current.id, current.valid_to, [stand.name for stand in current.acting]) == (key, NOW + 5 * DAY, ["Kofi Drummond"])
    assert absences.current_of(session, CSA, NOW + 5 * DAY) is None
    [standing] = absences.list_standing_in(session, SA, NOW)
    assert (standing.person, standing.name) == (CSA, "Naledi Vanter")


def test_several_substitutes_stand_in_for_chosen_roles_and_areas(session: Session) -> None:
    case = add_case(session, organisation="WIPO")
    desk = "celeste.maron"  # desk officer for XA, XB and XC
    tasks = {area: add_task(session, case, "DRO_DESK", area=area) for area in ("XA-NOR", "XB-HIG", "XC-CAP")}

    declare(
        session,
        Instead(person="gabriel.noor", roles=("DRO_DESK",), areas=("XA",)),
        Instead(person="viktor.amsel", roles=("DRO_DESK",), areas=("XB", "XC")),
        by=desk,
    )

    assert {area: sees(session, "gabriel.noor", task) for area, task in tasks.items()} == {
        "XA-NOR": True,
        "XB-HIG": False,
        "XC-CAP": False,
    }
    assert [sees(session, "viktor.amsel", task) for task in tasks.values()] == [False, True, True]
    in_role = authority.people_in_role(session, role="DRO_DESK", area="XA-NOR", now=NOW)
    assert "gabriel.noor" in in_role
    assert "viktor.amsel" not in in_role
    sight = authority.may_see_case(session, actor("gabriel.noor"), case, NOW)
    assert (sight.sees_area("XA-NOR"), sight.sees_area("XB-HIG")) == (True, False)
    explanation = authority.explain(session, "gabriel.noor", tasks["XB-HIG"], case, NOW)
    assert (explanation.against.check, explanation.against.facts["places"]) == ("SCOPE", [{"area": "XA", "organisation": None}])


def test_a_substitute_for_one_role_gets_no_other(session: Session, case: Case) -> None:
    both = "wanjiru.otieno"  # adviser and clearance officer in KE
    adviser, officer = (add_task(session, case, role, area="KE-NBO") for role in ("CSA", "DSSO"))

    declare(session, Instead(person="adaeze.kirwan", roles=("DSSO",)), by=both)

    assert (sees(session, "adaeze.kirwan", adviser), sees(session, "adaeze.kirwan", officer)) == (False, True)


def test_a_step_that_names_somebody_is_their_substitutes_but_the_own_request_is_nobody_elses(
    session: Session, case: Case
) -> None:
    named = add_task(session, case, "SUP", assignee="odile.farrant", act="ENDORSE", area=None, line=None)
    own = add_task(session, case, "TRV", assignee="odile.farrant", act="CONFIRM", area=None, line=None)

    declare(session, Instead(person="greta.holm"), by="odile.farrant")

    assert (sees(session, "greta.holm", named), sees(session, "greta.holm", own)) == (True, False)


def test_separation_of_duties_holds_for_substitutes(session: Session, case: Case) -> None:
    task = add_task(session, case, "CSA")
    add_party(session, case, SA, "PREPARER")
    declare(session, Instead(person=SA), Instead(person=DSSO))
    add_decision(session, case, DSSO, "RECOMMEND", "DSSO")

    assert not sees(session, SA, task), "the own matter"
    assert not sees(session, DSSO, task), "recommended it before"
    with pytest.raises(OwnMatter):
        authority.capacity_for(session, actor(SA), task, NOW)


def test_nobody_decides_in_the_place_of_somebody_whose_own_matter_it_is(session: Session) -> None:
    case = add_case(session, requester=CSA, organisation="UNDSS")
    task = add_task(session, case, "CSA")

    declare(session, Instead(person=SA))

    assert not sees(session, SA, task)


def test_what_is_not_ones_own_is_not_passed_on(session: Session, case: Case) -> None:
    task = add_task(session, case, "CSA")
    declare(session, Instead(person=SA))

    declare(session, Instead(person=DSSO), by=SA, begins=NOW + DAY)

    assert not sees(session, DSSO, task, NOW + 2 * DAY)
    with pytest.raises(NotYourRole):
        authority.capacity_for(session, actor(DSSO), task, NOW + 2 * DAY)


def test_two_people_do_not_stand_in_for_each_other(session: Session) -> None:
    declare(session, Instead(person=SA))

    said = refusals(session, Instead(person=CSA), by=SA, begins=NOW + 4 * DAY, ends=NOW + 9 * DAY)

    assert "Two people cannot stand in for each other" in said["substitutes.0.person"]
    declare(session, Instead(person=CSA), by=SA, begins=NOW + 5 * DAY, ends=NOW + 9 * DAY)


@pytest.mark.parametrize(
    ("person", "sentence"),
    [
        (CSA, "Nobody stands in for themselves"),
        ("nobody.there", "Nobody is known"),
        ("mika.tarn", "acts on no case"),
        ("elif.tanaka", "neither of your organisation nor of your duty station"),
        ("dara.quill", "is away in that time too"),
    ],
)
def test_who_cannot_stand_in_is_told_with_the_reason(session: Session, person: str, sentence: str) -> None:
    declare(session, by="dara.quill", begins=NOW + DAY)

    assert sentence in refusals(session, Instead(person=SA), Instead(person=person))["substitutes.1.person"]
    listed = absences.list_colleagues(session, CSA, begins_at=NOW, ends_at=NOW + 5 * DAY)
    assert next(each.reason for each in listed if each.code == "dara.quill") == "AWAY"
    assert next(each.reason for each in listed if each.code == SA) is None


def test_dates_and_scopes_have_to_fit(session: Session) -> None:
    declare(session, begins=NOW + 10 * DAY, ends=NOW + 11 * DAY)

    assert "still to come" in refusals(session, begins=NOW - 2 * DAY, ends=NOW - DAY)["ends_at"]
    assert "Enter a day" in refusals(session, begins=None)["begins_at"]
    assert "overlaps" in refusals(session, ends=NOW + 11 * DAY)["begins_at"]
    said = refusals(session, Instead(person=SA, roles=("DO",)), Instead(person=DSSO, roles=("CSA",), areas=("XB",)))
    assert set(said) == {"substitutes.0.roles", "substitutes.1.areas"}


def test_an_absence_is_changed_until_it_begins_and_ended_at_any_time(session: Session, case: Case) -> None:
    task = add_task(session, case, "CSA")
    me = actor_named(session, CSA)
    key = declare(session, Instead(person=SA), begins=NOW + DAY)

    changed = Wish(begins_at=NOW + 2 * DAY, ends_at=NOW + 6 * DAY, instead=(Instead(person=DSSO),))
    absences.change_absence(session, key, changed, actor=me, now=NOW)

    assert [sees(session, person, task, NOW + 3 * DAY) for person in (SA, DSSO)] == [False, True]
    assert (told(session, "N-ALL-08"), told(session, "N-ALL-05")) == ([SA], sorted([SA, DSSO]))
    with pytest.raises(AlreadyBegun):
        absences.change_absence(session, key, changed, actor=me, now=NOW + 3 * DAY)
    with pytest.raises(NotFound):
        absences.end_absence(session, key, actor=actor_named(session, SA), now=NOW)

    absences.end_absence(session, key, actor=me, now=NOW + 3 * DAY)

    assert not sees(session, DSSO, task, NOW + 3 * DAY)
    assert told(session, "N-ALL-08") == sorted([SA, DSSO])
    acts = session.scalars(select(RegisterChange.act).where(RegisterChange.register == "absences")).all()
    assert acts.count("ADDED") == 2
    assert acts.count("CHANGED") == 2


def test_an_absence_that_is_cancelled_before_it_begins_never_counts(session: Session) -> None:
    key = declare(session, Instead(person=SA), begins=NOW + DAY)

    absences.end_absence(session, key, actor=actor_named(session, CSA), now=NOW)

    assert session.scalars(select(Absence)).all() == []
    assert absences.list_ended(session, NOW + 9 * DAY) == []


def test_whoever_declines_is_out_at_once_and_the_colleagues_are_told(session: Session, case: Case) -> None:
    task = add_task(session, case, "DRO_DESK")
    key = declare(session, Instead(person="gabriel.noor", areas=("XA",)), by="celeste.maron")
    decliner = actor_named(session, "gabriel.noor")
    task.claimed_by, task.claimed_at = "gabriel.noor", NOW
    session.flush()

    absences.decline_substitution(session, key, actor=decliner, reason="I travel", now=NOW)

    assert not sees(session, "gabriel.noor", task)
    assert task.claimed_by is None
    assert told(session, "N-ALL-09") == ["celeste.maron"]
    current = absences.current_of(session, "celeste.maron", NOW)
    assert current is not None
    assert (current.acting, len(current.stands)) == ((), 1)
    with pytest.raises(NotFound):
        absences.decline_substitution(session, key, actor=decliner, reason="", now=NOW)


def test_what_whoever_is_away_has_in_hand_is_free_for_the_substitute(session: Session, case: Case) -> None:
    task = add_task(session, case, "CSA", claimed_by=CSA, claimed_at=NOW - DAY)
    declare(session, Instead(person=SA))

    explanation = authority.explain(session, SA, task, case, NOW)

    assert explanation.may_act
    assert explanation.capacity is not None
    assert explanation.capacity.acted_for == CSA


def test_one_person_stands_in_for_two_at_once(session: Session, case: Case) -> None:
    mine, theirs = add_task(session, case, "CSA"), add_task(session, case, "HGL")
    declare(session, Instead(person=SA))
    declare(session, Instead(person=SA), by="zahra.linden")

    found = [authority.capacity_for(session, actor(SA), task, NOW).acted_for for task in (mine, theirs)]

    assert found == [CSA, "zahra.linden"]
    assert {one.person for one in absences.list_standing_in(session, SA, NOW)} == {CSA, "zahra.linden"}


def close(session: Session, task: Task, case: Case, person: str, *, acted_for: str | None = None) -> Decision:
    task.state, task.closed_at = DONE, NOW + DAY
    capacity = "AD_INTERIM" if acted_for else "OWN"
    facts = {
        "capacity": capacity,
        "task_id": task.id,
        "decided_at": NOW + DAY,
        "outcome": "GRANT",
        "reason_text": "Convoy agreed",
    }
    return add_decision(session, case, person, "DECIDE", task.role, acted_for=acted_for, **facts)


def test_the_report_says_what_was_decided_what_is_open_and_what_came_and_went(watches: Watches) -> None:
    with watches.database.transaction() as session:
        case = add_case(session)
        decided, still_open, gone = (add_task(session, case, "CSA") for _ in range(3))
        key = declare(session, Instead(person=SA), ends=NOW + 2 * DAY)
        close(session, decided, case, SA, acted_for=CSA)
        close(session, gone, case, "marcus.bello")
        ids = (decided.id, still_open.id, gone.id)
        task = add_task(session, case, "CSA", claimed_by=SA, claimed_at=NOW + DAY)

    for _ in range(2):
        jobs.hand_back(watches.database, NOW + 2 * DAY)

    with watches.database.reading() as session:
        report = absences.report_of(session, key, actor=actor(CSA), now=NOW + 2 * DAY)
        [back] = session.scalars(select(Notice).where(Notice.code == "N-ALL-06"))
        assert session.get_one(Task, task.id).claimed_by is None, "given back"
    assert [line.task.id for line in report.decided if line.task] == [ids[0]]
    assert [(line.by, line.decision.reason_text) for line in report.decided if line.decision] == [
        ("Kofi Drummond", "Convoy agreed")
    ]
    assert {line.task.id for line in report.still_open if line.task} == {ids[1], task.id}
    assert [line.task.id for line in report.gone if line.task] == [ids[2]]
    assert (back.person, back.variables["decided"], back.variables["open"], back.variables["gone"]) == (CSA, 1, 2, 1)
    assert back.address == f"/absences/{key}/report"
    with watches.database.reading() as session, pytest.raises(NotFound):
        absences.report_of(session, key, actor=actor(SA), now=NOW + 2 * DAY)


def test_the_record_holds_whom_somebody_acted_for_and_rows_of_before_still_verify(session: Session, case: Case) -> None:
    task = add_task(session, case, "CSA")
    before = add_decision(session, case, "helga.brandvold", "COMMENT", "CSA")
    columns = {column.key: getattr(before, column.key) for column in Decision.__table__.columns}
    as_it_was = audit.digest({name: value for name, value in columns.items() if name not in {"hash", "acted_for"}})

    decision = close(session, task, case, SA, acted_for=CSA)
    audit.append(session, case, actor=SA, act="complete", at=NOW)
    session.flush()

    assert before.hash == as_it_was
    assert decision.acted_for == CSA
    assert audit.verify_case(session, case) == []
    looking = Session(session.connection(), autoflush=False)  # writes nothing, whatever it reads
    looking.get_one(Decision, decision.id).acted_for = None
    said = [str(problem) for problem in audit.verify_case(looking, looking.get_one(Case, case.id))]
    looking.expunge_all()
    assert any("was changed after it was written" in sentence for sentence in said)


def test_the_number_of_queries_does_not_grow_with_substitutes(session: Session, case: Case) -> None:
    add_task(session, case, "CSA")
    declare(session, *(Instead(person=person) for person in (SA, DSSO, "zahra.linden")))

    assert len(absences.list_own(session, CSA, NOW)[0].stands) == 3
    assert isinstance(actor(CSA), Actor)
