"""What the form of an area change takes, beyond what the scenarios of the process tell."""

from __future__ import annotations

import re
from typing import Any

import pytest

from services import cases, definitions
from services.cases.loading import look_into
from services.notices.wording import Wording
from tests.services.incidents.security import Security
from tests.services.travel.journeys import NOW
from workflows.errors import AnswersInvalid
from workflows.packages import LANGUAGES

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
MEASURES = FIELDS[3:]
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


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_changes_in_an_area_has_words_in_every_language(security: Security, language: str) -> None:
    asked = dict.fromkeys(MEASURES, "YES") | {"status": "SUSPENDED", "review_at": "2026-12-03T09:00:00Z", "security_level": 4}
    asked |= {"clearance_mode": "MANUAL", "ceiling_change": "SET", "ceiling": 20}
    case_id = security.start("area_status", "ingrid.sollerman", **(AS_IT_IS | {"area": "XA-CAP", "reason": REASON} | asked))
    with security.database.reading() as session:
        case = cases.get_case(session, case_id)
        line = look_into(session, case, now=NOW).variables["comparison"]["text"]
        texts = definitions.get_package(session, case.version_id).texts

    said = Wording(texts=texts).show(line, language)

    assert "SECURITY_LEVEL: 3 → 4" in line
    assert not re.search("[A-Z]{2,}", said.replace("SSAFE", "")), said
