"""What the page of indicators asks of the database: how often, and with statements that are built once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from services import indicators
from services.indicators import board
from services.indicators.process import count_figures
from services.indicators.scopes import Chosen
from tests.services.indicators.world import NOW, World
from tests.statements import watch_statements


def asked_of(world: World, chosen: Chosen) -> list[str]:
    """Read what the auditor sees; the statements that it took."""
    statements: list[str] = []
    with world.database.reading() as session:
        stop = watch_statements(session.get_bind(), statements.append)
        board.read_board(session, chosen, actor=world.actor("auditor"), now=NOW)
        stop()
    return statements


def test_a_board_asks_of_one_area_no_more_than_of_all(embedded_world: World) -> None:
    everywhere, there = asked_of(embedded_world, Chosen()), asked_of(embedded_world, Chosen(area="XA-CAP"))

    # Who asks; which areas, organisations and reports can be chosen; and the figures of this period and of the one before.
    assert len(everywhere) <= 67
    assert len(there) <= len(everywhere) + 1


def test_the_figures_of_all_processes_are_two_questions(world: World) -> None:
    statements: list[str] = []
    asked = indicators.ask(now=NOW)

    with world.database.reading() as session:
        stop = watch_statements(session.connection(), statements.append)  # which asks, when it opens, what database it is
        found = count_figures(session, indicators.FIGURES.values(), asked)
        stop()
        alone = {key: figure.count(session, asked) for key, figure in indicators.FIGURES.items()}

    assert len(statements) == 2
    assert found == alone


@pytest.mark.parametrize("scope", [{}, {"area": "XA-CAP"}, {"organisation": "UNA"}])
def test_statements_of_indicators_are_built_once_for_all_periods_and_places(embedded_world: World, scope: dict[str, Any]) -> None:
    elsewhere = {name: {"area": "XB-CAP", "organisation": "UNB"}[name] for name in scope}

    first = statements_of(embedded_world, indicators.ask(now=NOW, **scope))
    second = statements_of(embedded_world, indicators.ask(now=NOW - timedelta(days=100), **elsewhere))

    assert {key: [id(each) for each in said] for key, said in first.items()} == {
        key: [id(each) for each in said] for key, said in second.items()
    }


def statements_of(world: World, asked: indicators.Asked) -> dict[str, list[Any]]:
    """Count every indicator; the statements that each executed. The plans' also ask which process is published."""
    found: dict[str, list[Any]] = {}
    said: list[Any] = []
    with world.database.reading() as session:
        event.listen(session, "do_orm_execute", lambda state: said.append(state.statement))
        for key, indicator in indicators.INDICATORS.items():
            said.clear()
            indicator.count(session, asked)
            found[key] = list(said)
    return {key: found[key] for key in found if key != "K4"}
