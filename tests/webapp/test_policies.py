"""Reading a policy at the browser: asked on the home page, read and confirmed on one page, which also says what went wrong."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from services.models.policies import Acknowledgement, PolicyReader, PolicyVersion
from tests.pages import flaws_of
from tests.services.leave import NOW
from tests.services.policies.promulgating import Promulgating


@pytest.fixture
def policy(leave):
    """Publish a policy of WIPO; its code."""
    world = Promulgating(leave.database)
    return world.code(world.publish(text="First line.\nSecond line of the first part.\n\nA second part with <b>signs</b> in it."))


def kept(leave):
    with leave.database.reading() as session:
        return list(session.scalars(select(Acknowledgement)))


def digest_in(page):
    return page.text.split('name="digest" value="')[1].split('"')[0]


def test_without_a_policy_nobody_is_asked(enter):
    person = enter("lina.marchetti")

    page = person.get("/policies")

    assert page.status_code == 200
    assert flaws_of(page.text) == []
    assert "No policy is in force for you." in page.text
    assert "Policies to read" not in person.get("/").text


def test_it_is_on_the_home_page_until_it_is_confirmed_on_its_own(leave, enter, policy):
    person = enter("lina.marchetti")
    home = person.get("/").text
    assert "Policies to read (1)" in home
    assert f'href="/policies/{policy}"' in home
    page = person.get(f"/policies/{policy}")
    assert flaws_of(page.text) == []
    assert "First line.<br>Second line of the first part." in page.text
    assert "&lt;b&gt;signs&lt;/b&gt;" in page.text
    assert kept(leave) == []  # opening it confirms nothing

    sent = person.post(f"/policies/{policy}", digest=digest_in(page), read="true")

    assert (sent.status_code, sent.headers["Location"]) == (303, "/policies")
    assert [row.person for row in kept(leave)] == ["lina.marchetti"]
    assert "Policies to read" not in person.get("/").text
    again = person.get(f"/policies/{policy}").text
    assert "You confirmed on" in again
    assert '<form method="post" action="/policies/' not in again
    assert flaws_of(person.get("/policies").text) == []


def test_only_the_box_and_the_button_confirm(leave, enter, policy):
    person = enter("lina.marchetti")
    digest = digest_in(person.get(f"/policies/{policy}"))

    refused = person.post(f"/policies/{policy}", digest=digest)
    person.get(f"/policies/{policy}?read=true&digest={digest}")
    person.client.post(f"/policies/{policy}", data={"digest": digest, "read": "true"})  # without the token of the page

    assert refused.status_code == 400
    assert "Tick that you have read the text" in refused.text
    assert flaws_of(refused.text) == []
    assert kept(leave) == []


def test_a_text_that_changed_meanwhile_is_shown_anew(leave, enter, policy):
    person = enter("lina.marchetti")
    digest = digest_in(person.get(f"/policies/{policy}"))
    with leave.database.transaction() as session:
        session.scalars(select(PolicyVersion)).one().text = "Something else is in force."

    refused = person.post(f"/policies/{policy}", digest=digest, read="true")

    assert refused.status_code == 409
    assert "has changed since you opened it" in refused.text
    assert "Something else is in force." in refused.text
    assert kept(leave) == []


def test_a_policy_of_another_organisation_is_not_there(leave, enter, policy):
    stranger = enter("rafael.mendes")

    assert stranger.get(f"/policies/{policy}").status_code == 404
    assert stranger.post(f"/policies/{policy}", digest="x", read="true").status_code == 404
    assert policy not in stranger.get("/policies").text
    assert stranger.get("/policies/POL-0").status_code == 404
    assert kept(leave) == []


def test_whoever_only_may_read_it_is_not_asked_to_confirm(enter, policy):
    page = enter("amina.sorel").get(f"/policies/{policy}").text

    assert "It is not meant for you in particular" in page
    assert 'name="read"' not in page


def test_a_supervisor_finds_who_of_the_own_staff_is_late(leave, enter, policy):
    supervisor = enter("odile.farrant")
    assert "Not read in time" not in supervisor.get("/policies").text
    with leave.database.transaction() as session:
        for row in session.scalars(select(PolicyReader).where(PolicyReader.person == "ben.starter")):
            row.due_at = NOW - timedelta(days=1)

    page = supervisor.get("/policies").text

    assert "Not read in time by your staff (1)" in page
    assert "Ben Starter" in page
    assert flaws_of(page) == []
    assert "Ben Starter" not in enter("bakari.thorne").get("/policies").text


@pytest.mark.parametrize("person", ["lina.marchetti", "jonas.keel", "amina.sorel"])
@pytest.mark.parametrize("key", ["policies", "policy-addenda", "policy-readers"])
def test_the_registers_open(enter, policy, person, key):
    page = enter(person).get(f"/registers/{key}")

    assert page.status_code == 200
    assert flaws_of(page.text) == []
    assert (policy in page.text) == (key != "policy-addenda")
