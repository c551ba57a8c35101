"""The parts of an inbox: one's own tasks, what was put off, and one tab for each role in which tasks may wait."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from services.authority import Queue, Reach

MINE = "mine"
TEAM = "team"
PUT_OFF = "put-off"
QUESTIONS = "questions"
DONE = "done"
VIEWS = (MINE, TEAM, PUT_OFF, QUESTIONS, DONE)
#: Numbers of the tabs that everybody has; those of roles follow.
OWN_TAB, PUT_OFF_TAB, QUESTIONS_TAB = 0, 1, 2
FIRST_TAB = 10
#: Whoever holds roles in more places than these has one tab per role; the areas are chosen in the filter.
MOST_TABS = 12
_Key = tuple[str | None, str | None, str | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Tab:
    """A role in which tasks may wait for a person.

    Attributes:
        number: What the statement counts it by.
        role: None for tasks that name somebody for whom the person stands in.
        held: The area of the role, where the person holds it in several.
        holder: Whose role it is; None when the person's own.
    """

    number: int
    role: str | None
    held: str | None
    holder: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Tabs:
    """The tabs of a person, and to which each queue and each absent person leads."""

    tabs: list[Tab]
    queues: list[tuple[Queue, Tab]]
    absent: list[tuple[str, Tab]]

    def chosen(self, *, role: str | None, held: str | None, holder: str | None) -> list[int]:
        """Return the numbers of the tabs that an address asks for."""
        return [
            tab.number
            for tab in self.tabs
            if role in {None, tab.role} and (held is None or tab.held in {None, held}) and holder in {None, tab.holder}
        ]


def arrange_tabs(reach: Reach, person: str) -> Tabs:
    """Give every queue its tab: one per role and holder, and per area where there are few."""
    fine = {(queue.role, queue.held, _other(queue.holder, person)) for queue in reach.queues}
    several = {(role, holder) for role, _, holder in fine if sum(one[0] == role and one[2] == holder for one in fine) > 1}
    apart = several if len(fine) <= MOST_TABS else set()
    keys: set[_Key] = {(role, held if (role, holder) in apart else None, holder) for role, held, holder in fine} | {
        (None, None, person_away) for person_away in reach.absent
    }
    tabs = {key: Tab(number=number, role=key[0], held=key[1], holder=key[2]) for number, key in _numbered(keys)}
    return Tabs(
        tabs=list(tabs.values()),
        queues=[(queue, tabs[_key(queue, person, apart)]) for queue in reach.queues],
        absent=[(away, tabs[None, None, away]) for away in reach.absent],
    )


def _key(queue: Queue, person: str, apart: Collection[tuple[str, str | None]]) -> _Key:
    holder = _other(queue.holder, person)
    return (queue.role, queue.held if (queue.role, holder) in apart else None, holder)


def _numbered(
    keys: set[tuple[str | None, str | None, str | None]],
) -> list[tuple[int, tuple[str | None, str | None, str | None]]]:
    """Number the tabs, the person's own roles first."""
    ordered = sorted(keys, key=lambda key: (key[2] is not None, key[2] or "", key[0] is None, key[0] or "", key[1] or ""))
    return list(enumerate(ordered, FIRST_TAB))


def _other(holder: str, person: str) -> str | None:
    return holder if holder != person else None
