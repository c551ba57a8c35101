"""A change of the travel clearance from the canvas to the first case that runs on it, with the mouses of all who take part."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect
from sqlalchemy import delete, select

from services import jobs, process_drafts
from services.models.cases import Case
from services.models.definitions import ProcessVersion
from services.models.draft_evidence import DraftEvidence
from services.models.process_drafts import ProcessDraft
from services.scenarios.drafts import note_tried
from tests.e2e.studio import (
    DIAGRAM,
    FLOW,
    LONG_MS,
    OWNER,
    SECOND_OWNER,
    begin_draft,
    drawn_by_hand,
    expect_saved,
    open_editor,
    save,
    write_condition,
)
from tests.e2e.travel import (
    OFFICER,
    PURPOSE,
    TESH,
    TRAVELLER,
    answer_task,
    fill_contacts,
    fill_declaration,
    fill_stop,
    send_request,
)

KEY = "travel_clearance"
TABLE, FORM = "D1.6_priority_and_clocks.dmn", "forms/F-TSC-01.form"
LABEL = "What sort of journey is it?"
NEW_TRAVELLER = "lina.marchetti"
SENTENCES = (
    'it now goes when =on_behalf = true and travel_kind != "MEDEVAC" and travel_kind != "PRIVATE"',
    "row 5: remind_h became 36, before 48.",
    f"the question “What kind of travel is it?” now reads “{LABEL}”.",
)


def change_condition(page: Page, draft: str) -> None:
    """Break a condition, see it found, mend it."""
    open_editor(page, draft, DIAGRAM, f"#{FLOW}")
    page.locator(".djs-shape[data-element-id='tsc_open'] .djs-hit").first.click()
    strip = page.locator("[data-problems]")
    expect(strip).to_contain_text("Nothing found.", timeout=LONG_MS)

    write_condition(page, " and (")
    expect_saved(page)
    finding = strip.locator("li").filter(has_text="The condition cannot be read.")
    expect(finding).to_contain_text("Correct the expression", timeout=LONG_MS)
    finding.get_by_role("button", name="Show").click()
    expect(page.locator(".studio-mark.studio-found")).to_have_text("Problem")

    condition = page.locator("[data-entry-id='conditionExpression'] .cm-content")
    condition.click()
    page.keyboard.press("Control+End")
    for _ in range(len(" and ()")):
        page.keyboard.press("Backspace")
    page.keyboard.type(' and travel_kind != "PRIVATE"')
    page.keyboard.press("Escape")
    save(page)
    expect(strip).to_contain_text("Nothing found.", timeout=LONG_MS)


def change_cell(page: Page, draft: str) -> None:
    """Remind earlier where very high risk is decided."""
    open_editor(page, draft, TABLE)
    page.locator("td[data-element-id='D1.6_r5_o3']").click()
    page.keyboard.press("Control+a")
    page.keyboard.type("36")
    page.keyboard.press("Escape")
    expect(page.get_by_text("No gaps and no overlaps.")).to_be_visible()
    save(page)


def change_label(page: Page, draft: str) -> None:
    """Ask a question of the form in other words."""
    open_editor(page, draft, FORM)
    page.locator(".fjs-form-field-radio").first.click(position={"x": 200, "y": 8})
    page.locator("[data-group-id='group-general'] .bio-properties-panel-group-header").click()
    label = page.locator("[data-entry-id='label'] .cm-content, [data-entry-id='label'] input, [data-entry-id='label'] textarea")
    label.first.click()
    page.keyboard.press("Control+a")
    page.keyboard.type(LABEL)
    expect(page.locator("[data-preview]").get_by_text(LABEL)).to_be_visible()
    save(page)


def try_it(page: Page) -> None:
    """Walk through the draft: ask for a trip, and decide it as the officer."""
    page.get_by_role("link", name="Try", exact=True).click()
    page.get_by_label("Who starts the case").select_option(TRAVELLER)
    page.get_by_role("button", name="Begin", exact=True).click()

    expect(page.get_by_role("group", name=LABEL)).to_be_visible()
    page.get_by_label("Official travel", exact=True).check()
    page.get_by_label("What is the purpose?").select_option("MISSION")
    page.get_by_label("What will you do there?").fill(PURPOSE)
    fill_stop(page, 0, TESH)
    fill_contacts(page)
    fill_declaration(page, [TESH])
    page.get_by_role("button", name="Start the case").click()

    page.get_by_role("link", name="Mei Okafor-Lund").click()
    page.get_by_label("Grant", exact=True).check()
    page.locator("#task .btn-primary").click()
    expect(page.get_by_role("region", name="What you did so far")).to_contain_text(f"{OFFICER}: ")


def run_rounds(page: Page, site, draft: str) -> None:
    """Run a scenario and the finished cases by their buttons; what the other scenarios would give is put down."""
    page.get_by_role("link", name="Scenarios", exact=True).click()
    page.get_by_role("button", name="Run g1_01_plain_automatic").click()
    jobs.try_drafts(site.database, site.clock, lambda: True)
    page.reload()
    expect(page.locator("tr").filter(has_text="g1_01_plain_automatic").locator(".status--good")).to_be_visible()
    page.get_by_role("link", name="Replay", exact=True).click()
    page.get_by_role("button", name="Run finished cases again").click()
    jobs.try_drafts(site.database, site.clock, lambda: True)
    page.reload()
    expect(page.get_by_role("table", name="What becomes of finished cases")).to_be_visible()

    page.get_by_role("link", name="Publish", exact=True).click()
    expect(page.get_by_text("It can be sent when nothing is missing.")).to_be_visible()
    with site.database.transaction() as session:
        session.execute(delete(DraftEvidence).where(DraftEvidence.draft_id == draft))
        note_tried(session, session.get_one(ProcessDraft, draft), site.clock())


def approve(page: Page, number: str) -> None:
    """Find the review in the inbox, read what changes, let it come into use."""
    page.goto("/inbox?view=team")
    page.locator(".inbox-list").get_by_role("link", name=re.compile(number)).first.click()
    page.get_by_role("link", name="See what the draft changes").click()
    for sentence in SENTENCES:
        expect(page.locator(".difference").filter(has_text=sentence)).to_have_count(1)
    expect(page.get_by_role("group", name="Travel security clearance: Draft 1")).to_be_visible()
    page.go_back()
    answer_task(page, number, "Yes, put it into use")


def expect_version(site, number: str, *, version: int, state: str) -> None:
    """See on which version a case runs, and whether it is over."""
    with site.database.reading() as session:
        mine = select(ProcessVersion.version, Case.state).join(Case, Case.version_id == ProcessVersion.id)
        assert tuple(session.execute(mine.where(Case.number == number)).one()) == (version, state)


def diagram_of(site, draft: str) -> str:
    """Read the diagram of a draft from the database."""
    with site.database.reading() as session:
        return process_drafts.read_file(session, session.get_one(ProcessDraft, draft), DIAGRAM).content.decode()


def test_three_changes_go_from_the_canvas_to_the_first_case_of_the_new_version(sign_in, site):
    old = send_request(sign_in(TRAVELLER), [TESH])
    pavel = sign_in(OWNER)
    draft = begin_draft(pavel, KEY)
    change_condition(pavel, draft)
    change_cell(pavel, draft)
    change_label(pavel, draft)
    try_it(pavel)
    run_rounds(pavel, site, draft)
    pavel.reload()
    pavel.get_by_label("What is changed, and why").fill("Earlier reminders, and a question that is easier to read.")
    pavel.get_by_role("button", name="Send to the second owner").click()
    review = re.search(r"PCH-\d{4}-\d{6}", pavel.get_by_role("main").inner_text())[0]

    approve(sign_in(SECOND_OWNER), review)

    lina = sign_in(NEW_TRAVELLER)
    lina.goto(f"/requests/new/{KEY}")
    lina.get_by_role("button", name="Start now").click()
    expect(lina.get_by_role("group", name=LABEL)).to_be_visible()
    new = send_request(lina, [TESH])
    answer_task(sign_in(OFFICER), old, "Grant")
    expect_version(site, old, version=1, state="OPEN")
    expect_version(site, new, version=2, state="OPEN")

    site.clock.advance(days=40)  # the trip is over
    jobs.fire_due_timers(site.database, site.clock())
    expect_version(site, old, version=1, state="COMPLETED")


def test_the_later_of_two_owners_sees_who_saved_and_keeps_what_was_drawn(sign_in, site, complaints):
    pavel, rosa = sign_in(OWNER), sign_in(SECOND_OWNER)
    draft = begin_draft(pavel, KEY)
    for page in (pavel, rosa):
        open_editor(page, draft, DIAGRAM, f"#{FLOW}")
        page.locator(".djs-shape[data-element-id='tsc_open'] .djs-hit").first.click()
    write_condition(rosa, ' and travel_kind != "PRIVATE"')
    save(rosa)
    write_condition(pavel, ' and travel_kind != "ENTITLEMENT"')

    dialog = pavel.get_by_role("dialog", name="Somebody saved this file meanwhile")
    expect(dialog).to_contain_text("Rosa Whitmore")
    with pavel.expect_popup() as opened:
        dialog.get_by_role("button", name="See the difference").click()
    told = opened.value.locator(".difference").first
    expect(told).to_contain_text('and travel_kind != "ENTITLEMENT"')
    expect(told).to_contain_text('and travel_kind != "PRIVATE"')
    opened.value.close()
    dialog.get_by_role("button", name="Copy mine to a new draft").click()
    expect(pavel.get_by_text("What you wrote is in a draft of its own now.")).to_be_visible()

    assert '"ENTITLEMENT"</bpmn:cond' in diagram_of(site, pavel.url.rsplit("/", 1)[-1])
    assert '"PRIVATE"</bpmn:cond' in diagram_of(site, draft)
    complaints[:] = [each for each in complaints if not each.startswith("412 ")]


def test_a_deadlock_that_was_drawn_is_told_as_steps_and_played(sign_in):
    page = sign_in(OWNER)
    draft = begin_draft(page, "delegation")
    page.get_by_role("link", name="Import files").click()
    page.get_by_label("File", exact=True).set_input_files(
        {"name": "by_hand.bpmn", "mimeType": "application/xml", "buffer": drawn_by_hand().encode()}
    )
    page.get_by_role("button", name="Show what would change").click()
    page.get_by_role("button", name="Take these files").click()

    finding = page.locator(".finding").filter(has=page.locator(".finding-story")).first
    expect(finding).to_contain_text("A case can come here and never go on")
    told = [
        "The case begins.",
        "“Which kind?” goes on to “Look at an absence”.",
        "“h_join” waits for a token from “Look at the rest”, and none can come any more.",
    ]
    expect(finding.locator(".finding-story li")).to_have_text(told)

    open_editor(page, draft, "by_hand.bpmn")
    page.locator("[data-problems-list]").get_by_role("button", name="Play the story").first.click()
    player = page.get_by_role("group", name="How it comes to this")
    expect(player).to_contain_text("Step 1 of")
    seen = []
    while player.get_by_role("button", name="Next").is_enabled():
        player.get_by_role("button", name="Next").click()
        seen += page.locator(".djs-element.studio-step").evaluate_all("marked => marked.map(each => each.dataset.elementId)")
    assert seen == ["h_which", "h_join"]
