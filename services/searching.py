"""Finding cases by words, each in what the person may see of a case, and nowhere else.

A word may begin any word of the number, of the subject or a step, of the names of an area in any language, or of the names of
who asked and who travels. Every source is narrowed by the same rows of sight as the lists are: an approver of one area finds
nothing by what happens in another. Of several words each has to be found, but not all in the same place. Decision 0032 says why
it is done in this way on both databases.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from services import authority
from services.models.cases import Case, Task
from services.models.clearances import ClearanceLine
from services.models.people import Person
from services.models.words import MOST_WORDS, has_words, split_words
from services.people import Actor
from services.registers.areas import areas_called


def find_cases(session: Session, text: str, *, actor: Actor, now: datetime, limit: int) -> list[Case]:
    """Return the cases in which every word of a text is found, the latest first; none for a text without words. One query."""
    words = split_words(text)[:MOST_WORDS]
    if not words:
        return []
    parts = authority.parts_in_sight().cte("parts")
    dialect = session.get_bind().dialect.name
    matches = [Case.id.in_(union_all(*_hits(word, parts, dialect))) for word in words]
    found = select(Case).where(*matches).order_by(Case.started_at.desc(), Case.number.desc())
    return list(session.scalars(found.limit(limit), {"acting_person": actor.person, "acting_now": now}))


def _hits(word: str, parts: Any, dialect: str) -> Iterator[Select[Any]]:
    """Select the ids of cases that a word is found in, source by source."""
    task, line, requester, traveller = aliased(Task), aliased(ClearanceLine), aliased(Person), aliased(Person)
    known = select(parts.c.case_id).select_from(parts)
    numbered = known.join(Case, Case.id == parts.c.case_id)
    yield numbered.where(Case.number.icontains(word, autoescape=True))
    # The subject of a case names its whole itinerary.
    yield numbered.where(parts.c.area.is_(None), has_words(Case.words, [word], dialect=dialect))
    yield numbered.where(parts.c.area.is_(None), Case.area.in_(areas_called(word)))
    yield numbered.join(requester, requester.code == Case.requester).where(_is_called(requester, word))
    # A step that is not about one line may name several areas, whatever its own is.
    in_part = or_(parts.c.area.is_(None), and_(parts.c.area == task.area, task.line.is_not(None)))
    steps = known.join(task, and_(task.case_id == parts.c.case_id, in_part))
    yield steps.where(has_words(task.words, [word], dialect=dialect))
    yield steps.where(task.area.in_(areas_called(word)))
    at_stop = or_(parts.c.area.is_(None), parts.c.area == line.area)
    travels = known.join(line, and_(line.case_id == parts.c.case_id, at_stop))
    yield travels.where(line.area.in_(areas_called(word)))
    yield travels.join(traveller, traveller.code == line.person).where(_is_called(traveller, word))


def _is_called(person: Any, word: str) -> ColumnElement[bool]:
    return or_(person.words.like(f"% {word}%"), person.code.istartswith(word, autoescape=True))
