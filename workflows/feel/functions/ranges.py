"""Built-in functions that compare points and ranges, as Allen's interval algebra has them; and `range`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflows.feel import iso
from workflows.feel.comparing import order
from workflows.feel.errors import FeelError
from workflows.feel.functions.registry import Registry
from workflows.feel.lexer import END, NAME, NUMBER, STRING, Token, tokenize
from workflows.feel.values import NoAnswerError, Range, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from workflows.feel.limits import Run

    Relation = Callable[[Range, Range], bool]

FUNCTIONS = Registry()


class NoOrderError(NoAnswerError):
    """Two ends of ranges cannot be compared, so neither can the ranges."""


def _order(left: Any, right: Any) -> int:
    found = order(left, right)
    if found is None:
        raise NoOrderError
    return found


def _as_range(value: Any) -> Range:
    """A point is the range from itself to itself."""
    return value if type(value) is Range else Range(start=value, end=value, start_included=True, end_included=True)


def _ends_before(first: Range, second: Range) -> bool:
    """All of the first lies before all of the second."""
    found = _order(first.end, second.start)
    return found < 0 or (found == 0 and not (first.end_included and second.start_included))


def _same_start(first: Range, second: Range) -> bool:
    return _order(first.start, second.start) == 0 and first.start_included == second.start_included


def _same_end(first: Range, second: Range) -> bool:
    return _order(first.end, second.end) == 0 and first.end_included == second.end_included


def _starts_no_earlier(inner: Range, outer: Range) -> bool:
    found = _order(inner.start, outer.start)
    return found > 0 or (found == 0 and (outer.start_included or not inner.start_included))


def _ends_no_later(inner: Range, outer: Range) -> bool:
    found = _order(inner.end, outer.end)
    return found < 0 or (found == 0 and (outer.end_included or not inner.end_included))


def _before(first: Range, second: Range) -> bool:
    return _ends_before(first, second)


def _meets(first: Range, second: Range) -> bool:
    return first.end_included and second.start_included and _order(first.end, second.start) == 0


def _overlaps(first: Range, second: Range) -> bool:
    return not _ends_before(first, second) and not _ends_before(second, first)


def _overlaps_before(first: Range, second: Range) -> bool:
    starts = _order(first.start, second.start)
    begins_earlier = starts < 0 or (starts == 0 and first.start_included and not second.start_included)
    ends = _order(first.end, second.end)
    ends_earlier = ends < 0 or (ends == 0 and (not first.end_included or second.end_included))
    return begins_earlier and ends_earlier and _overlaps(first, second)


def _overlaps_after(first: Range, second: Range) -> bool:
    ends = _order(first.end, second.end)
    ends_later = ends > 0 or (ends == 0 and first.end_included and not second.end_included)
    starts = _order(first.start, second.start)
    begins_later = starts > 0 or (starts == 0 and (not first.start_included or second.start_included))
    return begins_later and ends_later and _overlaps(first, second)


def _finishes(first: Range, second: Range) -> bool:
    return _same_end(first, second) and _starts_no_earlier(first, second)


def _includes(first: Range, second: Range) -> bool:
    return _starts_no_earlier(second, first) and _ends_no_later(second, first)


def _starts(first: Range, second: Range) -> bool:
    return _same_start(first, second) and _ends_no_later(first, second)


def _coincides(first: Range, second: Range) -> bool:
    return _same_start(first, second) and _same_end(first, second)


def _swapped(relation: Relation) -> Relation:
    return lambda first, second: relation(second, first)


_POINTS_OR_RANGES = ("point1, point2", "point, range", "range, point", "range1, range2")
_RANGES = ("range1, range2",)
_POINT_IN_RANGE = ("point, range", "range1, range2")
_RANGE_WITH_POINT = ("range, point", "range1, range2")
_SAME_KIND = ("point1, point2", "range1, range2")


def _declare(name: str, relation: Relation, forms: tuple[str, ...]) -> None:
    def body(_run: Run, first: Any, second: Any) -> bool | None:
        return relation(_as_range(first), _as_range(second))

    def fitting(form: str) -> Callable[[Run, Any, Any], bool | None]:
        wanted = tuple(part.startswith("range") for part in form.split(", "))
        return lambda run, first, second: body(run, first, second) if _fits(wanted, first, second) else None

    checks = [tuple(part.startswith("range") for part in form.split(", ")) for form in forms]

    def check(run: Run, first: Any, second: Any) -> bool | None:
        return body(run, first, second) if any(_fits(wanted, first, second) for wanted in checks) else None

    FUNCTIONS.builtin(f"{name}({forms[0]})")(check)
    for form in forms[1:]:
        FUNCTIONS.builtin(f"{name}({form})")(fitting(form))


def _fits(wanted: tuple[bool, ...], first: Any, second: Any) -> bool:
    return first is not None and second is not None and wanted == (type(first) is Range, type(second) is Range)


_declare("before", _before, _POINTS_OR_RANGES)
_declare("after", _swapped(_before), _POINTS_OR_RANGES)
_declare("meets", _meets, _RANGES)
_declare("met by", _swapped(_meets), _RANGES)
_declare("overlaps", _overlaps, _RANGES)
_declare("overlaps before", _overlaps_before, _RANGES)
_declare("overlaps after", _overlaps_after, _RANGES)
_declare("finishes", _finishes, _POINT_IN_RANGE)
_declare("finished by", _swapped(_finishes), _RANGE_WITH_POINT)
_declare("includes", _includes, _RANGE_WITH_POINT)
_declare("during", _swapped(_includes), _POINT_IN_RANGE)
_declare("starts", _starts, _POINT_IN_RANGE)
_declare("started by", _swapped(_starts), _RANGE_WITH_POINT)
_declare("coincides", _coincides, _SAME_KIND)


@FUNCTIONS.builtin("range(from: string)")
def range_of(_run: Run, text: str) -> Range | None:
    """Read a range such as `[1..3]`, whose ends are literals of one kind, in order."""
    try:
        tokens = tokenize(text)
    except FeelError:
        return None
    dots = next((place for place, token in enumerate(tokens) if token.text == ".."), 0)
    opening, closing = tokens[0].text, tokens[-2].text if len(tokens) > 1 else ""
    if not dots or opening not in ("[", "(", "]") or closing not in ("]", ")", "["):
        return None
    start, end = _end_of(tokens[1:dots]), _end_of(tokens[dots + 1 : -2])
    if start is None or end is None or kind_of(start) != kind_of(end) or order(start, end) not in (-1, 0):
        return None
    return Range(start=start, end=end, start_included=opening == "[", end_included=closing == "]")


_MAKERS: dict[str, Callable[[str], Any]] = {
    "@": iso.read_any,
    "date": iso.read_date,
    "time": iso.read_time,
    "date and time": iso.read_date_time,
    "duration": iso.read_duration,
}


def _end_of(tokens: list[Token]) -> Any:
    """Read a literal: a number, a text, `@"…"` or `date("…")`; None for anything else."""
    kinds = [token.kind for token in tokens if token.kind != END]
    if kinds in ([NUMBER], [STRING]):
        return tokens[0].value
    if kinds[1:] == [NUMBER] and tokens[0].text == "-":
        return -tokens[1].value
    words = " ".join(token.text for token in tokens if token.kind == NAME or token.text == "@")
    texts = [token.value for token in tokens if token.kind == STRING]
    others = "".join(token.text for token in tokens if token.kind not in (NAME, STRING) and token.text != "@")
    maker = _MAKERS.get(words)
    if maker is None or len(texts) != 1 or others != ("" if words == "@" else "()"):
        return None
    return maker(texts[0])
