"""What will happen to a request before it is sent, in words: who decides, how long it takes, what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from services import cases, definitions, drafts, overview
from services.cards import texts_in
from services.cases.foreseeing import Foresight, StepAhead
from services.cases.usual import UsualTime, list_usual_times
from services.database import Database
from services.errors import Busy
from services.models.cases import RequestDraft
from services.people import Actor
from webapp.i18n import language
from webapp.presenters.coming import say_usual_time
from webapp.presenters.facts import collect_codes
from webapp.presenters.moments import say_span_of_time, show_moment
from webapp.presenters.reasons import Reasons, find_reasons
from webapp.presenters.roles import say_role
from webapp.presenters.texts import Texts
from webapp.presenters.words import Word, say_status
from webapp.speech import comma, gettext, ngettext
from workflows.errors import Problem


@dataclass(frozen=True, kw_only=True)
class AheadStep:
    """A step that somebody will take.

    Attributes:
        nobody: Nobody could take it today, which the reader had better know.
    """

    title: str
    lines: list[Markup]
    why: Reasons
    nobody: bool = False


@dataclass(frozen=True, kw_only=True)
class AheadPage:
    """What will happen, ready to be shown.

    Attributes:
        missing: What the reader has to do before anybody decides.
        rounds: Steps side by side, round after round.
        answer: The answer that comes at once.
        clock: By when to send it; or that it is late.
        is_first_look: Not everything is answered yet.
        refused: Why it cannot be sent like this.
    """

    missing: list[AheadStep] = field(default_factory=list)
    rounds: list[list[AheadStep]] = field(default_factory=list)
    answer: Word | None = None
    clock: Markup | None = None
    is_late: bool = False
    is_first_look: bool = False
    refused: list[Problem] = field(default_factory=list)


def look_ahead(database: Database, draft_id: str, *, actor: Actor, now: datetime) -> AheadPage | None:
    """Find out what will happen to a draft; None when too little is answered to tell, or others write too much just now.

    Everything that takes long is done before the rehearsal, which keeps other writers waiting on SQLite.

    Raises:
        NotFound: There is no such draft of the actor.
    """
    with database.reading() as session:
        draft = drafts.get_draft(session, draft_id, actor=actor)
        definitions.get_package(session, definitions.current_version(session, draft.process_key).id)
    try:
        with database.rehearsal() as session:
            return _try_out(session, draft, actor=actor, now=now)
    except Busy:
        return None


def _try_out(session: Session, draft: RequestDraft, *, actor: Actor, now: datetime) -> AheadPage | None:
    found = cases.foresee(session, draft.process_key, actor=actor, answers=draft.answers, now=now)
    if found is None:
        return None
    if found.refused:
        return AheadPage(refused=found.refused)
    texts = Texts.of(definitions.get_package(session, found.version_id))
    usual = list_usual_times(session, {draft.process_key}, {step.element for step in found.steps}, now=now)
    words = _Words(
        texts=texts,
        names=overview.name_codes(session, _codes(found.steps), locale=language()),
        usual={element: time for (_, element), time in usual.items()},
    )
    return AheadPage(
        missing=[words.missing(step) for step in found.steps if step.is_own],
        rounds=[round_ for round_ in _rounds(found, words) if round_],
        answer=say_status(found.ends, state="COMPLETED") if found.ends and not found.steps else None,
        clock=_say_clock(found, now),
        is_late=found.is_late,
        is_first_look=not found.is_whole,
    )


def _codes(steps: Iterable[StepAhead]) -> set[str]:
    areas = {step.area for step in steps if step.area}
    written = {part for step in steps for text in texts_in(step.card) for part in text.split(", ")}
    return areas | written | {code for step in steps for code in collect_codes(step.card)}


def _rounds(found: Foresight, words: _Words) -> Iterable[list[AheadStep]]:
    for number in sorted({step.round for step in found.steps}):
        yield [words.step(step) for step in found.steps if step.round == number and not step.is_own]


def _say_clock(found: Foresight, now: datetime) -> Markup | None:
    if found.needed_by is None:
        return None
    needed = show_moment(found.needed_by, now=now)
    if found.send_before is not None:
        before = show_moment(found.send_before, now=now)
        return escape(gettext("Send it before {moment} to have the answer in time, by {needed}.")).format(
            moment=before, needed=needed
        )
    if found.is_late:
        late = gettext("The answer is needed by {needed}. Those who decide have longer than that; it may come too late.")
        return escape(late).format(needed=needed)
    return None


@dataclass(frozen=True, kw_only=True)
class _Words:
    texts: Texts
    names: Mapping[str, str]
    usual: Mapping[str, UsualTime]

    def step(self, step: StepAhead) -> AheadStep:
        people = ngettext("%(num)d person could act", "%(num)d people could act", step.people)
        who = gettext("{role}: {people}").format(role=say_role(step.role), people=people)
        lines = [escape(who)]
        if step.area:
            lines.insert(0, Markup("<bdi>{}</bdi>").format(self.names.get(step.area, step.area)))
        if step.within is not None:
            lines.append(escape(gettext("has {span} for it").format(span=say_span_of_time(step.within))))
        if said := say_usual_time(self.usual.get(step.element)):
            lines.append(escape(said))
        title = self.texts.element(step.element, step.name)
        return AheadStep(title=title, lines=lines, why=find_reasons(step.why, step.role, self.texts), nobody=not step.people)

    def missing(self, step: StepAhead) -> AheadStep:
        rows = step.card if isinstance(step.card, list) else []
        told = (self._told(row) for row in rows if isinstance(row, Mapping))
        lines = list(dict.fromkeys(line for line in told if line))
        return AheadStep(title=self.texts.element(step.element, step.name), lines=lines, why=Reasons())

    def _told(self, row: Mapping[str, object]) -> Markup:
        """Say what a line of a card asks for, and the names of whom and what it concerns; a line of facts asks for nothing."""
        what = self.texts.option(str(row.get("label") or ""))
        named = [self.names[part] for part in str(row.get("value") or "").split(", ") if part in self.names]
        return escape(f"{what}: {comma().join(named)}" if what and named else what)
