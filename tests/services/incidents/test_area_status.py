"""What the form of an area change takes, beyond what the scenarios of the process tell."""

from __future__ import annotations

from typing import Any

import pytest

from tests.services.incidents.security import Security
from workflows.errors import AnswersInvalid

FIELDS = (
    "status",
    "clearance_mode",
    "ceiling_change",
    "requires_ssafe",
    "family_restricted",
    "accom_required",
    "internal_control",
    "checkin_required",
)
AS_IT_IS = dict.fromkeys(FIELDS, "KEEP")
REASON = "Armed groups were seen near the road to the office."


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"status": "SUSPENDED"}, "review_at"),
        ({"status": "SUSPENDED", "review_at": "2026-12-09T09:00:00Z"}, "review_at"),
        ({"status": "EVACUATED"}, "status"),
        ({"security_level": 7}, "security_level"),
        ({"ceiling_change": "SET"}, "ceiling"),
        ({"security_level": 4, "valid_from": "2026-11-30T09:00:00Z"}, "valid_from"),
        ({"security_level": 4, "valid_to": "2026-11-30T09:00:00Z"}, "valid_to"),
    ],
)
def test_the_form_refuses_what_the_policy_does_not_allow(security: Security, asked: dict[str, Any], field: str) -> None:
    with pytest.raises(AnswersInvalid) as refused:
        security.start("area_status", "ingrid.sollerman", **(AS_IT_IS | {"area": "XA-CAP", "reason": REASON} | asked))

    assert [problem.where for problem in refused.value.problems] == [field]


def test_a_change_that_changes_nothing_is_refused_by_rule(security: Security) -> None:
    case = security.start("area_status", "ingrid.sollerman", **(AS_IT_IS | {"area": "XA-CAP", "reason": REASON}))

    assert security.case(case).outcome == "REFUSED_BY_RULE"
