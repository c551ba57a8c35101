"""Pictures of the main pages, for the guides and for whoever wants to look at them all: `make pictures`.

No test by its name, so that it runs only when it is asked for: nothing here says that something is wrong.
"""

from __future__ import annotations

import base64
import re
import shutil
from pathlib import Path

import pytest

from tests.e2e.languages import PAGES, speak, walk
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


def test_take_the_pictures_of_the_guides(sign_in):
    """Go through a request and its decision, and keep what the guides show."""
    shutil.rmtree(GUIDES, ignore_errors=True)
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
    _take_what_owners_see(sign_in)


def _take_on_a_telephone(sign_in, number):
    phone = sign_in(TRAVELLER, viewport={"width": 360, "height": 740})
    for name, address in {"phone-home": "/", "phone-case": f"/cases/{number}"}.items():
        phone.goto(address)
        take(phone, GUIDES / f"{name}.webp", whole=False)


def _take_what_owners_see(sign_in):
    page = sign_in("amina.sorel", viewport={"width": 1100, "height": 760})
    for name in ("indicators", "oversight", "registers"):
        page.goto(f"/{name}")
        take(page, GUIDES / f"{name}.webp", whole=False)
    owner = sign_in("pavel.eriksen", viewport={"width": 1100, "height": 560})
    owner.goto("/failed-steps")
    take(owner, GUIDES / "failed-steps.webp", whole=False)
