"""Everything in a process that people read: in which table of i18n its translations stand, under which name, and in English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

from workflows import feel
from workflows.diagrams import SAID, Diagram, Element
from workflows.dmn import Table
from workflows.forms import Field, Form
from workflows.forms.rules import names_in
from workflows.packages.asking import ASK_NOTE
from workflows.packages.package import Package

#: The language in which names in diagrams and forms are written.
WRITTEN = "en"
#: The input of a service task by which it hands over what a notice speaks of.
FACTS = "facts"
# A literal without a small letter is a code or a sign, the same in every language.
_WORD = re.compile("[a-z]")
#: What an expression reads of a variable: `chain` and `note` of "chain.note".
_READ = re.compile(r"([^\W\d]\w*)\.([^\W\d]\w*)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Wording:
    """A text that people read.

    Attributes:
        names: The names under which its translation may stand; it is written under the first.
        written: The text as the process says it, in English.
        is_required: A language that the process speaks has to have it.
    """

    table: str
    names: tuple[str, ...]
    written: str
    is_required: bool = True


def wordings(package: Package) -> list[Wording]:
    """List everything that people read, each once, in the order of the tables."""
    named = [*_of_process(package), *_of_diagrams(package), *_of_forms(package), *_of_tables(package)]
    found = [*named, *_of_values(package), *_of_expressions(package), *_of_answers(package)]
    return list({(each.table, each.names): each for each in reversed(found)}.values())[::-1]


def with_written_names(package: Package) -> Package:
    """Let English names and labels be those of the diagrams and forms, also where i18n still says what they were before."""
    english = package.texts.get(WRITTEN)
    if english is None:
        return package
    tables = {table: dict(texts) for table, texts in english.items()}
    for each in (*_of_process(package), *_of_diagrams(package), *_of_labels(package), *_of_tables(package)):
        known = tables.setdefault(each.table, {})
        if any(name in known for name in each.names):
            # The last name is the narrowest: a key may be shared by several forms.
            known |= {name: each.written for name in each.names if name in known or name == each.names[-1]}
    for each in _of_options(package):
        # A field with the same key in another form may call the same value something else.
        known = tables.setdefault(each.table, {})
        if any(name in known for name in each.names):
            known[each.names[-1]] = each.written
    return replace(package, texts={**package.texts, WRITTEN: tables})


def differing_facts(package: Package, language: str) -> list[str]:
    """Return the sentences of forms whose translation does not have the same facts in its braces."""
    spoken = package.texts[language].get("texts", {})
    sentences = dict.fromkeys(sentence for field in _all_fields(package) for sentence in field.limits.sentences)
    return [each for each in sentences if each in spoken and _facts_in(str(spoken[each])) != _facts_in(each)]


def _facts_in(sentence: str) -> set[str] | None:
    try:
        return set(names_in(sentence))
    except ValueError:
        return None


def _of_process(package: Package) -> Iterator[Wording]:
    yield Wording(table="process", names=("title",), written=package.manifest.title)
    if package.manifest.about:
        yield Wording(table="process", names=("about",), written=package.manifest.about)


def _of_diagrams(package: Package) -> Iterator[Wording]:
    diagrams = package.diagrams.values()
    for diagram in diagrams:
        for element in diagram.elements.values():
            if element.name:
                yield Wording(table="elements", names=(element.id,), written=element.name)
    for diagram in diagrams:
        for process in diagram.processes.values():
            if process.name:
                yield Wording(table="elements", names=(process.id,), written=process.name)


def _of_labels(package: Package) -> Iterator[Wording]:
    for field in _all_fields(package):
        names = tuple(name for name in (field.key, field.id) if name)
        if names and field.label:
            yield Wording(table="fields", names=names, written=field.label)
        if names and field.description:
            described = tuple(f"{name}.description" for name in names)
            yield Wording(table="fields", names=described, written=field.description)


def _of_forms(package: Package) -> Iterator[Wording]:
    yield from _of_labels(package)
    yield from _of_options(package)


def _of_options(package: Package) -> Iterator[Wording]:
    for field in _all_fields(package):
        for choice in field.choices.fixed if field.choices else ():
            value = str(choice.value)
            names = (f"{field.key}.{value}", value, f"{field.id or field.key}.{value}")
            yield Wording(table="options", names=names, written=choice.label)


def _of_tables(package: Package) -> Iterator[Wording]:
    """Titles of decision tables and headings of what they ask, which tell why a case took its way."""
    for name, table in _all_tables(package):
        yield Wording(table="tables", names=(name,), written=package.decisions[name].decisions[name].name or name)
        for column in table.inputs:
            names = (column.text, f"{name}.{column.text}")
            yield Wording(table="columns", names=names, written=column.label or column.text)


def _of_values(package: Package) -> Iterator[Wording]:
    """What rows of tables compare with, as far as no form offers it: words for people in one table, codes in another."""
    offered = {each.names[0] for each in _of_options(package)}
    for _, table in _all_tables(package):
        for place, column in enumerate(table.inputs):
            tests = [test.tree for rule in table.rules for asked, test in rule.tests if asked == place]
            values = dict.fromkeys(text for tree in tests for text in feel.literals_of(tree) if text)
            for name, value in ((f"{column.text}.{value}", value) for value in values):
                if name not in offered:
                    yield Wording(table="values", names=(name,), written=value, is_required=False)


def _of_answers(package: Package) -> Iterator[Wording]:
    """What tables answer in words, in columns that tasks, messages and notices speak of."""
    elements = [element for diagram in package.diagrams.values() for element in diagram.elements.values()]
    called = {element.called_decision for element in elements if element.called_decision is not None}
    sayings = [text for element in elements for text in _sayings(element) if text.strip().startswith("=")]
    read = {found for text in sayings for found in _READ.findall(text)}
    # A variable that no table fills may hold a row into which the answer of any of them was written.
    anywhere = {column for variable, column in read if variable not in {result for _, result in called}}
    for name, table in _all_tables(package):
        here = anywhere | {column for variable, column in read if (name, variable) in called}
        for place, column in enumerate(table.columns):
            answers = (getattr(rule.cells[place], "value", None) for rule in table.rules if column.name in here)
            texts = dict.fromkeys(text for text in answers if isinstance(text, str) and _WORD.search(text))
            yield from (Wording(table="texts", names=(text,), written=text) for text in texts)


def _all_tables(package: Package) -> Iterator[tuple[str, Table]]:
    for name, model in package.decisions.items():
        table = model.decisions[name].table
        if table is not None:
            yield name, table


def _of_expressions(package: Package) -> Iterator[Wording]:
    found = [field for form in package.forms.values() for field in _fields(form, form.fields)]
    said = [text for diagram in package.diagrams.values() for text in _said(diagram)]
    explained = [text for field in found for text in (field.hint, field.text) if not text.startswith("=")]
    warned = [text for field in found for text in field.limits.sentences]
    written = (text for text in (*said, *explained, *warned) if _WORD.search(text))
    yield from (Wording(table="texts", names=(text,), written=text) for text in written)


def _said(diagram: Diagram) -> Iterator[str]:
    """What stands in a diagram for people to read, in tasks, messages and notices.

    These are whole texts, the words of what a task says, and the string literals of what messages and notices carry.
    """
    for element, raw in ((each, raw) for each in diagram.elements.values() for raw in _sayings(each)):
        text = raw.strip()
        if not text.startswith("="):
            yield raw
            continue
        # What is wrong with an expression is a problem of the diagram, and told there.
        with suppress(feel.FeelError):
            expression = feel.parse(text[1:])
            yield from feel.mark_words(expression).words if element.kind == "userTask" else feel.literals_of(expression.tree)


def values_like_words(task: Element) -> list[str]:
    """Return what looks like words in the sayings of a task and is looked at there, so that no language exchanges it."""
    found: list[str] = []
    for raw in (task.properties.get(name, "").strip() for name in SAID):
        if raw.startswith("="):
            with suppress(feel.FeelError):  # told as a problem of the diagram
                worded = feel.mark_words(feel.parse(raw[1:]))
                found += [text for text in feel.literals_of(worded.expression.tree) if _WORD.search(text)]
    return list(dict.fromkeys(found))


def _sayings(element: Element) -> Iterator[str]:
    if element.kind == "userTask":
        yield from (element.properties.get(name, "") for name in SAID)
    yield element.properties.get(ASK_NOTE, "")
    yield from (source for source, target in element.inputs if target == FACTS)


def _all_fields(package: Package) -> list[Field]:
    return [field for form in package.forms.values() for field in _fields(form, form.fields)]


def _fields(form: Form, fields: tuple[Field, ...]) -> Iterator[Field]:
    for field in fields:
        yield field
        yield from _fields(form, field.fields)
