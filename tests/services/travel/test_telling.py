"""What people are told of their travel, in their own words."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from services import cases, jobs, outbox
from services.mailers import MemoryMailer
from services.models.people import Account
from services.notices.wording import Wording
from tests.databases import NOW
from tests.services.travel.journeys import Journeys

TRAVELLER = "ana.lucero"


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "UNDSS clearance officer"), ("fr", "Agent chargé des habilitations"), ("ar", "موظف التصاريح")],
)
def test_codes_in_a_notice_are_said_in_the_words_of_its_process(embedded_journeys: Journeys, language: str, said: str) -> None:
    case_id = embedded_journeys.ask(TRAVELLER, "XC-CAP")
    with embedded_journeys.database.transaction() as session:
        session.execute(update(Account).where(Account.person == TRAVELLER).values(locale=language))
        case = cases.get_case(session, case_id)
        outbox.enqueue(
            session, outbox.notice(case, "N-TSC-05", now=NOW, to_person=TRAVELLER, variables={"stop": "Tesh", "role": "DSSO"})
        )

    mailer = MemoryMailer()
    jobs.deliver(embedded_journeys.database, mailer, NOW)

    [letter] = [letter for letter in mailer.letters if letter.code == "N-TSC-05"]
    assert said in letter.body
    assert "DSSO" not in letter.body


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "the security desk of the area"), ("fr", "le bureau de sécurité de la zone"), ("zh", "安保值班室")],
)
def test_words_of_the_diagram_in_a_notice_are_said_in_the_language_of_its_reader(
    embedded_journeys: Journeys, language: str, said: str
) -> None:
    case_id = embedded_journeys.ask(TRAVELLER, "XA-CAP")
    with embedded_journeys.database.transaction() as session:
        session.execute(update(Account).where(Account.person == TRAVELLER).values(locale=language))
    embedded_journeys.send(case_id, "MSG_AREA_NOTICE", {"code": "N-TSC-10", "area": "XA-CAP", "date": "2026-12-01"})

    mailer = MemoryMailer()
    jobs.deliver(embedded_journeys.database, mailer, NOW)

    [letter] = [letter for letter in mailer.letters if letter.code == "N-TSC-10"]
    assert said in letter.body


def test_codes_inside_a_line_are_said_in_the_words_of_the_process() -> None:
    options = {"changed.SECURITY_LEVEL": "niveau", "status.OPEN": "ouvert", "status.SUSPENDED": "suspendu"}
    words = Wording(texts={"fr": {"options": options}})

    assert words.show("SECURITY_LEVEL: 4 → 5", "fr") == "niveau: 4 → 5"
    assert words.show("OPEN → SUSPENDED", "fr") == "ouvert → suspendu"
    assert words.show("3 → 4", "ar") == "3 ← 4"
    assert words.show("Keep it OPEN for us", "fr") == "Keep it OPEN for us"


def test_names_stand_in_the_place_of_codes_inside_a_line() -> None:
    words = Wording(persons={"tomas.rehberg": "Tomas Rehberg"}, areas={"XB-CAP": {"en": "Porto Selene"}})

    assert words.say_inside("Contract in XB-CAP: tomas.rehberg", "fr") == "Contract in Porto Selene: Tomas Rehberg"
    assert words.say_inside("tomas.rehberg@demo.example, XB-CAPE", "fr") == "tomas.rehberg@demo.example, XB-CAPE"


def test_the_area_that_a_notice_is_about_is_named_in_the_language_of_its_reader() -> None:
    words = Wording(place={"en": "Dry Hills", "fr": "Collines sèches"})

    assert words.say_inside("Late notice: Ada, Dry Hills", "fr") == "Late notice: Ada, Collines sèches"
    assert words.show("Security in Dry Hills", "fr") == "Security in Collines sèches"
    assert words.show("Security in Dry Hills", "es") == "Security in Dry Hills"
