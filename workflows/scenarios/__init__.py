"""Scenarios: who does what, and what must come out. This is the format; services run it."""

from __future__ import annotations

from workflows.scenarios.reading import STATES, ScenarioRefused, load_yaml, read_scenario, read_scenarios
from workflows.scenarios.story import (
    Advance,
    Answer,
    CasesExpected,
    Change,
    Do,
    Expect,
    Given,
    Happen,
    Look,
    MailExpected,
    RowsExpected,
    RuleFired,
    Scenario,
    Send,
    Start,
    Step,
    TaskSeen,
)

__all__ = [
    "STATES",
    "Advance",
    "Answer",
    "CasesExpected",
    "Change",
    "Do",
    "Expect",
    "Given",
    "Happen",
    "Look",
    "MailExpected",
    "RowsExpected",
    "RuleFired",
    "Scenario",
    "ScenarioRefused",
    "Send",
    "Start",
    "Step",
    "TaskSeen",
    "load_yaml",
    "read_scenario",
    "read_scenarios",
]
