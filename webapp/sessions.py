"""What a browser keeps of whoever has signed in."""

from __future__ import annotations

from flask import session
from flask_login import login_user

from webapp.context import SignedIn
from webapp.proving import begin_proof


def begin_session(person: SignedIn) -> None:
    """Begin with an empty session, so that nothing a stranger put there stays; only the chosen language is kept."""
    chosen = session.get("locale")
    session.clear()
    session.permanent = True
    if chosen:
        session["locale"] = chosen
    login_user(person)
    begin_proof()
