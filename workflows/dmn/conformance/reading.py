"""Reading test cases: what is given, what is asked, what is expected."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from workflows.dmn.tags import local_name
from workflows.feel import Type, iso
from workflows.feel.numbers import read_number

_INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Untyped:
    """A value written without its type; what it is asked to be tells what it is."""

    text: str

    def resolve(self, wanted: Type | None) -> Any:
        """Return the first reading that a type allows: number, boolean, temporal value, text."""
        readings = (_READERS[kind](self.text) for kind in ("decimal", "boolean", "temporal"))
        for reading in (*readings, self.text):
            if reading is not None and (wanted is None or wanted.fit(reading)[0]):
                return reading
        return self.text


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """What is asked and what should come out; with `error`, nothing should."""

    name: str
    expected: Any
    error: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Given:
    """A value that the case brings along; `namespace` says which model's, where two have the same name."""

    name: str
    namespace: str
    value: Any


@dataclass(frozen=True, kw_only=True, slots=True)
class TestCase:
    """One case of a file.

    Attributes:
        kind: What is asked: "decision", "decisionService" or "bkm".
        invocable: For the last two, its name.
    """

    __test__ = False  # pytest would take the name for one of its own

    id: str
    kind: str
    invocable: str
    given: tuple[Given, ...]
    results: tuple[Result, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class TestFile:
    """A file of cases and the model that they are about."""

    __test__ = False

    model: str
    cases: tuple[TestCase, ...]


def read_cases(root: etree._Element) -> TestFile:
    """Read a testCases element."""
    model = next((each.text or "" for each in root if local_name(each) == "modelName"), "")
    return TestFile(model=model.strip(), cases=tuple(_case(each) for each in root if local_name(each) == "testCase"))


def _case(element: etree._Element) -> TestCase:
    return TestCase(
        id=element.get("id", ""),
        kind=element.get("type", "decision"),
        invocable=element.get("invocableName", ""),
        given=tuple(
            Given(name=each.get("name", ""), namespace=each.get("namespace", ""), value=read_value(each))
            for each in element
            if local_name(each) == "inputNode"
        ),
        results=tuple(_result(each) for each in element if local_name(each) == "resultNode"),
    )


def _result(element: etree._Element) -> Result:
    expected = next((each for each in element if local_name(each) == "expected"), None)
    return Result(
        name=element.get("name", ""),
        expected=None if expected is None else read_value(expected),
        error=element.get("errorResult") in ("true", "1"),
    )


def read_value(element: etree._Element) -> Any:
    """Read what stands inside an element: one value, components, or a list."""
    parts = [each for each in element if local_name(each) in ("value", "component", "list")]
    if not parts or element.get(f"{_INSTANCE}nil") == "true":
        return None
    first = parts[0]
    if local_name(first) == "value":
        return _simple(first)
    if local_name(first) == "component":
        return {each.get("name", ""): read_value(each) for each in parts}
    if first.get(f"{_INSTANCE}nil") == "true":
        return None
    return [read_value(each) for each in first if local_name(each) == "item"]


def _simple(element: etree._Element) -> Any:
    if element.get(f"{_INSTANCE}nil") == "true":
        return None
    text = element.text or ""
    kind = element.get(f"{_INSTANCE}type", "").rpartition(":")[2]
    return _READERS[kind](text) if kind in _READERS else Untyped(text=text)


def _boolean(text: str) -> bool | None:
    return {"true": True, "1": True, "false": False, "0": False}.get(text.strip()) if text.strip() in _BOOLEANS else None


_BOOLEANS = frozenset({"true", "false", "1", "0"})


def _temporal(read: Callable[[str], Any]) -> Callable[[str], Any]:
    return lambda text: read(text.strip())


_READERS: Mapping[str, Callable[[str], Any]] = {
    "string": lambda text: text,
    "boolean": _boolean,
    "date": _temporal(iso.read_date),
    "time": _temporal(iso.read_time),
    "dateTime": _temporal(iso.read_date_time),
    "duration": _temporal(iso.read_duration),
    "dayTimeDuration": _temporal(iso.read_duration),
    "yearMonthDuration": _temporal(iso.read_duration),
    "temporal": _temporal(iso.read_any),
    **dict.fromkeys(
        ("decimal", "double", "float", "integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger"),
        lambda text: read_number(text.strip()),
    ),
}
