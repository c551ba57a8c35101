"""Indicators: the dashboard, one indicator with what stands behind it, files, and the freezing of a period."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.indicators import freezing
from services.indicators.freezing import CorrectionUnexplained, PeriodNotOver
from services.indicators.scopes import Chosen
from services.registry.exporting import write_csv
from webapp.context import actor, database, now
from webapp.errors import status_of
from webapp.presenters.indicators import files, pages
from webapp.speech import gettext
from workflows.errors import Problem

blueprint = Blueprint("indicators", __name__, url_prefix="/indicators")


@blueprint.get("")
def index() -> ResponseReturnValue:
    """Show all indicators of a period and scope."""
    with database().reading() as session:
        page = pages.get_board(session, pages.read_chosen(request.args), actor=actor(), now=now())
    return render_template("indicators/index.html", page=page, problems=[])


@blueprint.get("/all.csv")
def export() -> ResponseReturnValue:
    """Give all figures as a file."""
    with database().reading() as session:
        period, table = files.list_board(session, pages.read_chosen(request.args), actor=actor(), now=now())
    return _file(f"indicators-{period}", *table)


@blueprint.post("/freeze")
def freeze() -> ResponseReturnValue:
    """Keep all values of a period as they are reported."""
    period, reason = request.form.get("period", ""), request.form.get("reason", "")
    try:
        with database().transaction() as session:
            frozen = freezing.freeze(session, period, reason=reason, actor=actor(), now=now())
    except (CorrectionUnexplained, PeriodNotOver) as refusal:
        problem = Problem(where="reason", sentence=refusal.sentence, facts=refusal.facts)
        with database().reading() as session:
            page = pages.get_board(session, Chosen(period=period), actor=actor(), now=now(), typed=reason)
        return render_template("indicators/index.html", page=page, problems=[problem]), status_of(refusal)
    flash(gettext("The period is frozen as version {version}.").format(version=frozen.version))
    return redirect(url_for("indicators.index", period=frozen.period), 303)


@blueprint.get("/<key>")
def show(key: str) -> ResponseReturnValue:
    """Show one indicator: its definition, its value, its trend, and the list behind it."""
    with database().reading() as session:
        page = pages.get_sheet(session, key, pages.read_chosen(request.args), actor=actor(), now=now())
    return render_template("indicators/show.html", page=page)


@blueprint.get("/<key>.csv")
def export_list(key: str) -> ResponseReturnValue:
    """Give the list behind one indicator as a file."""
    with database().reading() as session:
        period, table = files.list_entries(session, key, pages.read_chosen(request.args), actor=actor(), now=now())
    return _file(f"{key}-{period}", *table)


def _file(name: str, headers: list[str], rows: files.Rows) -> Response:
    disposition = f'attachment; filename="{name}.csv"'
    return Response(
        write_csv(headers, rows), content_type="text/csv; charset=utf-8", headers={"Content-Disposition": disposition}
    )
