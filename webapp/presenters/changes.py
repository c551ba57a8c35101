"""What changed in a request, field by field: before it is sent, on the page of the case, beside a decision."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup
from sqlalchemy.orm import Session

from services import overview
from services.cases import Amendment, Difference, Effect, RequestVersion
from webapp.i18n import language
from webapp.presenters.facts import collect_codes, show_named
from webapp.presenters.moments import show_moment
from webapp.presenters.texts import Texts
from webapp.speech import gettext, ngettext
from workflows.forms import Field
from workflows.packages import Package


@dataclass(frozen=True, kw_only=True)
class ChangedField:
    """One field before and after."""

    title: str
    before: Markup
    after: Markup


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """What a change means for one part of the request."""

    about: str
    sentence: str


@dataclass(frozen=True, kw_only=True)
class VersionLine:
    """A version of a request: who sent it, when, and what it changed."""

    number: int
    title: str
    who: str
    at: datetime
    when: Markup
    fields: list[ChangedField] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class ChangesPage:
    """A change before it is sent."""

    fields: list[ChangedField]
    meanings: list[Meaning]


@dataclass(frozen=True, kw_only=True)
class ChangeWords:
    """The words for fields and values of one process."""

    texts: Texts
    labels: Mapping[str, str]
    names: Mapping[str, str]
    zones: Mapping[str, ZoneInfo]

    @classmethod
    def of(cls, session: Session, package: Package, listed: Iterable[Difference | Effect]) -> ChangeWords:
        """Look up every name that differences need, and the zones in which their moments are meant. Three queries."""
        texts, wanted = Texts.of(package), list(listed)
        codes = {code for each in wanted for code in _codes_of(each)}
        return cls(
            texts=texts,
            labels=dict(_labels(texts, package)),
            names=overview.name_codes(session, codes, locale=language()),
            zones=overview.zones_of(session, {each.area for each in wanted}),
        )

    def show(self, listed: Iterable[Difference]) -> list[ChangedField]:
        """Show differences, each with its stop and the question of the form."""
        return [
            ChangedField(
                title=_about(each.row, self._area(each.area), self._label(each.field)),
                before=self._value(each, each.before),
                after=self._value(each, each.after) or Markup("{}").format(gettext("left out")),
            )
            for each in listed
        ]

    def explain(self, effects: Iterable[Effect]) -> list[Meaning]:
        """Say what changes mean, in the words of the process."""
        said = [
            Meaning(about=_about(each.row, self._area(each.area), ""), sentence=self.texts.option(each.action) or each.note)
            for each in effects
        ]
        return list(dict.fromkeys(said))

    def _area(self, area: str | None) -> str:
        return self.names.get(area or "", area or "")

    def _label(self, name: str) -> str:
        return self.labels.get(name) or name.replace("_", " ").capitalize()

    def _value(self, difference: Difference, value: Any) -> Markup:
        if value in (None, "", []):
            return Markup("")
        said = self.texts.option_of(difference.field, value) if isinstance(value, str) else ""
        return Markup("{}").format(said) if said else show_named(value, self.names, self.zones.get(difference.area or ""))


def _codes_of(each: Difference | Effect) -> Iterator[str]:
    yield each.area or ""
    if isinstance(each, Difference):
        yield from collect_codes([each.before, each.after])


def _about(row: int | None, area: str, label: str) -> str:
    stop = gettext("Stop {number}").format(number=row) if row else ""
    place = f"{stop} ({area})" if stop and area else stop or area
    return ": ".join(part for part in (place, label) if part)


def _labels(texts: Texts, package: Package) -> Iterator[tuple[str, str]]:
    """Collect the questions of all forms by the names of their answers; those of the form that starts a case count most."""
    start = package.manifest.start_form
    names = [name for name in sorted(package.forms) if name != start] + ([start] if start else [])
    for name in names:
        yield from _labels_in(texts.form(package.forms[name]).fields)
    yield "stop", gettext("the whole stop")


def _labels_in(fields: Iterable[Field]) -> Iterator[tuple[str, str]]:
    for each in fields:
        if each.key and each.label:
            yield each.key, each.label
        yield from _labels_in(each.fields)


def show_amendment(session: Session, package: Package, amendment: Amendment) -> ChangesPage:
    """Show a change before it is sent: what it replaces, and what it means."""
    words = ChangeWords.of(session, package, [*amendment.differences, *amendment.effects])
    note = [Meaning(about="", sentence=words.texts.sentence(amendment.note))] if amendment.note else []
    return ChangesPage(fields=words.show(amendment.differences), meanings=[*note, *words.explain(amendment.effects)])


def list_versions(session: Session, package: Package, versions: Iterable[RequestVersion], *, now: datetime) -> list[VersionLine]:
    """List the versions of a request, the latest first; nothing when there is only one."""
    listed = list(versions)
    if len(listed) < 2:
        return []
    words = ChangeWords.of(session, package, [each for version in listed for each in version.differences])
    return [
        VersionLine(
            number=version.number,
            title=_say_version(version),
            who=version.by_name,
            at=version.at,
            when=show_moment(version.at, now=now),
            fields=words.show(version.differences),
        )
        for version in reversed(listed)
    ]


def _say_version(version: RequestVersion) -> str:
    if version.number == 1:
        return gettext("Version 1: as first sent")
    if not version.differences:
        return gettext("Version {number}: changed elsewhere").format(number=version.number)
    fields = ngettext("%(num)d field changed", "%(num)d fields changed", len(version.differences))
    return gettext("Version {number}: {fields}").format(number=version.number, fields=fields)


def say_changed(versions: Iterable[RequestVersion]) -> str:
    """Say in a line what of a request is not as it was first sent; empty when all that the reader sees is."""
    changed = {(each.row, each.area, each.field) for version in versions for each in version.differences}
    if not changed:
        return ""
    fields = ngettext("%(num)d field", "%(num)d fields", len(changed))
    return gettext("Changed since version 1 ({fields})").format(fields=fields)
