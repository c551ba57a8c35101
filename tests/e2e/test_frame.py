"""The frame of every page in a real browser: with and without scripts, by keyboard, on a telephone, for assistive technology."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

ADDRESSES = ["/profile", "/nothing-here"]


def violations(page):
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in found.response["violations"]]


def test_a_person_signs_in_switches_the_language_and_signs_out_without_scripts(sign_in):
    page = sign_in("lina.marchetti", java_script_enabled=False)

    page.locator(".language-menu summary").click()
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh")
    page.locator(".language-menu summary").click()
    page.get_by_role("button", name="English").click()

    page.locator(".account-menu summary").last.click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_wrong_password_puts_the_focus_on_the_summary(new_context):
    page = new_context().new_page()
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill("lina.marchetti@demo.example")
    page.get_by_label("Password").fill("not the password")
    page.get_by_label("Password").press("Enter")

    expect(page.get_by_role("alert")).to_be_focused()
    expect(page).to_have_title("Error: Sign in – Safeconduct")
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.get_by_label("E-mail address")).to_be_focused()


def test_the_first_tab_leads_past_the_header(sign_in):
    page = sign_in("lina.marchetti")
    page.goto("/profile")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_keys_lead_to_places_but_never_while_typing(sign_in):
    page = sign_in("lina.marchetti")
    page.goto("/profile")

    page.get_by_label("New password").press_sequentially("g h")
    expect(page.get_by_label("New password")).to_have_value("g h")
    assert page.url.endswith("/profile")


@pytest.mark.parametrize("address", ["/sign-in", *ADDRESSES])
@pytest.mark.parametrize("width", [320, 768, 1600])
def test_no_page_scrolls_sideways(sign_in, new_context, address, width):
    options = {"viewport": {"width": width, "height": 700}}
    page = new_context(**options).new_page() if address == "/sign-in" else sign_in("lina.marchetti", **options)

    page.goto(address)

    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


@pytest.mark.parametrize("address", ["/sign-in", *ADDRESSES])
def test_axe_finds_nothing(sign_in, new_context, address):
    page = new_context().new_page() if address == "/sign-in" else sign_in("lina.marchetti")

    page.goto(address)

    assert violations(page) == []


def test_the_content_policy_stops_a_script_that_got_into_a_page(sign_in, complaints):
    page = sign_in("lina.marchetti")
    page.goto("/profile")

    page.evaluate("""() => {
        const script = document.createElement("script");
        script.textContent = "window.broken = true";
        document.body.append(script);
    }""")

    assert page.evaluate("window.broken") is None
    assert any("Content Security Policy" in each for each in complaints)
    complaints.clear()
