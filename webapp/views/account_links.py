"""Choosing a password by a link: for those who are invited, and those who forgot theirs."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services import account_links, people
from services.account_links import LinkOver
from services.people import PasswordRefused, TooManyAttempts
from webapp.context import SignedIn, database, now, settings
from webapp.errors import status_of
from webapp.sessions import begin_session
from webapp.speech import gettext
from workflows.errors import Problem

blueprint = Blueprint("account_links", __name__)


@blueprint.get("/forgotten")
def ask() -> ResponseReturnValue:
    """Ask for the address of somebody who cannot sign in."""
    return render_template("account/forgotten.html", has_mail=bool(settings().mail), problems=[])


@blueprint.post("/forgotten")
def request_link() -> ResponseReturnValue:
    """Send a link, if there is such an account; the answer is the same when there is none."""
    login = request.form.get("login", "").strip()
    if not login:
        problem = Problem(where="login", sentence="Enter your e-mail address.")
        return render_template("account/forgotten.html", has_mail=bool(settings().mail), problems=[problem]), 422
    try:
        with database().transaction() as session:
            account_links.request_link(session, login, address=request.remote_addr or "", now=now())
    except TooManyAttempts as refusal:
        problem = Problem(where="login", sentence=refusal.sentence, facts=refusal.facts)
        page = render_template("account/forgotten.html", has_mail=bool(settings().mail), problems=[problem])
        return page, status_of(refusal)
    return render_template("account/sent.html", login=login)


@blueprint.get(f"{account_links.PATH}<token>")
def show(token: str) -> ResponseReturnValue:
    """Ask for a password. Looking at the page uses nothing up: mail programs open links by themselves."""
    return _show(token)


@blueprint.post(f"{account_links.PATH}<token>")
def choose(token: str) -> ResponseReturnValue:
    """Take the password, and let its person in."""
    new = request.form.get("new_password", "")
    if new != request.form.get("again", ""):
        return _show(token, Problem(where="again", sentence="The two do not agree. Type the same password twice."))
    try:
        with database().transaction() as session:
            account = account_links.choose_password(session, token, key=settings().secret_key, new=new, now=now())
            person = SignedIn.from_account(account)
    except PasswordRefused as refusal:
        return _show(token, Problem(where="new_password", sentence=refusal.sentence))
    except LinkOver as refusal:
        return render_template("account/link_over.html"), status_of(refusal)
    begin_session(person)
    flash(gettext("Your password is chosen, and you are signed in."))
    return redirect(url_for("home.index"), 303)


def _show(token: str, *problems: Problem) -> ResponseReturnValue:
    try:
        with database().reading() as session:
            link = account_links.open_link(session, token, key=settings().secret_key, now=now())
            account = people.find_account(session, link.account)
            login = account.login if account else ""
    except LinkOver as refusal:
        return render_template("account/link_over.html"), status_of(refusal)
    page = render_template("account/choose_password.html", token=token, login=login, problems=problems)
    return page, 422 if problems else 200
