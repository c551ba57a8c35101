"""Oversight: who holds what, what is missing, what is overdue."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from services import retention
from webapp.context import actor, database, now
from webapp.presenters.overdue import get_overdue_page
from webapp.presenters.oversight import get_oversight_page

blueprint = Blueprint("oversight", __name__, url_prefix="/oversight")


@blueprint.get("")
def index() -> ResponseReturnValue:
    """Show offices, gaps, what is overdue, delegations and duties, as far as the reader oversees."""
    with database().reading() as session:
        page = get_oversight_page(session, actor=actor(), now=now())
        oversees = retention.is_overseer(session, actor=actor(), now=now())
    return render_template("oversight/index.html", page=page, oversees=oversees)


@blueprint.get("/overdue/<role>")
def overdue(role: str) -> ResponseReturnValue:
    """List the overdue steps of a role."""
    with database().reading() as session:
        page = get_overdue_page(session, role, actor=actor(), now=now())
    return render_template("oversight/overdue.html", page=page)
