"""The filter of the inbox: what can be asked for, and what is asked for now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext

from services.registers.areas import RISKS
from webapp.presenters.inbox.asked import FILTERS, Asked
from webapp.presenters.inbox.tabs import Link
from webapp.speech import gettext

RISK_NAMES = {
    "LOW": lazy_gettext("Low risk"),
    "MEDIUM": lazy_gettext("Medium risk"),
    "HIGH": lazy_gettext("High risk"),
    "VERY_HIGH": lazy_gettext("Very high risk"),
    "UNACCEPTABLE": lazy_gettext("Unacceptable risk"),
}
_DUE_NAMES = {
    "overdue": lazy_gettext("Overdue"),
    "day": lazy_gettext("Due within 24 hours"),
    "week": lazy_gettext("Due within 7 days"),
}


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One of several things to choose."""

    value: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Filter:
    """The form that narrows the list.

    Attributes:
        kept: What else stands in the address and has to stay, as (name, value).
        chips: What the list is narrowed to, each with the address without it.
        cleared: The address without any of it.
    """

    asked: Asked
    areas: list[Choice]
    processes: list[Choice]
    risks: list[Choice]
    dues: list[Choice]
    kept: list[tuple[str, str]]
    chips: list[Link]
    cleared: str


def make_filter(asked: Asked, *, areas: Mapping[str, str], processes: Mapping[str, str]) -> Filter:
    """Make the filter form of a view."""
    return Filter(
        asked=asked,
        areas=_by_name(areas),
        processes=_by_name(processes),
        risks=[Choice(value=risk, name=say_least(risk)) for risk in reversed(RISKS)],
        dues=[Choice(value=code, name=str(name)) for code, name in _DUE_NAMES.items()],
        kept=[(name, value) for name in ("view", "role", "held", "holder", "order") if (value := getattr(asked, name))],
        chips=list(_chips(asked, areas, processes)),
        cleared=asked.address(**dict.fromkeys((*FILTERS, "page", "task"))),
    )


def say_least(risk: str) -> str:
    """Say that a risk is at least so high."""
    name = str(RISK_NAMES[risk])
    return name if risk == RISKS[-1] else gettext("{risk} or higher").format(risk=name)


def _by_name(named: Mapping[str, str]) -> list[Choice]:
    return [Choice(value=code, name=name) for code, name in sorted(named.items(), key=lambda pair: pair[1])]


def _chips(asked: Asked, areas: Mapping[str, str], processes: Mapping[str, str]) -> Iterable[Link]:
    said = {
        "area": areas.get(asked.area or "", asked.area),
        "process": processes.get(asked.process or "", asked.process),
        "risk": say_least(asked.risk) if asked.risk else None,
        "due": str(_DUE_NAMES[asked.due]) if asked.due else None,
        "unclaimed": gettext("Nobody works on it") if asked.unclaimed else None,
        "flagged": gettext("With a warning") if asked.flagged else None,
        "q": f"“{asked.q}”" if asked.q else None,
    }
    for name in FILTERS:
        if text := said[name]:
            yield Link(name=text, address=asked.address(**{name: None, "page": None, "task": None}))
