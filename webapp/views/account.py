"""Signing in and out, and what a person sets for themselves."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import logout_user

from services import demo, people
from services.errors import NotAllowed
from webapp.context import SignedIn, actor, database, find_signed_in, now, settings, signed_in
from webapp.demo import ACCOUNTS
from webapp.errors import status_of
from webapp.i18n import OFFERED
from webapp.security import is_own_path
from webapp.sessions import begin_session
from workflows.errors import Problem, SafeconductError

blueprint = Blueprint("account", __name__)


@blueprint.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    """Ask for login and password."""
    onward = _own_path(request.args.get("next"))
    return redirect(onward) if find_signed_in() else _sign_in_page(onward=onward)


@blueprint.post("/sign-in")
def check_sign_in() -> ResponseReturnValue:
    """Let a person in, or say that login or password is wrong without saying which."""
    login = request.form.get("login", "").strip()
    try:
        with database().transaction() as transaction:
            account = people.sign_in(
                transaction, login=login, password=request.form.get("password", ""), address=request.remote_addr or "", now=now()
            )
            person = SignedIn.from_account(account)
    except (people.SignInRefused, people.TooManyAttempts) as refusal:
        page = _sign_in_page(onward=_own_path(request.form.get("next")), login=login, problem=refusal)
        return page, status_of(refusal)
    begin_session(person)
    return redirect(_own_path(request.form.get("next")), 303)


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End the session and leave nothing of it in the browser."""
    logout_user()
    session.clear()
    flash(gettext("You are signed out."))
    return redirect(url_for("account.sign_in"), 303)


@blueprint.post("/language")
def choose_language() -> ResponseReturnValue:
    """Speak another language from now on; for a person who is signed in also the next time."""
    wish = request.form.get("locale", "")
    if wish in OFFERED:
        session["locale"] = wish
        if find_signed_in():
            with database().transaction() as transaction:
                people.choose_locale(transaction, actor=actor(), locale=wish)
    return redirect(_own_path(request.form.get("next")), 303)


@blueprint.get("/profile")
def profile() -> str:
    """Show who is signed in and what they can set."""
    return _profile_page()


@blueprint.post("/profile/keys")
def choose_keys() -> ResponseReturnValue:
    """Switch the keys of single letters on or off."""
    with database().transaction() as transaction:
        people.choose_keys(transaction, actor=actor(), wanted=request.form.get("keys") == "yes")
    flash(gettext("Your choice about keys is saved."))
    return redirect(url_for("account.profile"), 303)


@blueprint.post("/profile/appearance")
def choose_appearance() -> ResponseReturnValue:
    """Show the pages light or dark, whatever the system of the person does, or as it does."""
    with database().transaction() as transaction:
        people.choose_appearance(transaction, actor=actor(), wanted=request.form.get("appearance", ""))
    flash(gettext("Saved."))
    return redirect(url_for("account.profile"), 303)


@blueprint.post("/profile/password")
def change_password() -> ResponseReturnValue:
    """Replace the password; every other session of this person ends."""
    try:
        with database().transaction() as transaction:
            people.change_password(
                transaction,
                actor=actor(),
                old=request.form.get("old_password", ""),
                new=request.form.get("new_password", ""),
                now=now(),
            )
            account = people.find_account(transaction, actor().account)
            person = SignedIn.from_account(account) if account else None
    except NotAllowed:
        return _profile_page(Problem(where="old_password", sentence="The current password is not right.")), 422
    except people.PasswordRefused as refusal:
        return _profile_page(Problem(where="new_password", sentence=refusal.sentence)), 422
    if person:
        begin_session(person)
    flash(gettext("Your password is changed. Other sessions of yours have ended."))
    return redirect(url_for("account.profile"), 303)


def _own_path(target: str | None) -> str:
    return target if target and is_own_path(target) else "/"


def _sign_in_page(*, onward: str, login: str = "", problem: SafeconductError | None = None) -> str:
    accounts = ACCOUNTS if settings().demo else ()
    return render_template(
        "account/sign_in.html", onward=onward, login=login, problem=problem, demo_accounts=accounts, demo_password=demo.PASSWORD
    )


def _profile_page(*problems: Problem) -> str:
    return render_template("account/profile.html", person=signed_in(), problems=list(problems))
