"""The address of a view of the inbox: everything that is shown follows from it, so it can be kept, sent and come back to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import url_for

from services.models.words import MOST_WORDS, split_words
from services.registers.areas import RISKS, rank_of
from services.tasks import Narrow
from services.tasks.inbox import VIEWS
from services.tasks.inbox.heads import ORDERS

MOST_PAGES = 25
LONGEST = 120
DUE = {"overdue": timedelta(0), "day": timedelta(hours=24), "week": timedelta(days=7)}
_YES = "yes"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the address of the page asks for; anything unknown falls back to what is usual.

    Attributes:
        held, holder: Which of several tabs of a role: that of an area, that of somebody for whom the reader stands in.
        risk: At least this risk.
        due: "overdue", "day" or "week".
        every: All rows of the page are to be selected.
    """

    view: str | None = None
    role: str | None = None
    held: str | None = None
    holder: str | None = None
    area: str | None = None
    process: str | None = None
    risk: str | None = None
    due: str | None = None
    unclaimed: str | None = None
    flagged: str | None = None
    q: str | None = None
    order: str | None = None
    page: int = 1
    task: str | None = None
    every: str | None = None

    @classmethod
    def of(cls, values: Mapping[str, str]) -> Asked:
        """Read the query of the address."""
        typed = {name: "".join(sign for sign in values.get(name, "")[:LONGEST] if sign.isprintable()) for name in _TEXTS}
        texts = {name: text.strip() or None for name, text in typed.items()}
        known = {
            "view": VIEWS,
            "risk": RISKS,
            "due": tuple(DUE),
            "order": tuple(ORDERS)[1:],
            "unclaimed": (_YES,),
            "flagged": (_YES,),
            "every": (_YES,),
        }
        chosen = {name: values.get(name) if values.get(name) in allowed else None for name, allowed in known.items()}
        page = values.get("page", "")
        number = int(page) if page.isascii() and page.isdigit() and len(page) < 5 else 1
        return cls(**texts, **chosen, page=min(max(number, 1), MOST_PAGES))

    @classmethod
    def of_query(cls, query: str) -> Asked:
        """Read a query as it was kept."""
        return cls.of(dict(parse_qsl(query[:4_000])))

    def query(self, **changes: Any) -> str:
        """Write the query of this view with something changed, always in the same order."""
        return urlencode({name: value for name, value in (self._said() | changes).items() if value is not None})

    def address(self, **changes: Any) -> str:
        """Write the address of this view with something changed."""
        return url_for("tasks.inbox", **{name: value for name, value in (self._said() | changes).items() if value is not None})

    def _said(self) -> dict[str, Any]:
        said = {field.name: getattr(self, field.name) for field in fields(self)}
        return said | {"page": self.page if self.page > 1 else None, "every": None}

    @property
    def sorted_by(self) -> str:
        """The order of the list."""
        return self.order or next(iter(ORDERS))

    @property
    def is_tab(self) -> bool:
        """Whether it asks for the tab of a role."""
        return bool(self.role or self.held or self.holder)

    def narrow(self, now: datetime) -> Narrow:
        """Say what the list is narrowed to."""
        return Narrow(
            role=self.role if self.view not in {None, "team"} else None,
            area=self.area,
            process=self.process,
            risk_rank=rank_of(self.risk),
            due_before=now + DUE[self.due] if self.due else None,
            unclaimed=self.unclaimed is not None,
            flagged=self.flagged is not None,
            words=tuple(split_words(self.q or "")[:MOST_WORDS]),
        )


_TEXTS = ("role", "held", "holder", "area", "process", "q", "task")
#: What a filter takes off when it is cleared; the view, its tab and its order stay.
FILTERS = ("area", "process", "risk", "due", "unclaimed", "flagged", "q")
