"""What a process brings along to be read: its title, names of its steps, labels of its forms, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import get_locale

from services.notices.wording import put_names
from webapp.presenters.moments import say_subject
from webapp.speech import gettext
from workflows.errors import Problem
from workflows.forms import Form
from workflows.forms.fields import Choice, Choices, Field, Limits
from workflows.forms.leaves import in_sentence
from workflows.packages import Package, word_for

_QUESTION_MARKS = ("?", "？", "؟")
#: Sentences that ask a question once more, and do not speak of it.
_ASKED_AGAIN = frozenset({"{label} Choose an answer", "{label} Enter an answer"})
#: Quotation marks of languages whose sentences about answers have none themselves.
_QUOTATION_MARKS = {"en": "“{}”", "ar": "«{}»"}


@dataclass(frozen=True, kw_only=True)
class Texts:
    """The texts of one version in one language; what has none there is read as the process was written."""

    tables: Mapping[str, Any]
    written_title: str = ""
    written_about: str = ""

    @classmethod
    def of(cls, package: Package) -> Texts:
        """Pick the texts of a process in the language of this page."""
        locale = get_locale()
        tables = package.texts.get(locale.language if locale else "en") or {}
        return cls(tables=tables, written_title=package.manifest.title, written_about=package.manifest.about)

    def title(self, written: str) -> str:
        """The name of the process."""
        return self._text("process", "title") or written

    def subject(self, written: str, place: Mapping[str, str] | None = None) -> str:
        """What a case of the process is about; one that says nothing of itself has been given the title of the process.

        Args:
            place: What the subject may call the area of the case, with its name in this language.
        """
        if not written or written == self.written_title:
            return self.title(self.written_title)
        return say_subject(put_names(written, place or {}))

    def about(self) -> str:
        """One sentence that says what the process is for; may be empty."""
        return self._text("process", "about") or self.written_about

    def element(self, element: str, written: str) -> str:
        """The name of a step of the diagram."""
        return self._text("elements", element) or written

    def option(self, value: str) -> str:
        """What a value is called among the options of the forms of this process; empty when it is in none."""
        options = self.tables.get("options") or {}
        ending = f".{value}"
        named = next((name for name in options if name == value or name.endswith(ending)), "")
        return self._text("options", named) if named else ""

    def word(self, value: str) -> str:
        """What a value is called wherever this process speaks of it; empty when that differs, or it is no word of it."""
        return word_for(self.tables, value)

    def option_of(self, field: str, value: str) -> str:
        """What a value of one field is called; empty when it is no option of it."""
        return self._text("options", f"{field}.{value}")

    def table(self, decision: str, written: str) -> str:
        """The title of a decision table."""
        return self._text("tables", decision) or written

    def column(self, decision: str, asked: str) -> str:
        """What a decision table asks, by the text of its column."""
        return self._text("columns", f"{decision}.{asked}") or self._text("columns", asked) or asked.replace("_", " ")

    def value(self, asked: str, value: str) -> str:
        """What a value is called that a decision table asked for; empty when it has no words."""
        name = f"{asked}.{value}"
        return self._text("values", name) or self._text("options", name) or self.word(value)

    def names(self) -> dict[str, str]:
        """The names of all steps that have one in this language, by element id."""
        return {element: str(name) for element, name in (self.tables.get("elements") or {}).items()}

    def form(self, form: Form) -> Form:
        """The form with its labels, descriptions and options in this language."""
        return replace(form, fields=self._fields(form.fields))

    def _fields(self, fields: tuple[Field, ...]) -> tuple[Field, ...]:
        return tuple(self._field(field) for field in fields)

    def _field(self, field: Field) -> Field:
        names = [name for name in (field.id, field.key) if name]
        label = next((text for name in names if (text := self._text("fields", name))), "")
        description = next((text for name in names if (text := self._text("fields", f"{name}.description"))), "")
        return replace(
            field,
            label=label or field.label,
            description=_with_zone(field, description or field.description),
            hint=self.sentence(field.hint),
            text=(label or self.sentence(field.text)) if field.kind == "text" else field.text,
            choices=self._choices(field, field.choices) if field.choices else None,
            limits=self._limits(field.limits),
            fields=self._fields(field.fields),
        )

    def _limits(self, limits: Limits) -> Limits:
        """The limits with what is said when they are not kept."""
        return replace(
            limits,
            rules=tuple(replace(rule, sentence=self.sentence(rule.sentence)) for rule in limits.rules),
            pattern_sentence=self.sentence(limits.pattern_sentence),
            sayings=replace(limits.sayings, missing=self.sentence(limits.sayings.missing)),
        )

    def sentence(self, written: str) -> str:
        """Say a sentence that the process writes in English."""
        return self._text("texts", written) or written

    def problems(self, form: Form, problems: Iterable[Problem]) -> list[Problem]:
        """Say what is wrong with answers in the words that the form has in this language."""
        written, spoken = (dict(_by_path(each.fields)) for each in (form, self.form(form)))
        return [self._problem(problem, written, spoken) for problem in problems]

    def _problem(self, problem: Problem, written: Mapping[str, Field], spoken: Mapping[str, Field]) -> Problem:
        path = ".".join(part for part in problem.where.split(".") if not part.isdigit())
        if path not in written:
            return problem
        here, there = written[path], spoken[path]
        words = {
            here.label: there.label,
            in_sentence(here.label): in_sentence(there.label),
            **dict(zip(here.limits.sentences, there.limits.sentences, strict=True)),
        }
        facts = {
            name: words.get(value, value) if isinstance(value, str) else value for name, value in (problem.facts or {}).items()
        }
        if "label" in facts and there.label.endswith(_QUESTION_MARKS) and problem.sentence not in _ASKED_AGAIN:
            facts["label"] = _quoted(there.label)
        return replace(problem, sentence=words.get(problem.sentence, problem.sentence), facts=facts)

    def _choices(self, field: Field, choices: Choices) -> Choices:
        fixed = tuple(
            Choice(
                value=choice.value,
                label=next((text for name in _named(field, choice) if (text := self._text("options", name))), choice.label),
            )
            for choice in choices.fixed
        )
        return replace(choices, fixed=fixed)

    def _text(self, table: str, name: str) -> str:
        found = (self.tables.get(table) or {}).get(name)
        if isinstance(found, Mapping):
            found = found.get("label")
        return found if isinstance(found, str) else ""


def _quoted(question: str) -> str:
    """Put a question into quotation marks, so that it can stand inside a sentence."""
    locale = get_locale()
    return _QUOTATION_MARKS.get(locale.language if locale else "en", "{}").format(question)


def _named(field: Field, choice: Choice) -> tuple[str, ...]:
    """The names under which an option may have its text, the narrowest first: several forms may share a key."""
    return (f"{field.id}.{choice.value}", f"{field.key}.{choice.value}", str(choice.value))


def _by_path(fields: tuple[Field, ...], path: str = "") -> Iterator[tuple[str, Field]]:
    for field in fields:
        here = f"{path}.{field.key}".strip(".") if field.key else path
        if field.key:
            yield here, field
        yield from _by_path(field.fields, here)


def _with_zone(field: Field, description: str) -> str:
    """Say on which clock a moment is meant."""
    if field.kind != "datetime" or field.subtype != "datetime":
        return description
    if field.zone.startswith("="):
        hint = gettext("The local time there")
    else:
        hint = gettext("The time in UTC") if not field.zone else gettext("The time in the zone {zone}").format(zone=field.zone)
    return f"{description} {hint}".strip()
