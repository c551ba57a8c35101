"""Files: chosen on a page, kept at once, sent with the answers, and opened by those who may."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from io import BytesIO

import pytest

from services import attachments, cases
from services.models.attachments import Attachment
from services.models.audit import AuditEntry
from services.models.cases import Case, RequestDraft, Task
from tests.databases import NOW
from tests.pages import flaws_of
from tests.services.leave import STRANGER
from tests.webapp.test_privacy import OFFICER, TRAVELLER, stop
from workflows.errors import AnswersInvalid

PDF = b"%PDF-1.7\ninvitation"
PNG = b"\x89PNG\r\n\x1a\nmap"
QUESTION = 'name="attachments"'


@pytest.fixture
def traveller(enter):
    return enter(TRAVELLER)


@pytest.fixture
def part(traveller):
    """The address of the part of a new request that asks for documents."""
    first = traveller.post("/requests/new/travel_clearance").location
    draft = first.rpartition("/")[0]
    pages = (f"{draft}/{number}" for number in range(1, 9))
    return next(address for address in pages if QUESTION in traveller.get(address).text)


def send(person, address, *files, **answers):
    """Press the button of a part with some files chosen."""
    page = person.get(address)
    revision = re.search(r'name="revision" value="(\d+)"', page.text)[1]
    chosen = [(BytesIO(content), name) for name, content in files]
    answer = person.post(address, **{"revision": revision, "onward": "list", "attachments": chosen} | answers)
    answer.request.environ["wsgi.input"].close()  # the client leaves the file behind that it wrote a large body into
    return answer


def kept_in(page):
    return re.findall(r'name="attachments" value="(\w{32})" checked', page.text)


def test_a_chosen_file_is_kept_and_can_be_opened_again(traveller, part):
    send(traveller, part, ("invitation.pdf", PDF))

    page = traveller.get(part)
    (identity,) = kept_in(page)
    file = traveller.get(f"/attachments/{identity}")

    assert "Keep invitation.pdf" in page.text
    assert "10 MB at most" in page.text
    assert flaws_of(page.text) == []
    assert file.data == PDF
    assert file.headers["Content-Disposition"] == "attachment; filename=invitation.pdf"
    assert file.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert file.headers["X-Content-Type-Options"] == "nosniff"


def test_a_file_whose_box_is_not_ticked_goes(traveller, part):
    send(traveller, part, ("invitation.pdf", PDF))
    first = kept_in(traveller.get(part))
    send(traveller, part, ("map.png", PNG))  # the box of the first is not ticked

    (left,) = kept_in(traveller.get(part))

    assert [left] != first


def test_typing_on_keeps_the_files(traveller, part):
    send(traveller, part, ("invitation.pdf", PDF))
    page = traveller.get(part)
    revision = re.search(r'name="revision" value="(\d+)"', page.text)[1]
    draft, number = part.rsplit("/", 1)

    traveller.post(f"{draft}/autosave", revision=revision, step=number, attachments=kept_in(page), mobile="+41")

    assert "Keep invitation.pdf" in traveller.get(part).text


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("page.pdf", b"<html><script>alert(1)</script>", "is neither a PDF nor a picture"),
        ("large.pdf", PDF + b"0" * 12_300_000, "must be smaller than 10 MB (yours is 12.3 MB)"),
        ("nothing.pdf", b"", "is empty"),
    ],
)
def test_a_file_that_cannot_be_kept_is_named_with_the_way_out(traveller, part, name, content, sentence):
    answer = send(traveller, part, (name, content), ("map.png", PNG))

    assert answer.status_code == 422
    assert f"The file {name} {sentence}" in answer.text
    assert "Keep map.png" in answer.text


def test_a_file_is_what_it_begins_with_whatever_it_is_called(leave):
    with leave.database.transaction() as session:
        made = attachments.keep_attachment(
            session, name="../..\\etc/pass\u202ewd.exe", content=PNG, actor=leave.actor(TRAVELLER), now=NOW
        )

    assert made.media_type == "image/png"
    assert not set(made.name) & set("/\\\u202e")


def test_an_unsent_file_is_its_persons_alone(traveller, part, enter):
    send(traveller, part, ("invitation.pdf", PDF))
    (identity,) = kept_in(traveller.get(part))

    assert enter(OFFICER).get(f"/attachments/{identity}").status_code == 404


def test_nobody_sends_another_persons_file(traveller, part, enter, leave):
    send(traveller, part, ("invitation.pdf", PDF))
    (identity,) = kept_in(traveller.get(part))
    with leave.database.transaction() as session, pytest.raises(AnswersInvalid):
        cases.start_case(session, "travel_clearance", actor=leave.actor("lina.marchetti"), answers=trip([identity]), now=NOW)


def trip(files):
    return {
        "travel_kind": "OFFICIAL",
        "purpose_code": "MISSION",
        "purpose_text": "Work with the partners of the office on site",
        "stops": [stop("XC-CAP", "2026-12-20T09:00:00Z", "2026-12-22T09:00:00Z")],
        "mobile": "+41795550100",
        "second_email": "traveller@example.org",
        "emergency_name": "Alex Doe",
        "emergency_relation": "SIBLING",
        "emergency_phone": "+41225550100",
        "advisory_ack": ["XC-CAP 1"],
        "attachments": files,
        "declaration": True,
    }


@pytest.fixture
def sent(leave):
    """A case with a file, and the id of the file."""
    actor = leave.actor(TRAVELLER)
    with leave.database.transaction() as session:
        kept = attachments.keep_attachment(session, name="invitation.pdf", content=PDF, actor=actor, now=NOW)
        case = cases.start_case(session, "travel_clearance", actor=actor, answers=trip([kept.id]), now=NOW)
        return case.number, kept.id


def test_a_sent_file_belongs_to_the_case_and_its_hash_to_the_audit(leave, sent):
    number, identity = sent
    with leave.database.reading() as session:
        case = session.query(Case).filter(Case.number == number).one()
        entry = session.query(AuditEntry).filter(AuditEntry.case_id == case.id, AuditEntry.act == "start").one()

        assert session.get_one(Attachment, identity).case_id == case.id
    assert entry.payload["attachments"] == [
        {"file": identity, "name": "invitation.pdf", "sha256": hashlib.sha256(PDF).hexdigest()}
    ]


def test_who_decides_opens_the_file_and_a_stranger_does_not(leave, sent, enter):
    number, identity = sent
    officer = enter(OFFICER)
    with leave.database.reading() as session:
        (task_id,) = session.query(Task.id).filter(Task.area == "XC-CAP").one()

    assert "invitation.pdf" in officer.get(f"/tasks/{task_id}").text
    assert officer.get(f"/attachments/{identity}").data == PDF
    assert "invitation.pdf" in enter(TRAVELLER).get(f"/cases/{number}").text
    assert enter(STRANGER).get(f"/attachments/{identity}").status_code == 404


def test_files_that_nobody_sent_go_after_a_month_unless_a_draft_names_them(leave):
    actor = leave.actor(TRAVELLER)
    with leave.database.transaction() as session:
        forgotten, named = (
            attachments.keep_attachment(session, name=name, content=PDF, actor=actor, now=NOW) for name in ("a.pdf", "b.pdf")
        )
        draft = RequestDraft(
            process_key="travel_clearance",
            person=TRAVELLER,
            answers={"attachments": [attachments.reference_of(named)]},
            step="",
            revision=1,
            created_at=NOW,
            updated_at=NOW,
        )
        session.add(draft)

    with leave.database.reading() as session:
        assert attachments.list_unsent(session, NOW + timedelta(days=29)) == []
        assert attachments.list_unsent(session, NOW + timedelta(days=31)) == [forgotten.id]
