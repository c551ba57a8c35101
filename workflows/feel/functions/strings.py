"""Built-in functions on texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflows.feel.conversion import text_of_value
from workflows.feel.functions.registry import Registry
from workflows.feel.numbers import Number, truncated
from workflows.feel.patterns import Pattern, compile_pattern, find_all, search
from workflows.feel.values import adopt

if TYPE_CHECKING:
    from workflows.feel.limits import Run

FUNCTIONS = Registry()
_DIGITS = frozenset("0123456789")
_PATTERN_COST = 5  # steps


@FUNCTIONS.builtin("substring(string: string, start position: number, length?: number)")
def substring(run: Run, text: str, start: Number, length: Number | None = None) -> str | None:
    """Cut out a part; places count from 1, or from the end with a negative one."""
    first = truncated(start)
    count = None if length is None else truncated(length)
    if not first or abs(first) > len(text) or (length is not None and (count is None or count < 1)):
        return None
    begin = first - 1 if first > 0 else len(text) + first
    run.charge_string(len(text))
    return text[begin:] if count is None else text[begin : begin + count]


@FUNCTIONS.builtin("string length(string: string)")
def string_length(_run: Run, text: str) -> int:
    """Count the characters."""
    return len(text)


@FUNCTIONS.builtin("upper case(string: string)")
def upper_case(run: Run, text: str) -> str:
    """Write in capitals."""
    run.charge_string(2 * len(text))
    return text.upper()


@FUNCTIONS.builtin("lower case(string: string)")
def lower_case(run: Run, text: str) -> str:
    """Write in small letters."""
    run.charge_string(2 * len(text))
    return text.lower()


@FUNCTIONS.builtin("trim(string: string)")
def trim(run: Run, text: str) -> str:
    """Leave out the blanks at both ends."""
    run.charge_string(len(text))
    return text.strip()


@FUNCTIONS.builtin("is blank(string: string)")
def is_blank(_run: Run, text: str) -> bool:
    """Tell whether there is nothing but blanks."""
    return not text.strip()


@FUNCTIONS.builtin("substring before(string: string, match: string)")
def substring_before(run: Run, text: str, match: str) -> str:
    """What stands before the first occurrence; empty if there is none."""
    run.charge_string(len(text))
    before, found, _ = text.partition(match) if match else ("", "", text)
    return before if found else ""


@FUNCTIONS.builtin("substring after(string: string, match: string)")
def substring_after(run: Run, text: str, match: str) -> str:
    """What stands after the first occurrence; empty if there is none."""
    run.charge_string(len(text))
    return text.partition(match)[2] if match else text


@FUNCTIONS.builtin("contains(string: string, match: string)")
def contains(run: Run, text: str, match: str) -> bool:
    """Tell whether a text occurs in another."""
    run.charge_string(len(text))
    return match in text


@FUNCTIONS.builtin("starts with(string: string, match: string)")
def starts_with(_run: Run, text: str, match: str) -> bool:
    """Tell whether a text begins another."""
    return text.startswith(match)


@FUNCTIONS.builtin("ends with(string: string, match: string)")
def ends_with(_run: Run, text: str, match: str) -> bool:
    """Tell whether a text ends another."""
    return text.endswith(match)


def _pattern(run: Run, pattern: str, flags: str | None) -> Pattern | None:
    """Compile a pattern; it is paid for each time, because nobody knows whether it is still remembered."""
    if len(pattern) > run.limits.pattern_chars:
        return None
    run.charge(_PATTERN_COST + len(pattern))
    compiled = compile_pattern(pattern, flags or "")
    run.charge(len(compiled.program))
    return compiled


@FUNCTIONS.builtin("matches(input: string, pattern: string, flags?: string|Null)")
def matches(run: Run, text: str, pattern: str, flags: str | None = None) -> bool | None:
    """Tell whether a regular expression occurs in a text."""
    compiled = _pattern(run, pattern, flags)
    return None if compiled is None else search(compiled, text, 0, run) is not None


@FUNCTIONS.builtin("replace(input: string, pattern: string, replacement: string, flags?: string|Null)")
def replace(run: Run, text: str, pattern: str, replacement: str, flags: str | None = None) -> str | None:
    """Replace every occurrence of a regular expression; `$1` stands for its first group."""
    compiled = _pattern(run, pattern, flags)
    if compiled is None or search(compiled, "", 0, run) is not None:
        return None
    parts = _replacement_parts(replacement, compiled.groups) if "q" not in (flags or "") else [replacement]
    if parts is None:
        return None
    pieces: list[str] = []
    place = 0
    for found in find_all(compiled, text, run):
        pieces.append(text[place : found[0]])
        pieces.extend(part if isinstance(part, str) else _group(text, found, part) for part in parts)
        place = found[1] or 0
        run.charge(len(parts))
    pieces.append(text[place:])
    run.charge_string(sum(map(len, pieces)))
    return "".join(pieces)


def _group(text: str, found: tuple[int | None, ...], number: int) -> str:
    """What a group captured; nothing if the match went around it."""
    begin, end = found[2 * number], found[2 * number + 1]
    return "" if begin is None or end is None else text[begin:end]


def _replacement_parts(replacement: str, groups: int) -> list[str | int] | None:
    r"""Cut a replacement into texts and group numbers; None if a \ or $ stands alone."""
    parts: list[str | int] = []
    place = 0
    while place < len(replacement):
        letter, following = replacement[place], replacement[place + 1 : place + 2]
        if letter == "\\":
            if following not in ("\\", "$"):
                return None
            parts.append(following)
            place += 2
        elif letter == "$":
            end = _group_end(replacement, place + 1, groups)
            if end == place + 1:
                return None
            number = int(replacement[place + 1 : end])
            parts.append(number if number <= groups else "")
            place = end
        else:
            parts.append(letter)
            place += 1
    return parts


def _group_end(replacement: str, start: int, groups: int) -> int:
    """A group's number takes as many digits as there are groups for."""
    end = start
    while replacement[end : end + 1] in _DIGITS and (end == start or int(replacement[start : end + 1]) <= groups):
        end += 1
    return end


@FUNCTIONS.builtin("split(string: string, delimiter: string)")
def split(run: Run, text: str, delimiter: str) -> list[str] | None:
    """Cut a text wherever a regular expression occurs."""
    compiled = _pattern(run, delimiter, None)
    if compiled is None:
        return None
    pieces = []
    place = 0
    for found in find_all(compiled, text, run):
        pieces.append(text[place : found[0]])
        place = found[1] or 0
    pieces.append(text[place:])
    run.charge_list(len(pieces))
    run.charge_string(len(text))
    return pieces


@FUNCTIONS.builtin(
    "string join(list: list, delimiter?: string|Null)",
    "string join(list: list, delimiter: string|Null, prefix: string|Null, suffix: string|Null)",
)
def string_join(
    run: Run, entries: list[Any], delimiter: str | None = None, prefix: str | None = None, suffix: str | None = None
) -> str | None:
    """Join texts; null entries are left out."""
    texts = [adopt(entry) for entry in entries if entry is not None]
    if not all(type(text) is str for text in texts):
        return None
    mark = delimiter or ""
    run.charge(len(texts))
    run.charge_string(sum(map(len, texts)) + len(mark) * len(texts))
    return f"{prefix or ''}{mark.join(texts)}{suffix or ''}"


@FUNCTIONS.builtin("string(from: any)")
def string(run: Run, value: Any) -> str | None:
    """Write a value as text."""
    if value is None:
        return None
    text = text_of_value(value, run)
    run.charge_string(len(text))
    return text
