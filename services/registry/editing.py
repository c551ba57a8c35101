"""Owners change and add entries. Nothing is removed: an entry ends, or another follows; every act is kept with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.errors import NotFound
from services.models.register_changes import ADDED, CHANGED, RegisterChange
from services.people import Actor
from services.registry.errors import EntryChanged, EntryRefused, NotKept, OwnEntry
from services.registry.reading import find_register, find_row, fingerprint_of, is_entry, key_of
from services.registry.rights import Reader, may_keep, place_of
from services.registry.shape import Column, Kind, Register
from services.registry.typed import LANGUAGES, check_period, read_reason, read_typed
from workflows.errors import AnswersInvalid, Problem


def editable(register: Register) -> tuple[Column, ...]:
    """Return the columns that an owner may change."""
    return tuple(column for column in register.columns if column.edited)


def enterable(register: Register) -> tuple[Column, ...]:
    """Return the columns that an owner fills in when adding an entry."""
    return tuple(column for column in register.columns if column.edited or column.entered)


def ensure_may_add(register: Register, reader: Reader) -> None:
    """Raise unless somebody may add entries.

    Raises:
        NotKept: They may not.
    """
    if not register.adding or not may_keep(register, reader):
        raise NotKept


def ensure_may_change(session: Session, register: Register, key: str, *, reader: Reader) -> None:
    """Raise unless somebody may change an entry.

    Raises:
        NotFound: There is no such entry for them.
        NotKept: They may only read it.
        OwnEntry: It is about themselves.
    """
    find_row(session, register, key, reader=reader)
    if not may_keep(register, reader):
        raise NotKept
    try:
        find_row(session, register, key, reader=reader, kept=True)
    except NotFound:
        raise NotKept from None
    _ensure_not_own(session, register, key, reader)


def change_entry(
    session: Session,
    key: str,
    entry: str,
    raw: Mapping[str, str],
    *,
    fingerprint: str,
    actor: Actor,
    now: datetime,
    zone: tzinfo = UTC,
) -> bool:
    """Change an entry as typed, and say whether anything differs.

    The row is locked before it is compared with what was shown: of two owners at one moment one saves, and the other is told.

    Args:
        key: The register.
        fingerprint: Of the entry as the owner saw it.

    Raises:
        NotFound, NotKept, OwnEntry: See `ensure_may_change`.
        EntryChanged: Somebody changed it since.
        AnswersInvalid: Something that was typed cannot be, or the reason is missing.
        EntryRefused: The values do not fit together.
    """
    register, reader = find_register(session, key, actor=actor, now=now)
    ensure_may_change(session, register, entry, reader=reader)
    row = _lock(session, register, entry)
    before = _plain_values(register, row)
    shown = find_row(session, register, entry, reader=reader).values
    if fingerprint != fingerprint_of(register, shown):
        raise EntryChanged
    typed = read_typed(session, editable(register), raw, zone=zone)
    reason, missing = read_reason(raw)
    period = _check_period(register, {**_values(register, row), **typed.values})
    if problems := [*typed.problems, *period, *missing]:
        raise AnswersInvalid(problems)
    changes = _differing(register, row, typed.values)
    if not changes:
        return False
    _apply(session, register, row, changes, actor=actor, reason=reason, now=now)
    _keep_in_reach(session, register, entry, reader)
    after = _plain_values(register, row)
    if after == before:
        return False
    _note(session, register, entry, CHANGED, before, after, actor=actor, reason=reason, now=now)
    return True


def add_entry(session: Session, key: str, raw: Mapping[str, str], *, actor: Actor, now: datetime, zone: tzinfo = UTC) -> str:
    """Add an entry as typed, and return what names it.

    Raises:
        NotFound: There is no such register for the actor.
        NotKept: The actor may not add to it, or not such an entry.
        OwnEntry: It would be about the actor.
        AnswersInvalid, EntryRefused: See `change_entry`.
    """
    register, reader = find_register(session, key, actor=actor, now=now)
    ensure_may_add(register, reader)
    return add_row(session, register, raw, reader=reader, actor=actor, now=now, zone=zone)


def add_row(
    session: Session, register: Register, raw: Mapping[str, str], *, reader: Reader, actor: Actor, now: datetime, zone: tzinfo
) -> str:
    """Add an entry to a register that the actor may add to. Raises: NotKept, OwnEntry, AnswersInvalid, EntryRefused."""
    typed = read_typed(session, enterable(register), raw, zone=zone)
    reason, missing = read_reason(raw)
    if problems := [*typed.problems, *_check_period(register, typed.values), *missing]:
        raise AnswersInvalid(problems)
    values = {name: value for name, value in typed.values.items() if value is not None}
    row = _enter(session, register, values, actor=actor, reason=reason, now=now)
    entry = key_of(register, row)
    _ensure_not_own(session, register, entry, reader)
    _keep_in_reach(session, register, entry, reader)
    _note(session, register, entry, ADDED, None, _plain_values(register, row), actor=actor, reason=reason, now=now)
    return entry


def _enter(session: Session, register: Register, values: Mapping[str, Any], *, actor: Actor, reason: str, now: datetime) -> Any:
    enter = register.enter
    try:
        row = enter(session, values, actor=actor, reason=reason, now=now) if enter else register.model(**values)
        session.add(row)
        session.flush()
    except IntegrityError as error:
        raise EntryRefused from error
    return row


def _differing(register: Register, row: Any, typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was really changed: a form shows moments without their seconds, and not every language of a name."""
    found = {}
    for column in editable(register):
        old, new = getattr(row, column.attribute), typed[column.attribute]
        if column.kind is Kind.NAME and isinstance(old, dict) and new is not None:
            new = {**{language: text for language, text in old.items() if language not in LANGUAGES}, **new}
        if _shown(column, old) != _shown(column, new) and not (column.kind is Kind.YES_NO and new is None):
            found[column.attribute] = new
    return found


def _shown(column: Column, value: Any) -> Any:
    if column.kind is Kind.MOMENT and value is not None:
        return value.replace(second=0, microsecond=0)
    return [str(each) for each in value] if column.kind is Kind.LIST and value is not None else value


def _lock(session: Session, register: Register, entry: str) -> Any:
    query = select(register.model).where(is_entry(register, entry)).with_for_update()
    found = session.scalars(query.execution_options(populate_existing=True)).unique().one_or_none()
    if found is None:
        raise NotFound
    return found


def _apply(
    session: Session, register: Register, row: Any, changes: Mapping[str, Any], *, actor: Actor, reason: str, now: datetime
) -> None:
    if register.apply is not None:
        register.apply(session, row, changes, actor=actor, reason=reason, now=now)
    else:
        for name, value in changes.items():
            setattr(row, name, value)
    _flush(session)


def _flush(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        raise EntryRefused from error


def _ensure_not_own(session: Session, register: Register, entry: str, reader: Reader) -> None:
    if not register.not_own:
        return
    about = place_of(register, register.person) == reader.person
    if session.scalar(select(1).select_from(register.model).where(is_entry(register, entry), about)) is not None:
        raise OwnEntry


def _keep_in_reach(session: Session, register: Register, entry: str, reader: Reader) -> None:
    """An owner moves nothing out of the own reach, and adds nothing outside it."""
    try:
        find_row(session, register, entry, reader=reader, kept=True)
    except NotFound:
        raise NotKept from None


def _check_period(register: Register, values: Mapping[str, Any]) -> list[Problem]:
    if not register.valid_from or not register.valid_to:
        return []
    return check_period(register.column(register.valid_to), values.get(register.valid_from), values.get(register.valid_to))


def _values(register: Register, row: Any) -> dict[str, Any]:
    return {column.attribute: getattr(row, column.attribute) for column in register.columns if column.value is None}


def _plain_values(register: Register, row: Any) -> dict[str, Any]:
    return {name: _plain(value) for name, value in _values(register, row).items()}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _note(
    session: Session,
    register: Register,
    entry: str,
    act: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any],
    *,
    actor: Actor,
    reason: str,
    now: datetime,
) -> None:
    """Keep who did what when and why, as the columns that differ."""
    known = before or {}
    names = [name for name in after if after[name] != known.get(name)]
    kept = {name: known.get(name) for name in names} if before is not None else None
    said = {name: after[name] for name in names}
    change = RegisterChange(register=register.key, entry=entry, act=act, by=actor.person, at=now, reason=reason)
    change.before, change.after = kept, said
    session.add(change)
