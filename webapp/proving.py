"""The password that comes with a form whose act has to be confirmed by it; a session knows when it was right last."""

from __future__ import annotations

from flask import request, session

from services import people
from webapp.context import PROVED_AT, database, now, signed_in
from workflows.errors import Problem

FIELD = "_password"


def begin_proof() -> None:
    """Remember that the person has just entered the right password."""
    session[PROVED_AT] = now().isoformat()


def take_password() -> Problem | None:
    """Look at the password that came with a form, if one did; what is wrong with it, or nothing."""
    password = request.form.get(FIELD, "")
    if not password:
        return None
    address = request.remote_addr or ""
    try:
        with database().transaction() as transaction:
            people.sign_in(transaction, login=signed_in().login, password=password, address=address, now=now())
    except people.SignInRefused:
        return Problem(where=FIELD, sentence="This password is not right. Enter the one that you sign in with")
    except people.TooManyAttempts as refusal:
        return Problem(where=FIELD, sentence=refusal.sentence, facts=refusal.facts)
    begin_proof()
    return None
