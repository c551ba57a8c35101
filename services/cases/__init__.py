"""Cases: starting them, moving them on, looking at them."""

from __future__ import annotations

from services.cases.amending import PREVIEW, Amendment, Difference, Effect, RequestVersion, differences, preview_message
from services.cases.filling import withdrawal_form
from services.cases.foreseeing import Foresight, StepAhead, foresee
from services.cases.history import Event
from services.cases.incidents import Attempt, close_after, close_incident, note_attempt, note_failure, open_incident, reference_of
from services.cases.loading import find_case_by_key, get_case
from services.cases.moving import fire_timers, send_message, withdraw
from services.cases.officials import is_for_officials, is_for_role_of, list_rows
from services.cases.opening import open_case
from services.cases.reading import CaseView, list_cases, read_case
from services.cases.repeating import may_repeat, repeat_request
from services.cases.stages import Stage
from services.cases.starting import ensure_may_start, may_start, read_start_answers, start_case

__all__ = [
    "PREVIEW",
    "Amendment",
    "Attempt",
    "CaseView",
    "Difference",
    "Effect",
    "Event",
    "Foresight",
    "RequestVersion",
    "Stage",
    "StepAhead",
    "close_after",
    "close_incident",
    "differences",
    "ensure_may_start",
    "find_case_by_key",
    "fire_timers",
    "foresee",
    "get_case",
    "is_for_officials",
    "is_for_role_of",
    "list_cases",
    "list_rows",
    "may_repeat",
    "may_start",
    "note_attempt",
    "note_failure",
    "open_case",
    "open_incident",
    "preview_message",
    "read_case",
    "read_start_answers",
    "reference_of",
    "repeat_request",
    "send_message",
    "start_case",
    "withdraw",
    "withdrawal_form",
]
