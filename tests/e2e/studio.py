"""The studio, as its owners use it: open a file, point at it with a mouse, wait until it is saved."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

OWNER = "pavel.eriksen"
SECOND_OWNER = "rosa.whitmore"
DIAGRAM = "tsc_main.bpmn"
FLOW = "f_gw_behalf__tsc_confirm_itinerary"


def begin_draft(page: Page, process: str) -> str:
    """Begin a draft of a process and give its id."""
    page.goto(f"/studio/processes/{process}")
    page.get_by_role("button", name="Begin a draft").click()
    expect(page.get_by_role("heading", name="Files of the draft")).to_be_visible()
    return page.url.rsplit("/", 1)[-1]


def open_editor(page: Page, draft: str, name: str, anchor: str = "") -> None:
    """Open a file of a draft and wait until it can be worked on."""
    page.goto(f"/studio/drafts/{draft}/edit/{name}{anchor}")
    expect(page.locator("[data-editor][data-ready]")).to_be_attached()


def expect_saved(page: Page) -> None:
    """Wait until the server has what was changed."""
    expect(page.locator("[data-save-line]")).to_have_text(re.compile(r"^Saved \d\d:\d\d$"))


def save(page: Page) -> None:
    """Save without waiting for the pause in the typing."""
    page.keyboard.press("Control+s")
    expect_saved(page)


def click_line(page: Page, place: str) -> None:
    """Click on a straight line, which has no width and so counts as invisible."""
    box = page.locator(place).first.evaluate("line => line.getBoundingClientRect().toJSON()")
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.6)


def write_condition(page: Page, more: str) -> None:
    """Type behind the condition of the way on which a trip is sent to its traveller."""
    click_line(page, f".djs-connection[data-element-id='{FLOW}'] .djs-hit")
    condition = page.locator("[data-entry-id='conditionExpression'] .cm-content")
    condition.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(more)
    page.keyboard.press("Escape")
