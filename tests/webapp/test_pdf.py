"""What a page needs before it is printed."""

from __future__ import annotations

import pytest

from webapp.pdf import say_directions


@pytest.mark.parametrize(
    ("text", "direction"),
    [("After dark.", "ltr"), ("2026: القاهرة", "rtl"), ("(1) תל אביב.", "rtl"), ("仅限", "ltr"), ("12.5", "ltr"), ("", "ltr")],
)
def test_a_text_in_a_direction_of_its_own_says_which_one(text: str, direction: str) -> None:
    said = say_directions(f'<!doctype html><html dir="rtl"><body><p dir="auto">{text}</p><bdi>{text}</bdi></body></html>')

    assert said.startswith("<!doctype html>")
    assert f'<p dir="{direction}">{text}</p><bdi dir="{direction}">{text}</bdi>' in said


def test_a_direction_that_is_said_stays() -> None:
    said = say_directions('<html dir="rtl"><body><bdi dir="ltr">القاهرة</bdi></body></html>')

    assert '<html dir="rtl">' in said
    assert '<bdi dir="ltr">القاهرة</bdi>' in said
