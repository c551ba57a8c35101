"""Registers: their lists and entries, exports, and the forms of those who keep them."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.registry import editing, exporting, importing
from services.registry.errors import EntryChanged, EntryRefused, NotKept, OwnEntry, RowsRefused, SheetRefused, TooManyRows
from services.registry.sheets import MOST_BYTES, Sheet
from services.registry.typed import REASON
from webapp.context import actor, database, now
from webapp.errors import status_of
from webapp.i18n import language
from webapp.presenters.moments import reader_zone
from webapp.presenters.registers import entries, forms, imports, lists
from webapp.presenters.registers.sheets import Brought
from webapp.speech import gettext, ngettext
from workflows.errors import AnswersInvalid, Problem, Refused, SafeconductError

blueprint = Blueprint("registers", __name__, url_prefix="/registers")

_TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@blueprint.get("")
def index() -> ResponseReturnValue:
    """List the registers that the reader may open."""
    with database().reading() as session:
        families = lists.list_families(session, actor=actor(), now=now())
        steps = lists.list_first_steps(session, actor=actor(), now=now())
        ended = lists.count_ended(session, actor=actor(), now=now())
    return render_template("registers/index.html", families=families, steps=steps, ended=ended)


@blueprint.get("/<register>")
def index_of(register: str) -> ResponseReturnValue:
    """List one register."""
    return _show_list(register)


@blueprint.get("/<register>/export.<any(csv, xlsx):form>")
def export(register: str, form: str) -> ResponseReturnValue:
    """Give exactly the list that was asked for as a file, and keep who took it."""
    try:
        with database().reading() as session:
            file = lists.get_file_rows(session, register, request.args, actor=actor(), now=now(), locale=language())
    except TooManyRows as refusal:
        return _show_list(register, refusal)
    written = exporting.write_csv(file.headers, file.rows)
    if form == "xlsx":
        written = exporting.write_xlsx(file.title, file.headers, file.rows)
    with database().transaction() as session:
        exporting.note_export(session, file.listing, form=form, actor=actor(), now=now())
    name = f"{file.listing.register.key}-{now():%Y-%m-%d}.{form}"
    return Response(written, content_type=_TYPES[form], headers={"Content-Disposition": f'attachment; filename="{name}"'})


@blueprint.get("/<register>/new")
def new(register: str) -> ResponseReturnValue:
    """Ask for a new entry."""
    with database().reading() as session:
        page = forms.get_new_form(session, register, actor=actor(), now=now(), locale=language())
    return render_template("registers/form.html", page=page)


@blueprint.post("/<register>/new")
def add(register: str) -> ResponseReturnValue:
    """Add an entry."""
    try:
        with database().transaction() as session:
            entry = editing.add_entry(session, register, request.form, actor=actor(), now=now(), zone=reader_zone())
    except (AnswersInvalid, EntryRefused, NotKept, OwnEntry) as refusal:
        with database().reading() as session:
            page = forms.get_new_form(
                session, register, actor=actor(), now=now(), locale=language(), typed=request.form, problems=_problems(refusal)
            )
        return render_template("registers/form.html", page=page), status_of(refusal)
    flash(gettext("The entry is added."))
    return redirect(url_for("registers.show", register=register, entry=entry), 303)


@blueprint.get("/<register>/import")
def choose_table(register: str) -> ResponseReturnValue:
    """Ask for a table of new entries."""
    with database().reading() as session:
        page = imports.get_import_page(session, register, actor=actor(), now=now(), locale=language())
    return render_template("registers/import.html", page=page)


@blueprint.get("/<register>/import/template.<any(csv, xlsx):form>")
def template(register: str, form: str) -> ResponseReturnValue:
    """Give an empty table with the headings that are read."""
    with database().reading() as session:
        title, headers = imports.get_template(session, register, actor=actor(), now=now())
    written = exporting.write_xlsx(title, headers, ()) if form == "xlsx" else exporting.write_csv(headers, ())
    return Response(
        written, content_type=_TYPES[form], headers={"Content-Disposition": f'attachment; filename="{register}-template.{form}"'}
    )


@blueprint.post("/<register>/import")
def bring(register: str) -> ResponseReturnValue:
    """Try out what a table would add and show it; add it when that was seen and is wanted."""
    sheet = brought = None
    try:
        sheet = imports.read_sent(request.form, _sent_file())
        with database().reading() as session:
            brought = imports.read_lines(session, register, sheet, actor=actor(), now=now(), locale=language())
        _ensure_readable(brought)
        is_wanted = "add" in request.form
        with database().transaction() if is_wanted else database().rehearsal() as session:
            added = importing.add_entries(
                session,
                register,
                brought.lines,
                reason=request.form.get(REASON, ""),
                actor=actor(),
                now=now(),
                zone=reader_zone(),
            )
    except (SheetRefused, RowsRefused) as refusal:
        return _show_import(register, sheet, brought, refusal)
    if not is_wanted:
        return _show_import(register, sheet, brought)
    flash(ngettext("%(num)d entry is added.", "%(num)d entries are added.", len(added)))
    return redirect(url_for("registers.index_of", register=register), 303)


def _sent_file() -> bytes:
    file = request.files.get(imports.FILE)
    return file.read(MOST_BYTES + 1) if file else b""


def _ensure_readable(brought: Brought) -> None:
    if brought.problems:
        raise RowsRefused(list(brought.problems))


def _show_import(
    register: str, sheet: Sheet | None, brought: Brought | None, refusal: SheetRefused | RowsRefused | None = None
) -> ResponseReturnValue:
    with database().reading() as session:
        page = imports.get_import_page(
            session,
            register,
            actor=actor(),
            now=now(),
            locale=language(),
            sent=request.form,
            sheet=sheet,
            brought=brought,
            problems=_problems(refusal) if refusal else (),
        )
    return render_template("registers/import.html", page=page), status_of(refusal) if refusal else 200


@blueprint.get("/<register>/<entry>")
def show(register: str, entry: str) -> ResponseReturnValue:
    """Show one entry with its history."""
    with database().reading() as session:
        page = entries.get_entry(session, register, entry, actor=actor(), now=now(), locale=language())
    return render_template("registers/show.html", page=page)


@blueprint.get("/<register>/<entry>/edit")
def edit(register: str, entry: str) -> ResponseReturnValue:
    """Ask for the changes of an entry."""
    return _show_edit(register, entry)


@blueprint.post("/<register>/<entry>/edit")
def change(register: str, entry: str) -> ResponseReturnValue:
    """Change an entry. What was typed is shown again where it cannot be saved."""
    fingerprint = request.form.get(forms.FINGERPRINT, "")
    try:
        with database().transaction() as session:
            differs = editing.change_entry(
                session, register, entry, request.form, fingerprint=fingerprint, actor=actor(), now=now(), zone=reader_zone()
            )
    except (AnswersInvalid, EntryChanged, EntryRefused, NotKept) as refusal:
        return _show_edit(register, entry, refusal)
    flash(gettext("The change is saved.") if differs else gettext("Nothing differs from what the entry says already."))
    return redirect(url_for("registers.show", register=register, entry=entry), 303)


def _show_list(register: str, refusal: TooManyRows | None = None) -> ResponseReturnValue:
    with database().reading() as session:
        page = lists.get_list(session, register, request.args, actor=actor(), now=now(), locale=language())
    problems = [*page.problems, *(_problems(refusal) if refusal else [])]
    return render_template("registers/list.html", page=page, problems=problems), 422 if problems else 200


def _show_edit(register: str, entry: str, refusal: SafeconductError | None = None) -> ResponseReturnValue:
    with database().reading() as session:
        page = forms.get_edit_form(
            session,
            register,
            entry,
            actor=actor(),
            now=now(),
            locale=language(),
            zone=reader_zone(),
            typed=request.form if refusal else None,
            problems=_problems(refusal) if refusal else (),
            is_overtaken=isinstance(refusal, EntryChanged),
        )
    return render_template("registers/form.html", page=page), status_of(refusal) if refusal else 200


def _problems(refusal: SafeconductError) -> list[Problem]:
    if isinstance(refusal, Refused):
        return refusal.problems
    return [Problem(where="", sentence=refusal.sentence, facts=refusal.facts)]
