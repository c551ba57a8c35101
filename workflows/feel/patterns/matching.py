"""Runs a compiled pattern over a text, following all ways at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflows.feel.patterns.program import CHAR, DONE, END, JUMP, SAME, SAVE, SPLIT, START, Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workflows.feel.limits import Run

    Captures = tuple[int | None, ...]
    Threads = list[tuple[int, Captures]]
    States = list[tuple[int, int, Captures]]

_STEPS_PER_TRY = 3


def search(pattern: Pattern, text: str, start: int, run: Run) -> Captures | None:
    """Return where the first match begins and ends, and its groups do likewise; None if there is none."""
    if pattern.tries:
        return _search_by_trying(pattern, text, start, run)
    found: Captures | None = None
    empty: Captures = (None,) * (2 * pattern.groups + 2)
    threads: Threads = []
    for place in range(start, len(text) + 1):
        marks: set[int] = set()
        alive: Threads = []
        for at, captures in threads:
            _follow(pattern, (at, captures), (text, place), marks, alive)
        if found is None:
            _follow(pattern, (0, empty), (text, place), marks, alive)
        run.charge(1 + len(marks))
        threads, ended = _step(pattern, alive, text[place : place + 1])
        found = ended or found
        if found is not None and not threads:
            break
    return found


def _follow(pattern: Pattern, start: tuple[int, Captures], where: tuple[str, int], marks: set[int], alive: Threads) -> None:
    """Add every instruction that can be reached without reading a letter, the preferred ones first."""
    waiting = [start]
    program, place = pattern.program, where[1]
    while waiting:
        at, captured = waiting.pop()
        if at in marks:
            continue
        marks.add(at)
        instruction = program[at]
        code = instruction[0]
        if code == JUMP:
            waiting.append((instruction[1], captured))
        elif code == SPLIT:
            waiting.append((instruction[2], captured))
            waiting.append((instruction[1], captured))
        elif code == SAVE:
            slot = instruction[1]
            waiting.append((at + 1, (*captured[:slot], place, *captured[slot + 1 :])))
        elif code in (CHAR, DONE):
            alive.append((at, captured))
        elif _holds(code, pattern, where):
            waiting.append((at + 1, captured))


def _holds(code: int, pattern: Pattern, where: tuple[str, int]) -> bool:
    text, place = where
    if code == START:
        return place == 0 or (pattern.multiline and text[place - 1] == "\n")
    return code == END and (place == len(text) or (pattern.multiline and text[place] == "\n"))


def _step(pattern: Pattern, alive: Threads, letter: str) -> tuple[Threads, Captures | None]:
    """Read one letter: those that accept it go on; the first that is done ends all that are less preferred."""
    threads: Threads = []
    for at, captures in alive:
        instruction: tuple[Any, ...] = pattern.program[at]
        if instruction[0] == DONE:
            return threads, captures
        if letter and instruction[1](letter):
            threads.append((at + 1, captures))
    return threads, None


def _search_by_trying(pattern: Pattern, text: str, start: int, run: Run) -> Captures | None:
    """Try one way after the other, as a reference back to a group asks; every try costs a step."""
    for begin in range(start, len(text) + 1):
        seen: set[tuple[int, int, Captures]] = set()
        waiting: list[tuple[int, int, Captures]] = [(0, begin, (None,) * (2 * pattern.groups + 2))]
        while waiting:
            state = waiting.pop()
            if state in seen:
                continue
            seen.add(state)
            run.charge(_STEPS_PER_TRY)
            if pattern.program[state[0]][0] == DONE:
                return state[2]
            waiting.extend(_tries(pattern, text, *state))
    return None


def _tries(pattern: Pattern, text: str, at: int, place: int, captures: Captures) -> States:
    """Return where an instruction leads to, the preferred way last."""
    instruction: tuple[Any, ...] = pattern.program[at]
    code = instruction[0]
    if code == JUMP:
        return [(instruction[1], place, captures)]
    if code == SPLIT:
        return [(instruction[2], place, captures), (instruction[1], place, captures)]
    if code == SAVE:
        slot = instruction[1]
        return [(at + 1, place, (*captures[:slot], place, *captures[slot + 1 :]))]
    if code == SAME:
        begin, end = captures[instruction[1]], captures[instruction[1] + 1]
        length = 0 if begin is None or end is None else end - begin
        wanted, found = text[begin:end] if length else "", text[place : place + length]
        same = wanted == found or (instruction[2] and wanted.casefold() == found.casefold())
        return [(at + 1, place + length, captures)] if same else []
    if code == CHAR:
        return [(at + 1, place + 1, captures)] if place < len(text) and instruction[1](text[place]) else []
    return [(at + 1, place, captures)] if _holds(code, pattern, (text, place)) else []


def find_all(pattern: Pattern, text: str, run: Run) -> Iterator[Captures]:
    """Yield the matches one after the other, none of them empty."""
    place = 0
    while place <= len(text):
        found = search(pattern, text, place, run)
        if found is None:
            return
        begin, end = found[0], found[1]
        if begin is None or end is None:
            return
        if end > begin:
            yield found
        place = end if end > begin else end + 1
