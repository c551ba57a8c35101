"""The lists of the inbox: exactly what somebody may act on, in its order, from however many queues."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from services import authority, people, questions, tasks
from services.database import Database
from services.errors import NotFound
from services.models.areas import Area
from services.models.authority import RoleHolding
from services.models.base import new_id
from services.models.cases import OPEN, Task
from services.models.people import Account
from services.people import Actor
from services.tasks import Narrow, saved_views
from services.tasks.inbox.heads import ORDERS
from services.tasks.putting_off import DueSoon, NotLater
from tests.databases import NOW
from tests.services.case_rows import actor, add_candidate, add_case, add_party, add_task
from tests.statements import watch_statements

OFFICER = "mei.okafor-lund"
TOMORROW = NOW + timedelta(days=1)


def all_of(session: Session, who: Actor, view: str, **more: object) -> list[str]:
    """Every task of a view, page by page."""
    found: list[str] = []
    while True:
        page = tasks.list_inbox(session, who, now=NOW, view=view, limit=7, offset=len(found), **more)
        found += [row.task_id for row in page.rows]
        if not page.has_more:
            return found


def test_the_lists_of_everybody_hold_exactly_what_they_may_act_on(demo_database: Database) -> None:
    """The queues only narrow where to look: what they lead to is what `visible_tasks` says, for each person of the demo world."""
    with demo_database.reading() as session:
        for account in session.scalars(select(Account).where(Account.active)).unique():
            who = people.actor_of(account)
            visible = set(session.scalars(authority.visible_tasks(who, NOW).with_only_columns(Task.id)))
            mine, team = all_of(session, who, "mine"), all_of(session, who, "team")

            assert len(mine) == len(set(mine)), who.person
            assert len(team) == len(set(team)), who.person
            assert set(mine) | set(team) == visible, who.person
            assert not set(mine) & set(team), who.person
            ids = list(session.scalars(select(Task.id).where(Task.state == OPEN)))
            assert authority.pick_visible(session, who.person, ids, NOW) == visible, who.person


def test_every_order_goes_through_the_pages_without_a_gap(demo_database: Database) -> None:
    with demo_database.reading() as session:
        who = people.actor_named(session, OFFICER)
        for order, columns in ORDERS.items():
            ids = all_of(session, who, "team", order=order)
            rows = {row.id: row for row in session.scalars(select(Task).where(Task.id.in_(ids)))}
            keys = [[getattr(rows[each], column.key) for column in columns] for each in ids]

            assert [key[0] is None for key in keys] == sorted(key[0] is None for key in keys), order
            known = [tuple((value is None, value or NOW) for value in key) for key in keys if order != "risk"]
            assert known == sorted(known), order
            ranks = [key[0] for key in keys if order == "risk"]
            assert ranks == sorted(ranks), order
            assert len(ids) > 7


def _holding(person: str, role: str, area: str | None) -> RoleHolding:
    return RoleHolding(id=new_id(), person=person, role=role, area=area, valid_from=NOW - timedelta(days=1))


@pytest.fixture
def rows(journeys) -> Database:
    """Forty tasks of one role in the areas of the demo world; every second one is not for the officer to judge."""
    with journeys.database.transaction() as session:
        areas = sorted(session.scalars(select(Area.code)))
        session.execute(delete(RoleHolding).where(RoleHolding.person == OFFICER))
        for area in areas:
            session.add(_holding(OFFICER, "DSSO", area))
        for number in range(40):
            case = add_case(session, number=number)
            if number % 2:
                add_party(session, case, OFFICER, "SUPERVISOR")
            due = NOW + timedelta(hours=40 + number)
            add_task(session, case, "DSSO", area=areas[0] if number < 30 else areas[number % len(areas)], due_at=due)
    return journeys.database


def test_a_page_is_filled_although_much_of_what_waits_is_not_for_the_person(rows: Database) -> None:
    with rows.reading() as session:
        page = tasks.list_inbox(session, actor(OFFICER), now=NOW, view="team", limit=15)
        rest = tasks.list_inbox(session, actor(OFFICER), now=NOW, view="team", limit=15, offset=15)

        visible = authority.visible_tasks(actor(OFFICER), NOW).order_by(Task.due_at)
        assert [row.task_id for row in (*page.rows, *rest.rows)] == [task.id for task in session.scalars(visible)]
        assert (len(page.rows), page.has_more, len(rest.rows), rest.has_more) == (15, True, 5, False)


def test_whoever_has_many_queues_still_sees_everything_that_is_in_their_own_hands(rows: Database) -> None:
    with rows.transaction() as session:
        taken = session.scalars(
            select(Task.id).where(Task.state == OPEN, Task.role == "DSSO").order_by(Task.due_at, Task.id)
        ).all()
        mine = taken[::2][:16]
        session.execute(update(Task).where(Task.id.in_(mine)).values(claimed_by=OFFICER))

    with rows.reading() as session:
        page = tasks.list_inbox(session, actor(OFFICER), now=NOW)
        team = tasks.list_inbox(session, actor(OFFICER), now=NOW, view="team")

    assert [row.task_id for row in page.rows] == mine
    assert (page.mine, page.has_more) == (16, False)
    assert not set(mine) & {row.task_id for row in team.rows}


def test_whoever_has_many_queues_still_sees_every_task_that_was_escalated_to_them(rows: Database) -> None:
    with rows.transaction() as session:
        areas = sorted(session.scalars(select(Area.code)))
        for number in range(60):
            case = add_case(session, number=100 + number)
            due = NOW + timedelta(hours=2 * number + 30)
            task = add_task(session, case, "ARMO", area=areas[number % len(areas)], due_at=due)
            for role in ("SMT", "DSSO") if number % 3 else ("DSSO",):
                add_candidate(session, task, role=role)

    with rows.reading() as session:
        for order in ORDERS:
            assert len(areas) > 12
            found = all_of(session, actor(OFFICER), "team", order=order)
            visible = authority.visible_tasks(actor(OFFICER), NOW)
            assert len(found) == 80
            assert set(found) == {task.id for task in session.scalars(visible)}
        by_due = [task.id for task in session.scalars(visible.order_by(Task.due_at))]
        dues = {task.id: task.due_at for task in session.scalars(visible)}
        assert [dues[each] for each in all_of(session, actor(OFFICER), "team")] == [dues[each] for each in by_due]


def test_what_is_found_by_an_escalation_or_a_name_is_in_the_list(journeys) -> None:
    with journeys.database.transaction() as session:
        case = add_case(session)
        escalated = add_task(session, case, "ARMO", area="XC-CAP")
        add_candidate(session, escalated, role="DSSO")
        named = add_task(session, case, "ARMO", area="XC-CAP")
        add_candidate(session, named, person=OFFICER)
        assigned = add_task(session, case, None, assignee=OFFICER)
        ids = escalated.id, named.id, assigned.id

    with journeys.database.reading() as session:
        assert [session.get_one(Task, each).widened for each in ids] == [True, True, False]
        assert session.get_one(Task, ids[0]).added_roles == "DSSO "
        assert [row.task_id for row in tasks.list_inbox(session, actor(OFFICER), now=NOW, view="team").rows] == [ids[0]]
        mine = {row.task_id for row in tasks.list_inbox(session, actor(OFFICER), now=NOW).rows}
        assert mine == {ids[1], ids[2]}


def test_a_page_takes_four_queries_however_it_is_narrowed(rows: Database) -> None:
    narrow = Narrow(area="XC", risk_rank=3, due_before=NOW, unclaimed=True, flagged=True, words=("tesh",), process="bare")
    for asked in (Narrow(), narrow):
        statements: list[str] = []
        stop = watch_statements(rows.reading_engine, statements.append)
        with rows.reading() as session:
            tasks.list_inbox(session, actor("livia.arendt"), now=NOW, view="team", narrow=asked)
        stop()

        assert len(statements) <= 4


def test_each_filter_leaves_out_what_does_not_fit(journeys) -> None:
    with journeys.database.transaction() as session:
        case = add_case(session)
        fits = add_task(session, case, "DSSO", area="XC-CAP", risk_rank=2, due_at=NOW, flagged=True, words=" tesh convoy")
        other = {"area": "XC-CAP", "risk_rank": 4, "due_at": TOMORROW, "claimed_by": "livia.arendt", "words": " nothing"}
        add_task(session, case, "DSSO", **other)
        wanted = fits.id

    narrow = {
        "risk": Narrow(risk_rank=3),
        "due": Narrow(due_before=TOMORROW),
        "unclaimed": Narrow(unclaimed=True),
        "flagged": Narrow(flagged=True),
        "words": Narrow(words=("conv", "lina")),
    }
    with journeys.database.reading() as session:
        for name, asked in narrow.items():
            page = tasks.list_inbox(session, actor(OFFICER), now=NOW, view="team", narrow=asked)
            assert [row.task_id for row in page.rows] == [wanted], name
            assert page.team == 2, name
        for asked in (Narrow(area="XA"), Narrow(process="other"), Narrow(words=("elsewhere",)), Narrow(role="CSA")):
            assert tasks.list_inbox(session, actor(OFFICER), now=NOW, view="team", narrow=asked).rows == []
        both = tasks.list_inbox(session, actor(OFFICER), now=NOW, view="team", narrow=Narrow(area="XC", process="bare"))
        assert len(both.rows) == 2


def put_off(database: Database, task_id: str, *, who: str = OFFICER, until=NOW + timedelta(days=3)) -> None:
    with database.transaction() as session:
        tasks.put_off_task(session, task_id, until=until, actor=actor(who), now=NOW)


@pytest.fixture
def waiting(journeys) -> tuple[Database, str]:
    """A task that is due in four days."""
    with journeys.database.transaction() as session:
        task = add_task(session, add_case(session), "DSSO", area="XC-CAP", due_at=NOW + timedelta(days=4))
        return journeys.database, task.id


def views_of(database: Database, who: str, now=NOW) -> dict[str, int]:
    with database.reading() as session:
        return {view: len(tasks.list_inbox(session, actor(who), now=now, view=view).rows) for view in ("mine", "team", "put-off")}


def test_what_is_put_off_is_gone_for_oneself_only_and_comes_back_at_its_time(waiting) -> None:
    database, task_id = waiting

    put_off(database, task_id)

    assert views_of(database, OFFICER) == {"mine": 0, "team": 0, "put-off": 1}
    assert views_of(database, "livia.arendt")["put-off"] == 0
    assert views_of(database, OFFICER, NOW + timedelta(days=3)) == {"mine": 0, "team": 1, "put-off": 0}


def test_what_is_put_off_comes_back_when_it_is_due_soon_or_changes_hands(waiting) -> None:
    database, task_id = waiting
    put_off(database, task_id, until=NOW + timedelta(days=30))

    assert views_of(database, OFFICER, NOW + timedelta(days=3))["team"] == 1

    with database.transaction() as session:
        session.execute(update(Task).where(Task.id == task_id).values(claimed_by="livia.arendt"))
    assert views_of(database, OFFICER) == {"mine": 0, "team": 1, "put-off": 0}


def test_what_is_put_off_can_be_brought_back_and_put_off_again(waiting) -> None:
    database, task_id = waiting
    put_off(database, task_id)
    put_off(database, task_id, until=NOW + timedelta(days=2))
    with database.transaction() as session:
        tasks.bring_back_task(session, task_id, actor=actor(OFFICER))

    assert views_of(database, OFFICER) == {"mine": 0, "team": 1, "put-off": 0}


def test_what_is_due_within_a_day_or_for_no_time_at_all_is_not_put_off(waiting) -> None:
    database, task_id = waiting
    for until in (NOW, NOW - timedelta(days=1), NOW + timedelta(days=61)):
        with pytest.raises(NotLater):
            put_off(database, task_id, until=until)
    with pytest.raises(NotFound):
        put_off(database, task_id, who="dario.velasco")
    with database.transaction() as session:
        session.execute(update(Task).where(Task.id == task_id).values(due_at=TOMORROW))
    with pytest.raises(DueSoon):
        put_off(database, task_id)

    assert views_of(database, OFFICER)["put-off"] == 0


def test_only_what_came_since_is_new(waiting) -> None:
    database, _ = waiting
    with database.reading() as session:
        counts = [
            tasks.count_new(session, actor(who), since=since, now=NOW, view=view)
            for who, since, view in (
                (OFFICER, NOW - timedelta(seconds=1), "team"),
                (OFFICER, NOW, "team"),
                (OFFICER, NOW - timedelta(seconds=1), "mine"),
                ("dario.velasco", NOW - timedelta(days=1), "team"),
            )
        ]

    assert counts == [1, 0, 0, 0]


def test_views_are_kept_per_person_under_one_name_each(database: Database) -> None:
    with database.transaction() as session:
        view = saved_views.save_view(session, name="  Tesh   soon ", query="view=team", actor=actor("one"), now=NOW)
        saved_views.save_view(session, name="Tesh soon", query="", actor=actor("two"), now=NOW)
        view_id = view.id
    for name, error in (("", saved_views.NameMissing), ("x" * 41, saved_views.NameTooLong), ("Tesh soon", saved_views.NameTaken)):
        with pytest.raises(error), database.transaction() as session:
            saved_views.save_view(session, name=name, query="", actor=actor("one"), now=NOW)
    for act in (
        lambda session: saved_views.rename_view(session, view_id, name="Mine", actor=actor("two")),
        lambda session: saved_views.delete_view(session, view_id, actor=actor("two")),
    ):
        with pytest.raises(NotFound), database.transaction() as session:
            act(session)
    with pytest.raises(saved_views.TooManyViews), database.transaction() as session:
        for number in range(saved_views.MOST_VIEWS):
            saved_views.save_view(session, name=f"View {number}", query="", actor=actor("one"), now=NOW)

    with database.transaction() as session:
        saved_views.rename_view(session, view_id, name="Later", actor=actor("one"))
        assert [(each.name, each.query) for each in saved_views.list_views(session, actor("one"))] == [("Later", "view=team")]
        saved_views.delete_view(session, view_id, actor=actor("one"))
        assert saved_views.list_views(session, actor("one")) == []
        assert len(saved_views.list_views(session, actor("two"))) == 1


def test_what_one_asked_about_stands_apart_until_the_answer(journeys) -> None:
    case_id = journeys.ask("ana.lucero", "XC-CAP")
    with journeys.database.transaction() as session:
        task_id = session.scalars(select(Task.id).where(Task.case_id == case_id, Task.state == OPEN)).one()
        question = questions.ask_requester(session, task_id, actor=actor(OFFICER), text="Which convoy do you join?", now=NOW)
        question_id = question.id

    with journeys.database.reading() as session:
        asked = tasks.list_inbox(session, actor(OFFICER), now=NOW, view="questions")
        assert ([row.task_id for row in asked.rows], asked.questions) == ([task_id], 1)
    with journeys.database.transaction() as session:
        questions.answer_question(
            session, question_id, actor=people.actor_named(session, "ana.lucero"), text="The first", now=NOW
        )
    with journeys.database.reading() as session:
        assert tasks.list_inbox(session, actor(OFFICER), now=NOW, view="questions").rows == []
