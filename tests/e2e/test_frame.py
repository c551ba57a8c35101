"""The frame of every page in a real browser: with and without scripts, by keyboard, on a telephone, for assistive technology."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from services import demo
from tests.e2e.flaws import NARROWEST, flaws

LIGHT, DARK = "rgb(244, 246, 248)", "rgb(16, 24, 31)"


def test_a_person_signs_in_switches_the_language_and_signs_out_without_scripts(new_context):
    page = new_context(java_script_enabled=False).new_page()
    page.goto("/profile")
    page.get_by_label("E-mail address").fill("lina.marchetti@demo.example")
    page.get_by_label("Password").fill(demo.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile("/profile$"))

    page.locator(".language-menu summary").click()
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh")
    page.locator(".language-menu summary").click()
    page.get_by_role("button", name="English").click()

    page.locator(".account-menu summary").last.click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_menus_of_the_header_open_within_the_narrowest_page(sign_in, language):
    page = sign_in("lina.marchetti")
    page.set_viewport_size({"width": NARROWEST, "height": 800})
    page.goto("/profile")
    page.get_by_label("Language of pages and messages").select_option(language)
    page.get_by_role("button", name="Save language").click()
    expect(page.locator("html")).to_have_attribute("lang", language)

    for menu in page.locator(".account-menu").all():
        menu.locator("summary").click()
        panel = menu.locator(".account-menu-panel").bounding_box()
        assert panel["x"] >= 0
        assert panel["x"] + panel["width"] <= NARROWEST
        menu.locator("summary").click()


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


def test_a_button_that_has_the_focus_shows_it(sign_in):
    page = sign_in("ana.lucero")
    page.goto("/requests/new/travel_clearance")
    page.get_by_role("button", name="Start now").focus()

    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")

    expect(page.get_by_role("button", name="Start now")).to_be_focused()
    expect(page.get_by_role("button", name="Start now")).to_have_css("outline-width", "3px")
    expect(page.get_by_role("button", name="Start now")).to_have_css("outline-style", "solid")


def test_keys_lead_to_places_but_never_while_typing(sign_in):
    page = sign_in("lina.marchetti")
    page.goto("/profile")

    page.get_by_label("New password").press_sequentially("g h")
    expect(page.get_by_label("New password")).to_have_value("g h")
    assert page.url.endswith("/profile")


def test_the_page_of_strangers_is_for_everybody(new_context):
    page = new_context().new_page()
    page.goto("/sign-in")

    assert flaws(page) == []


def test_pages_are_dark_when_the_person_says_so_whatever_the_system_shows(sign_in):
    page = sign_in("lina.marchetti", java_script_enabled=False)
    page.goto("/profile")
    assert ground_of(page) == LIGHT

    page.get_by_label("Dark", exact=True).check()
    page.get_by_role("button", name="Save appearance").click()
    assert ground_of(page) == DARK
    page.emulate_media(media="print")
    assert ground_of(page) != DARK, "paper is always light"

    page.emulate_media(media="screen", color_scheme="dark")
    page.get_by_label("Light", exact=True).check()
    page.get_by_role("button", name="Save appearance").click()
    assert ground_of(page) == LIGHT
    page.get_by_label("As your system is set").check()
    page.get_by_role("button", name="Save appearance").click()
    assert ground_of(page) == DARK


def ground_of(page):
    """The colour that the whole page stands on."""
    return page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")


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
