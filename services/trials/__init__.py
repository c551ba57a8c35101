"""Trying a draft: a walk through it in a world of its own, step by step as different persons. It is a story as scenarios are."""

from __future__ import annotations

from services.trials.keeping import (
    add_step,
    begin_trial,
    drop_last,
    find_trial,
    forget_trial,
    read_beginning,
    start_trial,
    take_scenario,
)
from services.trials.recording import record_trial
from services.trials.telling import Told, next_due, open_bare, open_told, rehearse, scenario_of

__all__ = [
    "Told",
    "add_step",
    "begin_trial",
    "drop_last",
    "find_trial",
    "forget_trial",
    "next_due",
    "open_bare",
    "open_told",
    "read_beginning",
    "record_trial",
    "rehearse",
    "scenario_of",
    "start_trial",
    "take_scenario",
]
