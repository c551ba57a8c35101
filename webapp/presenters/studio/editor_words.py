"""Every word that the editors say. Their scripts hold none; they get these with the page."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext

WORDS: dict[str, Any] = {
    "saved": lazy_gettext("Saved {time}"),
    "saving": lazy_gettext("Saving…"),
    "unsaved": lazy_gettext("Not saved yet"),
    "not_saved": lazy_gettext("Not saved: {reason}"),
    "refused": lazy_gettext("This cannot be accepted as it is."),
    "unreachable": lazy_gettext("The server cannot be reached. What you changed is kept in this browser."),
    "show": lazy_gettext("Show"),
    "play": lazy_gettext("Play the story"),
    "step_of": lazy_gettext("Step {step} of {count}: {sentence}"),
    "problem": lazy_gettext("Problem"),
    "advice": lazy_gettext("To look at"),
    "here": lazy_gettext("Here"),
    "covered": lazy_gettext("No gaps and no overlaps."),
    "choose": lazy_gettext("Choose"),
    "system": lazy_gettext("the system"),
    "as_lane": lazy_gettext("As the lane says"),
    "no_form": lazy_gettext("No form"),
    "open_form": lazy_gettext("Open the form"),
    "open_table": lazy_gettext("Open the table"),
    "group_who": lazy_gettext("Who"),
    "group_separate": lazy_gettext("Not the same person as"),
    "group_where": lazy_gettext("For which area"),
    "group_time": lazy_gettext("How long"),
    "group_form": lazy_gettext("Form"),
    "group_decider": lazy_gettext("Shown to the decider"),
    "group_policy": lazy_gettext("Policy"),
    "group_operation": lazy_gettext("What the system does"),
    "group_inputs": lazy_gettext("What it gets"),
    "group_decision": lazy_gettext("Decision table"),
    "group_called": lazy_gettext("Called process"),
    "field_lane_role": lazy_gettext("Role"),
    "field_candidate_groups": lazy_gettext("Role"),
    "field_candidate_users": lazy_gettext("Persons, by their codes"),
    "field_separate": lazy_gettext("Step"),
    "field_due": lazy_gettext("Due"),
    "field_priority": lazy_gettext("Priority"),
    "field_form": lazy_gettext("Form"),
    "field_operation": lazy_gettext("Operation"),
    "field_decision": lazy_gettext("Decision table"),
    "field_result": lazy_gettext("Name of the result"),
    "field_called": lazy_gettext("Process"),
    "property_scope.area": lazy_gettext("Area"),
    "property_scope.organisation": lazy_gettext("Organisation"),
    "property_no_clock": lazy_gettext("Why no clock runs"),
    "property_subject": lazy_gettext("Subject"),
    "property_question": lazy_gettext("Question"),
    "property_card": lazy_gettext("Facts on the card"),
    "property_reauthenticate": lazy_gettext("Password is asked when"),
    "property_source": lazy_gettext("Clause of the policy"),
}
"""What our own scripts say, by key."""

TOOL_WORDS: dict[str, Any] = {
    "General": lazy_gettext("Name"),
    "Condition": lazy_gettext("Condition"),
    "Condition expression": lazy_gettext("Goes this way when"),
    "Input mapping": lazy_gettext("What it gets"),
    "Output mapping": lazy_gettext("What it writes"),
    "Extension properties": lazy_gettext("Other properties"),
    "Documentation": lazy_gettext("Explanation"),
}
"""Words of the drawing tools that are said otherwise here."""
