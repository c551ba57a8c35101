"""Views of the inbox that a person keeps under a name. What they show is asked anew each time, with the person's own rights."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.errors import NotFound
from services.models.base import new_id
from services.models.inbox import SavedView
from services.people import Actor
from workflows.errors import SafeconductError

LONGEST_NAME = 40
LONGEST_QUERY = 2_000
MOST_VIEWS = 20


class ViewRefused(SafeconductError):
    """The view cannot be kept like this."""


class NameMissing(ViewRefused):
    """Enter a name for the view."""


class NameTooLong(ViewRefused):
    """The name must have no more than 40 characters."""


class NameTaken(ViewRefused):
    """You have a view of this name. Choose another name, or delete the other view first."""


class ViewTooLong(ViewRefused):
    """This view asks for too much to be kept. Take some of its filters off."""


class TooManyViews(ViewRefused):
    """You have 20 views, which is as many as there can be. Delete one first."""


def list_views(session: Session, actor: Actor) -> list[SavedView]:
    """Return the views of the actor, the oldest first."""
    mine = select(SavedView).where(SavedView.person == actor.person)
    return list(session.scalars(mine.order_by(SavedView.created_at, SavedView.id)))


def save_view(session: Session, *, name: str, query: str, actor: Actor, now: datetime) -> SavedView:
    """Keep a view under a name.

    Args:
        query: The query of the address of the view.

    Raises:
        NameMissing, NameTooLong, NameTaken, TooManyViews: The name cannot be had.
    """
    kept = _ensure_name(session, name, actor=actor)
    if len(query) > LONGEST_QUERY:
        raise ViewTooLong
    count = session.scalar(select(func.count()).select_from(SavedView).where(SavedView.person == actor.person)) or 0
    if count >= MOST_VIEWS:
        raise TooManyViews
    view = SavedView(id=new_id(), person=actor.person, name=kept, query=query, created_at=now)
    session.add(view)
    return view


def rename_view(session: Session, view_id: str, *, name: str, actor: Actor) -> SavedView:
    """Give a view another name.

    Raises:
        NotFound: The actor has no such view.
        NameMissing, NameTooLong, NameTaken: The name cannot be had.
    """
    view = _own_view(session, view_id, actor=actor)
    view.name = _ensure_name(session, name, actor=actor, unless=view.id)
    return view


def delete_view(session: Session, view_id: str, *, actor: Actor) -> None:
    """Forget a view.

    Raises:
        NotFound: The actor has no such view.
    """
    session.delete(_own_view(session, view_id, actor=actor))


def _own_view(session: Session, view_id: str, *, actor: Actor) -> SavedView:
    view = session.get(SavedView, view_id)
    if view is None or view.person != actor.person:
        raise NotFound
    return view


def _ensure_name(session: Session, name: str, *, actor: Actor, unless: str = "") -> str:
    kept = " ".join(name.split())
    if not kept:
        raise NameMissing
    if len(kept) > LONGEST_NAME:
        raise NameTooLong
    same = select(SavedView.id).where(SavedView.person == actor.person, SavedView.name == kept, SavedView.id != unless)
    if session.scalar(same) is not None:
        raise NameTaken
    return kept
