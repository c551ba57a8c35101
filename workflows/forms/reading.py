"""Reading form-js schemas: what cannot be asked or checked here is refused by name."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from workflows import feel
from workflows.errors import Problem, Refused
from workflows.forms.components import Component
from workflows.forms.fields import BOX_KINDS, LEAF_KINDS, PASTES, STATIC_KINDS, WHOLE_LINE, Field, FileLimits, Limits, asked
from workflows.forms.form import Form
from workflows.forms.ruling import read_rules, read_sayings

_MOST_BYTES = 1_000_000
_MOST_DEPTH = 8
_MOST_ROWS = 500
_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
# Names with a meaning in the variables of a case and inside the rows of a list.
_RESERVED = frozenset({"case", "options", "this", "parent", "i", "loopCounter"})
_KINDS = LEAF_KINDS | BOX_KINDS | STATIC_KINDS


class FormRefused(Refused):
    """The form cannot be used as it is."""


def read_form(data: bytes, *, name: str) -> Form:
    """Read a form in the JSON that the form-js editor writes.

    Args:
        name: The file, for people to find it again.

    Raises:
        FormRefused: With every problem found.
    """
    schema = _load(data, name)
    problems: list[Problem] = []
    identity = schema.get("id")
    if not isinstance(identity, str) or not identity:
        problems.append(Problem(where=name, sentence="The form has no id.", way_out="Give it one, such as F-TSC-01."))
        identity = ""
    fields = _read_components(schema.get("components"), problems, where=name, depth=1)
    _check_keys(fields, "", problems)
    steps = _read_steps(schema, fields, name, problems)
    if problems:
        raise FormRefused(problems)
    return Form(id=identity, name=name, fields=fields, steps=steps)


def _load(data: bytes, name: str) -> Mapping[str, Any]:
    sentence = "This is not a form: it is not a JSON object."
    try:
        schema = json.loads(data) if len(data) <= _MOST_BYTES else None
    except (ValueError, RecursionError) as error:
        raise FormRefused([Problem(where=name, sentence=sentence)]) from error
    if not isinstance(schema, dict):
        raise FormRefused([Problem(where=name, sentence=sentence)])
    return schema


def _read_components(listed: Any, problems: list[Problem], *, where: str, depth: int) -> tuple[Field, ...]:
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        problems.append(Problem(where=where, sentence="The components must be a list."))
        return ()
    if depth > _MOST_DEPTH:
        problems.append(Problem(where=where, sentence="The form nests its groups too deep."))
        return ()
    return tuple(_read_field(Component(schema=each, where=where, problems=problems), depth) for each in listed)


def _read_field(component: Component, depth: int) -> Field:
    kind = component.text("type")
    if kind not in _KINDS:
        way_out = "Remove it, or use one of these: {known}."
        component.report("{kind} is not supported in forms.", way_out, kind=kind, known=", ".join(sorted(_KINDS)))
    key = component.text("path" if kind in BOX_KINDS else "key") if kind not in STATIC_KINDS else ""
    _check_key(component, kind, key)
    _check_paste(component, kind)
    _check_shows(component)
    inner: tuple[Field, ...] = ()
    if kind in BOX_KINDS:
        inner = _read_components(
            component.schema.get("components", []), component.problems, where=component.place, depth=depth + 1
        )
    return Field(
        kind=kind,
        id=component.text("id"),
        key=key,
        label=component.label(key),
        description=component.text("description"),
        hint=component.properties.get("hint", ""),
        subtype=_read_subtype(component) if kind == "datetime" else "",
        text=component.static_text("text"),
        zone=component.static_text("zone", component.properties),
        default=component.schema.get("defaultValue"),
        hide=component.hide(),
        locked=component.locked(),
        limits=_read_limits(component),
        choices=component.choices(kind),
        files=_read_files(component) if kind == "filepicker" else None,
        step=component.properties.get("step", "") if kind == "group" else "",
        rows=_read_rows(component) if kind == "dynamiclist" else (0, 0, 0),
        columns=_read_columns(component),
        properties=component.properties,
        fields=inner,
    )


def _check_key(component: Component, kind: str, key: str) -> None:
    if kind in STATIC_KINDS or (kind == "group" and not key):
        return
    if not _KEY.fullmatch(key):
        way_out = "Use letters, digits and underscores; for nested answers, a group with a path."
        component.report("The key {key} cannot be used.", way_out, key=key or "(none)")
    elif key in _RESERVED:
        component.report("The key {key} has a meaning of its own.", "Choose another one.", key=key)


def _check_shows(component: Component) -> None:
    try:
        feel.parse(component.properties.get("shows", "null").removeprefix("="))
    except feel.FeelError as error:
        component.report("The property shows cannot be read. {reason}", reason=str(error))


def _check_paste(component: Component, kind: str) -> None:
    paste = component.properties.get("paste", "")
    if paste and (kind != "dynamiclist" or paste not in PASTES):
        way_out = "Only a list can have the property paste; its value is one of: {known}."
        component.report("Nothing can be pasted here as {paste}.", way_out, paste=paste, known=", ".join(sorted(PASTES)))


def _check_keys(fields: tuple[Field, ...], where: str, problems: list[Problem]) -> None:
    for key, times in Counter(field.key for field in asked(fields)).items():
        if times > 1:
            place = f"{where}.{key}" if where else key
            problems.append(Problem(where=place, sentence="Two fields have the key {key}.", facts={"key": key}))
    for field in asked(fields):
        _check_keys(field.fields, f"{where}.{field.key}" if where else field.key, problems)


def _read_subtype(component: Component) -> str:
    subtype = component.text("subtype") or "date"
    if subtype not in {"date", "time", "datetime"}:
        component.report("{kind} is no kind of date or time.", "Use date, time or datetime.", kind=subtype)
        return "date"
    return subtype


def _read_limits(component: Component) -> Limits:
    properties = component.properties
    text_format = component.text("validationType", component.validate)
    if properties.get("phone"):
        text_format = "phone"
    pattern = component.pattern()
    required_if = properties.get("required_if", "")
    return Limits(
        required=component.condition(required_if) or False if required_if else component.validate.get("required") is True,
        least=component.limit("min"),
        most=component.limit("max"),
        least_length=component.limit("minLength"),
        most_length=component.longest(pattern),
        pattern=pattern,
        pattern_sentence=properties.get("pattern_text", ""),
        text_format=text_format if text_format in {"email", "phone"} else "",
        not_past=properties.get("not_past") == "true" or component.schema.get("disallowPassedDates") is True,
        decimals=component.whole("decimalDigits", component.schema),
        rules=read_rules(component),
        sayings=read_sayings(component),
    )


def _read_files(component: Component) -> FileLimits:
    accept = tuple(each.strip().lower() for each in component.text("accept").split(",") if each.strip())
    several = component.schema.get("multiple") is True
    most_files = component.whole("maxFiles", component.properties)
    return FileLimits(
        accept=accept,
        most_files=(most_files or (20 if several else 1)) if several or most_files else 1,
        most_bytes=component.size("maxSize"),
    )


def _read_rows(component: Component) -> tuple[int, int, int]:
    least = component.whole("minItems", component.properties) or 0
    most = component.whole("maxItems", component.properties)
    shown = component.whole("defaultRepetitions", component.schema)
    most = _MOST_ROWS if most is None else min(most, _MOST_ROWS)
    if least > most:
        component.report("The list asks for {least} entries or more, but allows only {most}.", least=least, most=most)
    return least, most, max(least, 1 if shown is None else min(shown, most))


def _read_columns(component: Component) -> int:
    """Read how wide a component is drawn; the editor leaves the number out where it takes what is free."""
    layout = component.schema.get("layout")
    columns = component.whole("columns", layout) if isinstance(layout, dict) else None
    return WHOLE_LINE if columns is None else max(1, min(columns, WHOLE_LINE))


def _read_steps(schema: Mapping[str, Any], fields: tuple[Field, ...], name: str, problems: list[Problem]) -> tuple[str, ...]:
    """Read the order of pages; in a stepwise form every question lies on a page."""
    found = dict.fromkeys(field.step for field in fields if field.step)
    loose = [field for field in fields if not field.step and (field.key or field.kind == "group")]
    if found and loose:
        sentence = "{label} lies outside the pages of this stepwise form."
        facts = {"label": loose[0].label}
        problems.append(Problem(where=name, sentence=sentence, way_out="Move it into a group with a step.", facts=facts))
    properties = schema.get("properties")
    listed = str(properties.get("steps", "")) if isinstance(properties, dict) else ""
    steps = tuple(step.strip() for step in listed.split(",") if step.strip())
    problems += [
        Problem(where=name, sentence="No group makes the page {step}.", facts={"step": step})
        for step in steps
        if step not in found
    ]
    return steps
