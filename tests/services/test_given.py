"""Lists that are handed to the database come out as they went in, whatever stands in them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Integer, String, literal, select

from services.given import given_rows, hand_over, hand_over_texts, is_given
from tests.services.leave import Leave

ODD = ["plain", "", " a, b ", '"quoted"', "{braces}", "back\\slash", "NULL", "null", "O'Neill", "区域", "%s :name", "line\nbreak"]
FIELDS: dict[str, Any] = {"place": Integer, "text": String, "is_odd": Boolean}


def test_texts_are_found_as_they_were_handed_over(leave: Leave) -> None:
    with leave.database.reading() as session:
        dialect = session.get_bind().dialect.name
        asked = hand_over_texts("texts", ODD, dialect)
        found = {text: session.scalar(select(is_given(literal(text), "texts", dialect)), asked) for text in [*ODD, "other"]}

    assert found == {**dict.fromkeys(ODD, True), "other": False}


def test_rows_keep_their_values_and_what_is_not_known(leave: Leave) -> None:
    rows = [(number, text, number % 2 == 0) for number, text in enumerate(ODD)] + [(None, None, None)]
    with leave.database.reading() as session:
        dialect = session.get_bind().dialect.name
        table = given_rows("rows", FIELDS, dialect)
        query = select(table.c.place, table.c.text, table.c.is_odd)
        found = session.execute(query, hand_over("rows", list(FIELDS), rows, dialect)).all()
        none = session.execute(query, hand_over("rows", list(FIELDS), [], dialect)).all()

    assert [tuple(row) for row in found] == rows
    assert none == []
