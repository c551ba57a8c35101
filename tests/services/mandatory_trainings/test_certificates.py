"""A certificate that is handed in, and what waits for it."""

from __future__ import annotations

from services.models.trainings import TrainingRecord
from tests.services.mandatory_trainings.learning import KEY, TODAY, Learning


def hand_in(learning: Learning, person: str, course: str = "BSAFE") -> str:
    """Somebody hands in a certificate of today."""
    answers = {"course": course, "issued_on": TODAY.isoformat(), "certificate": [learning.keep_file(person)]}
    return learning.start(KEY, person, **answers)


def test_a_request_that_waits_for_a_training_goes_on_when_the_certificate_was_checked(learning: Learning) -> None:
    request = learning.ask("ben.starter", "XB-CAP")
    assert learning.open_tasks(request) == ["tsc_fix_prereq"]
    learning.look()

    case_id = hand_in(learning, "ben.starter")
    learning.dispatch()
    assert learning.open_tasks(request) == ["tsc_fix_prereq"]  # handed in is not passed
    assert [one.course for one in learning.to_do("ben.starter")] == ["BSAFE"]

    learning.do(case_id, "jonas.keel", "trn_verify", verdict="ACCEPT")
    learning.dispatch()
    assert learning.open_tasks(request) == ["tsc_supervisor_endorse"]
    assert learning.to_do("ben.starter") == []
    assert learning.problems() == []


def test_a_certificate_that_turns_out_to_be_false_is_revoked_and_the_clearance_is_looked_at_again(learning: Learning) -> None:
    learning.do(hand_in(learning, "ben.starter"), "jonas.keel", "trn_verify", verdict="ACCEPT")
    request = learning.ask("ben.starter", "XB-CAP")
    learning.do(request, "odile.farrant", "tsc_supervisor_endorse", decision="APPROVE")
    assert [line.status for line in learning.lines(request)] == ["GRANTED"]

    (record,) = learning.rows(TrainingRecord, person="ben.starter", course="BSAFE")
    learning.revoke(record.id)
    learning.dispatch()

    assert [line.status for line in learning.lines(request)] == ["PENDING"]
    assert learning.open_tasks(request) == ["stop_recommend"]
    assert [certificate.status for certificate in learning.certificates(request)] == ["SUSPENDED"]


def test_the_focal_point_of_another_organisation_knows_nothing_of_it(learning: Learning) -> None:
    case_id = hand_in(learning, "ben.starter")

    assert learning.sees("jonas.keel", case_id)
    assert not learning.sees("rafael.mendes", case_id)
    assert not learning.sees("kaya.brennan", case_id)
