"""Changing a form without a drawing: its components as a list, in the order in which they are asked."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from workflows.errors import SafeconductError
from workflows.forms.fields import BOX_KINDS, CHOICE_KINDS, LEAF_KINDS

#: Kinds of components that can be added.
KINDS = (*sorted(LEAF_KINDS), "group", "text")
EARLIER, LATER = -1, 1


class FormUnreadable(SafeconductError):
    """This form cannot be read: it is no form as the form editor writes it."""


class ComponentGone(SafeconductError):
    """This component is not there any more. Load the page again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A component as the outline shows it.

    Attributes:
        path: Where it stands, as "0.2": the third component in the first.
        label: What people read; of a text the text itself.
        options: One per line as "VALUE = Label"; None where the component has none of its own.
        required: Whether it has to be answered; None where that is not asked.
    """

    path: str
    kind: str
    key: str
    label: str
    hint: str
    options: str | None
    required: bool | None
    depth: int


class FormSheet:
    """A form file under change."""

    def __init__(self, data: bytes) -> None:
        """Read the file.

        Raises:
            FormUnreadable: It is no form.
        """
        try:
            self.schema = json.loads(data)
        except ValueError as error:
            raise FormUnreadable from error
        if not isinstance(self.schema, dict) or not isinstance(self.schema.get("components", []), list):
            raise FormUnreadable
        self._before = copy.deepcopy(self.schema)
        self._data = data

    def write(self) -> bytes:
        """Write the file; as it was when nothing was changed."""
        if self.schema == self._before:
            return self._data
        return json.dumps(self.schema, indent=2, ensure_ascii=False).encode() + b"\n"

    def lines(self) -> list[Line]:
        """List the components in their order."""
        return list(_lines(self.schema.get("components", []), ""))

    def describe(self, path: str, *, label: str, key: str, hint: str, options: str | None, required: bool) -> None:
        """Say what a component asks.

        Raises:
            ComponentGone: There is none at this place.
        """
        found = self._find(path)
        kind = str(found.get("type", ""))
        _put(found, "text" if kind == "text" else "label", label)
        if kind == "datetime":
            _put(found, "dateLabel", label)
        if kind in LEAF_KINDS:
            _put(found, "key", key)
            _put(found.setdefault("properties", {}), "hint", hint)
            if not found["properties"]:
                del found["properties"]
            _require(found, required=required)
        if options is not None and kind in CHOICE_KINDS and "values" in found:
            known = {str(each.get("value")): each for each in found["values"] if isinstance(each, dict)}
            found["values"] = [{**known.get(each["value"], {}), **_said(each, known)} for each in _options(options)]

    def add(self, after: str, *, kind: str, key: str, label: str) -> str:
        """Add a component behind another one, or at the end for an empty place; answers where it stands."""
        new: dict[str, Any] = {"type": kind, "id": f"field_{_count(self.schema) + 1}"}
        new["text" if kind == "text" else "label"] = label
        if kind in LEAF_KINDS:
            new["key"] = key
        if kind == "datetime":
            new |= {"dateLabel": label, "subtype": "date"}
        if kind in CHOICE_KINDS:
            new["values"] = [{"value": "YES", "label": "Yes"}, {"value": "NO", "label": "No"}]
        if kind in BOX_KINDS:
            new["components"] = []
        siblings, at = self._place(after) if after else (self.schema.setdefault("components", []), -1)
        at = at + 1 if after else len(siblings)
        siblings.insert(at, new)
        around, _, _ = after.rpartition(".")
        return f"{around}.{at}" if around else str(at)

    def remove(self, path: str) -> None:
        """Take a component out, with everything in it."""
        siblings, at = self._place(path)
        del siblings[at]

    def move(self, path: str, by: int) -> str:
        """Move a component before or behind its neighbour; answers where it stands then."""
        siblings, at = self._place(path)
        to = min(max(at + by, 0), len(siblings) - 1)
        siblings.insert(to, siblings.pop(at))
        around, _, _ = path.rpartition(".")
        return f"{around}.{to}" if around else str(to)

    def _find(self, path: str) -> dict[str, Any]:
        siblings, at = self._place(path)
        found: dict[str, Any] = siblings[at]
        return found

    def _place(self, path: str) -> tuple[list[Any], int]:
        siblings: Any = self.schema.get("components", [])
        steps = path.split(".")
        try:
            for step in steps[:-1]:
                siblings = siblings[int(step)]["components"]
            if not isinstance(siblings[int(steps[-1])], dict) or int(steps[-1]) < 0:
                raise ComponentGone
        except (ValueError, IndexError, KeyError, TypeError) as error:
            raise ComponentGone from error
        return siblings, int(steps[-1])


def _lines(components: Sequence[Any], around: str, depth: int = 0) -> Iterator[Line]:
    for number, each in enumerate(components):
        if not isinstance(each, dict):
            continue
        path = f"{around}.{number}" if around else str(number)
        kind = str(each.get("type", ""))
        validate, properties = each.get("validate") or {}, each.get("properties") or {}
        yield Line(
            path=path,
            kind=kind,
            key=str(each.get("key") or ""),
            label=str(each.get("text" if kind == "text" else "label") or ""),
            hint=str(properties.get("hint") or ""),
            options=_say_options(each) if kind in CHOICE_KINDS and "values" in each else None,
            required=bool(validate.get("required")) if kind in LEAF_KINDS else None,
            depth=depth,
        )
        inner = each.get("components")
        if isinstance(inner, list):
            yield from _lines(inner, path, depth + 1)


def _say_options(component: dict[str, Any]) -> str:
    return "\n".join(
        f"{each.get('value', '')} = {each.get('label', '')}" for each in component["values"] if isinstance(each, dict)
    )


def _options(text: str) -> Iterator[dict[str, str]]:
    for line in text.splitlines():
        value, _, label = line.partition("=")
        if value.strip():
            yield {"value": value.strip(), "label": label.strip() or value.strip()}


def _said(option: dict[str, str], known: dict[str, dict[str, Any]]) -> dict[str, str]:
    """What is written of an option; the value of a known one stays as it is, which may be a number."""
    return {"label": option["label"]} if option["value"] in known else option


def _put(holder: dict[str, Any], name: str, text: str) -> None:
    if text:
        holder[name] = text
    else:
        holder.pop(name, None)


def _require(component: dict[str, Any], *, required: bool) -> None:
    validate = component.setdefault("validate", {})
    if required:
        validate["required"] = True
    else:
        validate.pop("required", None)
    if not validate:
        del component["validate"]


def _count(schema: dict[str, Any]) -> int:
    return len(list(_lines(schema.get("components", []), "")))
