"""The inbox as people use it: filters, views, acts on several tasks, keys that can be switched off."""

from __future__ import annotations

import re
from datetime import time, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from services import cases
from services.models.areas import Area
from services.models.audit import Decision
from services.models.authority import RoleHolding
from services.models.base import new_id
from services.models.cases import OPEN, Case, Task
from services.models.inbox import PutOff
from services.models.people import Person
from services.models.questions import Question
from tests.databases import NOW
from tests.pages import flaws_of
from tests.services.travel.journeys import request_to
from tests.statements import watch_statements

OFFICER, SECOND, TRAVELLER, STRANGER = "mei.okafor-lund", "kofi.drummond", "ana.lucero", "dario.velasco"


@pytest.fixture
def ids(leave):
    """Three clearances that wait for the officer, the last one with a warning."""
    actor = leave.actor(TRAVELLER)
    with leave.database.transaction() as session:
        for number in range(3):
            answers = request_to("XC-CAP", days=19 + 7 * number)
            cases.start_case(session, "travel_clearance", actor=actor, answers=answers, now=NOW)
    with leave.database.transaction() as session:
        tasks = list(session.scalars(select(Task).where(Task.state == OPEN).order_by(Task.departs_at)))
        tasks[-1].card = [{"label": "Hotel", "value": "not approved", "flag": True}]
        tasks[-1].flagged = True
        for task in tasks:
            task.due_at = NOW + timedelta(days=5)
        session.add(RoleHolding(id=new_id(), person=SECOND, role="DSSO", area="XC", valid_from=NOW))
        return [task.id for task in tasks]


@pytest.fixture
def officer(enter, ids):
    return enter(OFFICER)


def hidden(page, name):
    found = re.search(rf'name="{re.escape(name)}" value="([^"]*)"', page.text)
    return found[1] if found else ""


def act(person, wish, chosen, **more):
    """Send the form of the list, as a browser without scripts does."""
    page = person.get("/inbox?view=team")
    seen = {f"seen.{task_id}": hidden(page, f"seen.{task_id}") for task_id in chosen if f"seen.{task_id}" in page.text}
    form = {"batch": hidden(page, "batch"), "here": hidden(page, "here"), "task": chosen, "act": wish}
    return person.post("/inbox/acts", **(form | seen | more))


def outcomes(leave):
    with leave.database.reading() as session:
        return dict(session.execute(select(Decision.task_id, Decision.outcome).where(Decision.task_id.is_not(None))).all())


def test_each_row_can_be_selected_and_says_when_who_and_how_risky(officer, ids):
    page = officer.get("/inbox")

    assert page.text.count('type="checkbox" name="task"') == 3
    assert not re.search(r'name="task"[^>]* checked', page.text)
    assert "Departure" in page.text
    assert "Medium risk" in page.text
    assert "Warning" in page.text
    assert "Needs opening: it carries a warning" in page.text
    assert flaws_of(page.text) == []
    assert len(re.findall(r'name="task"[^>]* checked', officer.get("/inbox?every=yes").text)) == 3


def test_codes_inside_what_a_task_is_about_are_said_by_their_names(leave, officer, ids):
    with leave.database.transaction() as session:
        task = session.get(Task, ids[0])
        task.subject, task.properties = "SUSPENSION: ana.lucero in XC-CAP", {}

    pages = [officer.get(address).text for address in ("/inbox?view=team", f"/tasks/{ids[0]}")]

    assert all("The area is suspended: Ana Lucero in Tesh, Cordavia" in page for page in pages)


def test_the_area_is_named_in_the_language_of_the_reader_wherever_a_subject_stands(leave, officer, enter, ids):
    with leave.database.transaction() as session:
        session.get(Area, "XC-CAP").name = {"en": "Tesh, Cordavia", "fr": "Tesh-la-Neuve"}
        session.get(Area, "XC").name = {"en": "Cordavia", "fr": "Cordavie"}
        session.get(Task, ids[0]).subject = "Travel to Tesh, Cordavia by the plan of XC"
        number = session.get(Case, session.get(Task, ids[0]).case_id).number
    requester = enter(TRAVELLER)
    officer.post("/language", locale="fr", next="/")
    requester.post("/language", locale="fr", next="/")

    for page in (officer.get("/inbox?view=team"), officer.get(f"/tasks/{ids[0]}"), requester.get("/"), requester.get("/cases")):
        assert "Tesh-la-Neuve" in page.text
        assert "Tesh, Cordavia" not in page.text
    assert "Tesh-la-Neuve by the plan of Cordavie" in officer.get("/inbox?view=team").text
    assert "Tesh-la-Neuve by the plan of Cordavie" in officer.get(f"/tasks/{ids[0]}").text
    assert "Tesh-la-Neuve" in requester.get(f"/cases/{number}").text


def test_the_list_of_a_page_takes_at_most_six_queries(leave, ids):
    from services import people
    from webapp.presenters.inbox import Asked, get_inbox

    with leave.database.reading() as session:
        actor = people.actor_named(session, OFFICER)
    for query in ("", "view=team&risk=MEDIUM&q=tesh&area=XC&due=week&order=risk"):
        statements: list[str] = []
        stop = watch_statements(leave.database.reading_engine, statements.append)
        app = leave_app(leave)
        with app.test_request_context("/inbox"), leave.database.reading() as session:
            get_inbox(session, Asked.of_query(query or "view=team"), actor=actor, now=NOW)
        stop()
        assert len(statements) <= 6


def leave_app(leave):
    from webapp.app import create_app
    from webapp.settings import Settings

    return create_app(
        Settings(secret_key="of no use", database_url=leave.database.url), database=leave.database, clock=lambda: NOW
    )


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("risk=MEDIUM", 3),
        ("risk=HIGH", 0),
        ("area=XC", 3),
        ("area=XA", 0),
        ("flagged=yes", 1),
        ("unclaimed=yes", 3),
        ("due=week", 3),
        ("due=overdue", 0),
        ("process=travel_clearance", 3),
        ("process=incident", 0),
        ("q=lucero", 3),
        ("q=nowhere", 0),
    ],
)
def test_the_list_is_narrowed_and_each_filter_can_be_taken_off(officer, query, shown):
    page = officer.get(f"/inbox?view=team&order=risk&{query}")

    assert page.text.count('type="checkbox" name="task"') == shown
    assert "Take off the filter" in page.text
    assert 'href="/inbox?view=team&amp;order=risk"' in page.text
    assert ("No task matches" in page.text) is (shown == 0)
    assert flaws_of(page.text) == []


def test_an_address_to_keep_has_nothing_of_what_the_filter_left_empty(officer):
    answer = officer.get("/inbox?view=team&q=Ana&area=&risk=&due=")

    assert answer.location == "/inbox?view=team&q=Ana"
    page = officer.get(answer.location).text
    assert re.search(r'id="filter-q"[^>]*value="Ana"', page)
    assert re.search(r'id="site-search"[^>]*value=""', page), "the words of a list are not those of the search"


@pytest.mark.parametrize(
    "query", ["q=%00", "area=%00&task=%00", "role=%27&held=%22", "risk=1&due=never&page=-1", "q=" + "x" * 5000, "q=%25_"]
)
def test_no_address_of_the_inbox_breaks_it(officer, query):
    assert officer.get(f"/inbox?view=team&{query}").status_code in {200, 404}


def test_approving_several_asks_first_and_says_what_has_to_be_opened(leave, officer, ids):
    page = act(officer, "approve", ids)

    assert "Approve 2 tasks" in page.text
    assert "Needs opening: it carries a warning" in page.text
    assert flaws_of(page.text) == []
    assert outcomes(leave) == {}

    form = {"batch": hidden(page, "batch"), "task": ids[:2], "act": "approve", "confirmed": "yes"}
    seen = {f"seen.{each}": hidden(page, f"seen.{each}") for each in ids[:2]}
    done, again = (officer.post("/inbox/acts", **form, **seen) for _ in range(2))

    assert "2 tasks done" in done.text
    assert "2 tasks done" in again.text
    assert flaws_of(done.text) == []
    assert f'formaction="/tasks/{ids[0]}/take-back"' in done.text
    assert outcomes(leave) == dict.fromkeys(ids[:2], "GRANT")


def test_a_warning_is_not_approved_by_a_form_made_by_hand_and_a_foreign_task_is_not_found(leave, officer, enter, ids):
    page = act(officer, "approve", [*ids, "nothing"], confirmed="yes")

    assert "2 tasks done, 2 tasks not done" in page.text
    assert "its facts carry a warning" in page.text
    assert "There is nothing here" in page.text
    assert f'value="{ids[2]}" checked' in page.text
    assert 'value="nothing"' not in page.text
    assert set(outcomes(leave)) == set(ids[:2])

    foreign = act(enter(STRANGER), "claim", ids[2:])
    assert "Not found" in foreign.text
    assert "XC-CAP" not in foreign.text
    with leave.database.reading() as session:
        assert session.get_one(Task, ids[2]).claimed_by is None


def test_several_are_claimed_put_off_and_brought_back(officer, ids):
    assert "3 tasks done" in act(officer, "claim", ids).text
    assert "Mine <span" in officer.get("/inbox").text
    page = officer.get("/inbox?view=mine")
    assert page.text.count('type="checkbox" name="task"') == 3

    until = {"put-off-tomorrow": "", "put-off-monday": "", "put-off-day": "2026-12-04"}
    for task_id, (wish, on) in zip(ids, until.items(), strict=True):
        assert "1 task done" in act(officer, wish, [task_id], on=on).text
    away = officer.get("/inbox?view=put-off")
    assert away.text.count("put off until") == 3
    assert "Wed" in away.text
    assert "Mon" in away.text
    assert flaws_of(away.text) == []

    assert "3 tasks done" in act(officer, "bring-back", ids).text
    assert officer.get("/inbox?view=mine").text.count('type="checkbox" name="task"') == 3


def test_what_is_put_off_comes_back_in_the_morning_of_the_readers_duty_station(leave, officer, ids):
    act(officer, "put-off-tomorrow", ids[:1])

    with leave.database.reading() as session:
        zone = session.scalar(select(Area.zone).join(Person, Person.duty_area == Area.code).where(Person.code == OFFICER))
        until = session.scalar(select(PutOff.until).where(PutOff.task_id == ids[0]))
    assert zone == "Asia/Kabul"
    assert until.astimezone(ZoneInfo(zone)).time() == time(8)


def test_several_are_handed_over_to_somebody_who_may_act_on_all(leave, officer, ids):
    page = act(officer, "hand-over", ids)
    to = re.search(r'<option value="([^"]+)"', page.text)[1]

    assert OFFICER not in page.text
    assert flaws_of(page.text) == []
    assert "3 tasks done" in act(officer, "hand-over", ids, to=to).text
    with leave.database.reading() as session:
        assert set(session.scalars(select(Task.claimed_by).where(Task.id.in_(ids)))) == {to}
    assert "2 tasks not done" in act(officer, "hand-over", ids[:2], to=STRANGER).text


def test_one_question_goes_to_the_requesters_of_several(leave, officer, enter, ids):
    page = act(officer, "ask", ids)
    assert page.text.count('type="hidden" name="task"') == 3
    assert flaws_of(page.text) == []
    nothing = act(officer, "ask", ids, confirmed="yes", text=" ", audience="CASE")
    assert nothing.status_code == 422
    assert "Write something first" in nothing.text
    assert re.search(r'value="CASE" checked', nothing.text)

    asking = {"text": "Which hotel?", "audience": "DECIDERS", "batch": "once"}
    assert act(officer, "ask", ids, **asking).text.count("Your question was sent.") == 3
    assert "3 tasks done" in act(officer, "ask", ids, **asking).text, "sent twice, asked once"
    with leave.database.reading() as session:
        asked = session.scalars(select(Question).where(Question.task_id.in_(ids))).all()
        assert sorted((one.task_id, one.text, one.audience) for one in asked) == [
            (task_id, "Which hotel?", "DECIDERS") for task_id in sorted(ids)
        ]
    foreign = act(enter(STRANGER), "ask", ids, text="Which hotel?")
    assert "3 tasks not done" in foreign.text


@pytest.mark.parametrize(("form", "said"), [({"task": []}, "Choose at least one task."), ({"on": "soon"}, "Choose the day")])
def test_what_is_missing_is_asked_for(officer, ids, form, said):
    answer = officer.post("/inbox/acts", **({"task": ids, "act": "put-off-day", "here": "view=team"} | form))

    assert answer.location == "/inbox?view=team"
    assert said in officer.get("/inbox").text


def test_an_unknown_act_is_refused(officer, ids):
    assert officer.post("/inbox/acts", task=ids, act="delete").status_code == 400


def test_new_tasks_are_counted_for_the_view_that_is_open(leave, officer, enter, ids):
    before, after = (quote((NOW + timedelta(seconds=s)).isoformat()) for s in (-1, 1))

    found = officer.get(f"/inbox/new?view=team&since={before}").json
    assert (found["count"], found["sentence"]) == (3, "3 new tasks")
    assert officer.get(f"/inbox/new?view=team&since={after}").json == {"count": 0, "sentence": "", "address": "/inbox?view=team"}
    assert officer.get(f"/inbox/new?view=team&area=XA&since={before}").json["count"] == 0
    assert officer.get("/inbox/new?view=team&since=nonsense").json["count"] == 0
    assert enter(STRANGER).get(f"/inbox/new?view=team&since={before}").json["count"] == 0
    assert "data-inbox-news" in officer.get("/inbox?view=team").text


def test_a_view_is_kept_under_a_name_shown_as_a_tab_renamed_and_deleted(officer, enter, ids):
    address = "/inbox?view=team&area=XC&risk=MEDIUM&order=risk"
    query = hidden(officer.get(address), "query").replace("&amp;", "&")
    answer = officer.post("/inbox/views", name="Cordavia, risky", query=query)

    assert answer.location == address
    assert re.search(r'<a href="/inbox\?view=team&amp;area=XC[^>]+aria-current="page">Cordavia, risky', officer.get(address).text)
    page = officer.get("/inbox/views")
    assert flaws_of(page.text) == []
    view_id = re.search(r"/inbox/views/(\w+)/rename", page.text)[1]
    for stranger_does in ("rename", "delete"):
        assert enter(STRANGER).post(f"/inbox/views/{view_id}/{stranger_does}", name="Mine now").status_code == 404
    refused = officer.post("/inbox/views", name="Cordavia, risky", query=query)
    assert refused.status_code == 422
    assert "You have a view of this name" in refused.text
    assert flaws_of(refused.text) == []
    assert officer.post(f"/inbox/views/{view_id}/rename", name=" ").status_code == 422
    officer.post(f"/inbox/views/{view_id}/rename", name="Soon")
    assert ">Soon" in officer.get("/inbox").text
    officer.post(f"/inbox/views/{view_id}/delete")
    assert ">Soon" not in officer.get("/inbox").text


def test_the_address_of_a_view_shows_everybody_only_what_they_may_see(enter, ids):
    address = "/inbox?view=team&role=DSSO&area=XC&q=lucero"

    assert "Lucero: " in enter(OFFICER).get(address).text
    assert "Lucero: " not in enter(STRANGER).get(address).text


def test_signing_in_leads_back_to_the_view_with_everything_in_its_address(pages, ids):
    address = "/inbox?view=team&area=XC&risk=MEDIUM&q=ana+lucero&task=" + ids[0]
    client = pages.test_client()
    asked = client.get(address)
    assert asked.location == f"/sign-in?next={quote(address, safe='/?')}"

    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(asked.location).text)[1]
    form = {"csrf_token": token, "login": f"{OFFICER}@demo.example", "password": "safeconduct-demo"}
    onward = re.findall(r'name="next" value="([^"]+)"', client.get(asked.location).text)[-1].replace("&amp;", "&")
    assert client.post("/sign-in", data=form | {"next": onward}).location == address


@pytest.mark.parametrize(
    "trick", ["//evil.example/inbox", "/\\evil.example", "https://evil.example", "/%09//evil.example\t", "javascript:alert(1)"]
)
def test_no_trick_leads_elsewhere_after_signing_in(pages, leave, trick):
    client = pages.test_client()
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/sign-in").text)[1]
    form = {"csrf_token": token, "login": f"{OFFICER}@demo.example", "password": "safeconduct-demo", "next": trick}

    assert client.post("/sign-in", data=form).location == "/"


def test_keys_can_be_switched_off_in_the_profile(officer):
    assert "data-keys-off" not in officer.get("/inbox").text
    assert officer.post("/profile/keys").location == "/profile"
    assert "data-keys-off" in officer.get("/inbox").text
    assert "Single letters are switched off." in officer.get("/inbox").text
    officer.post("/profile/keys", keys="yes")
    assert "data-keys-off" not in officer.get("/inbox").text
    assert "Single letters are switched off." not in officer.get("/inbox").text


def test_an_empty_list_says_what_waits_for_the_team(officer, ids):
    page = officer.get("/inbox?view=mine")

    assert "Nothing waits for you. 3 tasks wait for your team." in page.text
    assert "You have put nothing off." in officer.get("/inbox?view=put-off").text


def test_no_decision_was_made_by_looking(leave, officer, ids):
    for address in ("/inbox?every=yes", "/inbox/new?since=", "/inbox/views", "/inbox?task=" + ids[0]):
        officer.get(address)

    with leave.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Decision)) == 0
