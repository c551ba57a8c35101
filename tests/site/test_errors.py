"""What a person reads when something goes wrong, and which status it has."""

from __future__ import annotations

import pytest

from services import errors
from webapp.errors import STATUS, WORDS, status_of
from workflows.errors import AnswersInvalid, Problem, SafeconductError


def descendants(kind):
    yield kind
    for child in kind.__subclasses__():
        yield from descendants(child)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.NotFound(), 404),
        (errors.NotPublished(), 404),
        (errors.OwnMatter(), 403),
        (errors.AlreadyDecided(by="M. Ali", at="14:07", outcome="granted"), 409),
        (AnswersInvalid([]), 422),
        (errors.Busy(), 503),
        (ValueError(), 500),
    ],
)
def test_an_error_has_the_status_of_its_nearest_ancestor(error, status):
    assert status_of(error) == status


def test_every_status_of_the_table_has_its_words():
    assert {status for status in STATUS.values() if status not in WORDS} == set()


def test_every_error_of_ours_is_a_sentence():
    unsaid = [
        kind.__qualname__
        for kind in descendants(SafeconductError)
        if not (kind.__doc__ or "").strip().split("\n\n")[0].rstrip().endswith((".", "…", "}"))
        and not kind.__module__.startswith("tests")
    ]

    assert not unsaid


@pytest.fixture
def failing(app):
    """Let an address raise what a test says."""
    raised = []

    def fail():
        raise raised[0]

    app.view_functions["health.live"] = fail
    return raised


def test_an_error_of_ours_is_said_on_a_page_with_a_way_on(client, failing):
    failing.append(errors.AlreadyDecided(by="M. Ali", at="14:07", outcome="granted"))

    page = client.get("/health/live")

    assert page.status_code == 409
    assert "M. Ali decided this at 14:07: granted. Your answers are kept as a draft." in page.text
    assert "<h1>Somebody was quicker</h1>" in page.text
    assert 'href="/"' in page.text


def test_a_script_gets_the_same_as_json(client, failing):
    failing.append(AnswersInvalid([Problem(where="stops.0.area", sentence="Choose the area of stop {stop}.", facts={"stop": 1})]))

    answer = client.get("/health/live", headers={"Accept": "application/json"})

    assert answer.status_code == 422
    assert answer.json["problems"] == [{"where": "stops.0.area", "sentence": "Choose the area of stop 1.", "way_out": ""}]


def test_an_error_of_the_program_tells_nothing_about_it(app, client, failing):
    failing.append(ValueError("secret detail of the program"))
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False

    page = client.get("/health/live")

    assert page.status_code == 500
    assert "secret detail" not in page.text
    assert "Nothing was changed." in page.text


def test_what_an_error_quotes_cannot_become_part_of_the_page(client, failing):
    failing.append(SafeconductError("{name} cannot be read.", name="<script>alert(1)</script>"))

    page = client.get("/health/live").text

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; cannot be read." in page


def test_an_unknown_address_has_a_page(client):
    answer = client.get("/nothing-here")

    assert answer.status_code == 404
    assert "There is nothing here" in answer.text


def test_a_wrong_method_says_which_are_right(client):
    answer = client.delete("/health/live")

    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
