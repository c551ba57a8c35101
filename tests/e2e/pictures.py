"""Pictures of the main pages, for the guides and for whoever wants to look at them all: `make pictures`.

No test by its name, so that it runs only when it is asked for: nothing here says that something is wrong.
"""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest

from services import process_drafts
from services.people import Actor
from tests.e2e.headcounts import ADVISER, AREA, COLLEAGUE, PARENT, WARDEN, answer, call_head_count
from tests.e2e.languages import PAGES, speak, walk
from tests.e2e.studio import DIAGRAM, FLOW, OWNER, begin_draft, click_line, drawn_by_hand, open_editor
from tests.e2e.travel import OFFICER, TESH, TRAVELLER, answer_task, begin_request, fill_stop, open_task, send_request

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "var" / "pictures"
GUIDES = ROOT / "docs" / "guides" / "pictures"
QUALITY = 70
#: A picture of this kind cannot be taller.
TALLEST = 16_000
VARIANTS = {
    "desktop": {"viewport": {"width": 1280, "height": 900}},
    "phone": {"viewport": {"width": 360, "height": 740}},
    "arabic": {"viewport": {"width": 1280, "height": 900}},
    "arabic-phone": {"viewport": {"width": 360, "height": 740}},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "dark-phone": {"viewport": {"width": 360, "height": 740}, "color_scheme": "dark"},
    "contrast": {"viewport": {"width": 1280, "height": 900}, "forced_colors": "active"},
}


def take(page, path, *, whole=True):
    """Take a picture as WebP, which Playwright itself does not write."""
    path.parent.mkdir(parents=True, exist_ok=True)
    size = page.evaluate("[document.documentElement.clientWidth, document.documentElement.scrollHeight]")
    clip = {"clip": {"x": 0, "y": 0, "scale": 1, "width": size[0], "height": min(size[1], TALLEST)}} if whole else {}
    session = page.context.new_cdp_session(page)
    answer = session.send(
        "Page.captureScreenshot", {"format": "webp", "quality": QUALITY, "captureBeyondViewport": whole, **clip}
    )
    session.detach()
    path.write_bytes(base64.b64decode(answer["data"]))


def _forget(*, is_studio):
    """Take away the pictures of the guides that are taken anew; the two tests may run at once."""
    for old in GUIDES.glob("*.webp"):
        if ("studio" in old.name) == is_studio:
            old.unlink()


@pytest.mark.parametrize("variant", VARIANTS)
def test_take_every_main_page(sign_in, variant):
    for person in PAGES:
        page = sign_in(person, **VARIANTS[variant])
        if variant.startswith("arabic"):
            speak(page, "ar")
        for number, address in enumerate(walk(page, person)):
            name = re.sub(r"[^a-z0-9]+", "-", address.partition("//")[2].partition("/")[2].partition("=")[0]).strip("-")
            take(page, FOLDER / variant / f"{person.partition('.')[0]}-{number:02}-{name or 'home'}.webp")
        page.context.close()


@pytest.mark.parametrize("variant", VARIANTS)
def test_take_a_head_count(sign_in, site, variant):
    for name, page in _open_a_head_count(sign_in, site, **VARIANTS[variant]).items():
        if variant.startswith("arabic"):
            speak(page, "ar")
        take(page, FOLDER / variant / f"head-count-{name}.webp")


def _open_a_head_count(sign_in, site, **options):
    """Call a head count and let some answer; what each of its people has open then, by a name."""
    number = call_head_count(sign_in(ADVISER), site, "Shells fell on the market of Halden.")
    answer(sign_in(COLLEAGUE), site, "I am safe", place="Clinic")
    answer(sign_in(PARENT), site, "I need help", place="Mill Road 4")
    opened = {
        "safe": (WARDEN, "/safe"),
        "family": (PARENT, "/safe"),
        "list": (ADVISER, f"/cases/{number}"),
        "board": (WARDEN, f"/areas/{AREA}/board"),
    }
    pages = {name: sign_in(person, **options) for name, (person, _) in opened.items()}
    for name, page in pages.items():
        page.goto(opened[name][1])
    return pages


def test_take_the_pictures_of_the_guides(sign_in, site):
    """Go through a request and its decision, and keep what the guides show."""
    _forget(is_studio=False)
    traveller = sign_in(TRAVELLER, viewport={"width": 1100, "height": 760})
    traveller.goto("/")
    take(traveller, GUIDES / "my-requests.webp", whole=False)
    begin_request(traveller)
    traveller.get_by_label("What is the purpose?").select_option("MISSION")
    fill_stop(traveller, 0, TESH)
    traveller.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    take(traveller, GUIDES / "request-part.webp", whole=False)
    number = send_request(traveller, [TESH])
    take(traveller, GUIDES / "request-sent.webp", whole=False)
    traveller.goto(f"/cases/{number}/diagram")
    take(traveller, GUIDES / "diagram.webp", whole=False)

    officer = sign_in(OFFICER, viewport={"width": 1280, "height": 860})
    officer.goto("/inbox?view=team")
    take(officer, GUIDES / "inbox.webp", whole=False)
    open_task(officer, number)
    take(officer, GUIDES / "decision.webp", whole=False)
    answer_task(officer, number, "Grant")
    take(officer, GUIDES / "undo.webp", whole=False)

    traveller.goto(f"/cases/{number}")
    take(traveller, GUIDES / "case.webp", whole=False)
    traveller.goto(f"/certificates/{number}-V1")
    take(traveller, GUIDES / "certificate.webp", whole=False)
    speak(traveller, "ar")
    take(traveller, GUIDES / "certificate-arabic.webp", whole=False)
    traveller.goto("/absences")
    speak(traveller, "en")
    take(traveller, GUIDES / "absences.webp", whole=False)
    _take_on_a_telephone(sign_in, number)
    _take_boards_and_head_counts(sign_in, site)
    _take_in_the_dark(sign_in)
    _take_what_owners_see(sign_in)


def _take_on_a_telephone(sign_in, number):
    phone = sign_in(TRAVELLER, viewport={"width": 360, "height": 740})
    for name, address in {"phone-home": "/", "phone-case": f"/cases/{number}"}.items():
        phone.goto(address)
        take(phone, GUIDES / f"{name}.webp", whole=False)


def _take_boards_and_head_counts(sign_in, site):
    for name, page in _open_a_head_count(sign_in, site, viewport={"width": 1100, "height": 860}).items():
        if name != "safe":
            take(page, GUIDES / f"head-count-{name}.webp", whole=False)
        else:
            page.set_viewport_size({"width": 360, "height": 740})
            take(page, GUIDES / "phone-head-count.webp", whole=False)


def _take_in_the_dark(sign_in):
    dark = {"viewport": {"width": 1280, "height": 760}, "color_scheme": "dark"}
    traveller = sign_in(TRAVELLER, **dark)
    take(traveller, GUIDES / "dark-home.webp", whole=False)
    traveller.goto("/profile")
    traveller.get_by_role("region", name="Appearance").evaluate("place => place.scrollIntoView({block: 'center'})")
    take(traveller, GUIDES / "dark-profile.webp", whole=False)
    officer = sign_in(OFFICER, **dark)
    officer.goto("/inbox?view=team")
    take(officer, GUIDES / "dark-inbox.webp", whole=False)


def _take_what_owners_see(sign_in):
    page = sign_in("amina.sorel", viewport={"width": 1100, "height": 760})
    for name in ("indicators", "oversight", "registers"):
        page.goto(f"/{name}")
        take(page, GUIDES / f"{name}.webp", whole=False)
    owner = sign_in("pavel.eriksen", viewport={"width": 1100, "height": 560})
    owner.goto("/failed-steps")
    take(owner, GUIDES / "failed-steps.webp", whole=False)


def test_take_the_pictures_of_the_studio(sign_in, site):
    """Change the travel clearance and keep what the guide of process owners shows."""
    _forget(is_studio=True)
    owner = sign_in(OWNER, viewport={"width": 1280, "height": 860})
    draft = begin_draft(owner, "travel_clearance")
    _take_the_diagram(owner, draft)
    _change(site, draft)
    owner.goto(f"/studio/drafts/{draft}/compare")
    owner.locator("h1").evaluate("title => title.scrollIntoView()")
    take(owner, GUIDES / "studio-compare.webp", whole=False)
    _take_a_walk(owner, begin_draft(owner, "delegation"))
    owner.goto(f"/studio/drafts/{draft}/publish")
    take(owner, GUIDES / "studio-publish.webp", whole=False)
    speak(owner, "ar")
    take(owner, GUIDES / "studio-publish-arabic.webp", whole=False)
    speak(owner, "en")
    _break(site, draft)
    owner.goto(f"/studio/drafts/{draft}/check")
    owner.locator(".finding").filter(has=owner.locator("svg")).first.evaluate("finding => finding.scrollIntoView()")
    take(owner, GUIDES / "studio-check.webp", whole=False)
    phone = sign_in(OWNER, viewport={"width": 360, "height": 740})
    phone.goto(f"/studio/drafts/{draft}/check")
    take(phone, GUIDES / "phone-studio-check.webp", whole=False)


def _take_the_diagram(page, draft):
    open_editor(page, draft, DIAGRAM, f"#{FLOW}")
    page.locator(".djs-shape[data-element-id='tsc_open'] .djs-hit").first.click()
    click_line(page, f".djs-connection[data-element-id='{FLOW}'] .djs-hit")
    page.locator("[data-entry-id='conditionExpression']").wait_for()
    page.locator(".studio-heading").evaluate("place => place.scrollIntoView()")
    take(page, GUIDES / "studio-diagram.webp", whole=False)
    page.emulate_media(color_scheme="dark")
    take(page, GUIDES / "dark-studio-diagram.webp", whole=False)
    page.emulate_media(color_scheme="light")


def _take_a_walk(page, draft):
    page.goto(f"/studio/drafts/{draft}/try")
    page.get_by_label("Scenario").select_option(index=0)
    page.get_by_role("button", name="Begin like it").click()
    step = page.get_by_role("table", name="Steps that wait for somebody").get_by_role("link")
    while not step.count():
        page.get_by_role("button", name="Take the last step back").click()
    step.first.click()
    page.locator("#task").wait_for()
    take(page, GUIDES / "studio-try.webp", whole=False)


def _change(site, draft):
    _write(site, draft, "forms/F-TSC-01.form", b"What kind of travel is it?", b"What sort of journey is it?")
    _write(site, draft, "D1.6_priority_and_clocks.dmn", b"<text>48</text>", b"<text>36</text>")


def _break(site, draft):
    _write(site, draft, "by_hand.bpmn", b"F-DOA-02", b"F-TSC-13", written=drawn_by_hand().encode())


def _write(site, draft, name, old, new, *, written=None):
    """Put a file into a draft, or change one."""
    with site.database.transaction() as session:
        who = {"actor": Actor(person=OWNER, account=OWNER, name="Pavel Eriksen"), "now": site.clock()}
        kept = None if written else process_drafts.read_file(session, process_drafts.get_draft(session, draft, **who), name)
        content = (kept.content if kept else written).replace(old, new)
        process_drafts.save_file(session, draft, name, content, revision=kept.revision if kept else None, **who)
