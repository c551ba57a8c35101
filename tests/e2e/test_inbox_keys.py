"""The inbox by keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.travel import OFFICER


@pytest.fixture
def inbox(sign_in):
    page = sign_in(OFFICER)
    page.goto("/inbox?view=team")
    return page


def test_j_and_k_walk_the_list_enter_opens_and_escape_comes_back(inbox):
    rows = inbox.locator("a[data-inbox-row]")

    inbox.keyboard.press("j")
    expect(rows.nth(1)).to_be_focused()
    inbox.keyboard.press("k")
    expect(rows.nth(0)).to_be_focused()
    inbox.keyboard.press("j")
    inbox.keyboard.press("Enter")
    expect(inbox).to_have_url(re.compile("task="))
    expect(rows.nth(1)).to_have_attribute("aria-current", "true")
    expect(inbox.locator(".inbox-pane h2").first).to_be_focused()
    inbox.keyboard.press("Escape")
    expect(rows.nth(1)).to_be_focused()


def test_no_key_acts_while_somebody_types(inbox):
    inbox.get_by_label("Search cases").press_sequentially("jk")

    expect(inbox.get_by_label("Search cases")).to_have_value("jk")
    expect(inbox.get_by_label("Search cases")).to_be_focused()
