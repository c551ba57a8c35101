"""What is said of a text that could not be taken over as a whole."""

from __future__ import annotations

from collections.abc import Sequence

from services.itineraries.parts import Note
from workflows.errors import Problem

SENTENCES = {
    "NOT_UNDERSTOOD": "Line {line} was not understood: “{text}”.",
    "NO_YEAR": "Line {line}: the year of “{text}” is not certain. Enter the date yourself.",
    "TWO_DAYS": "Line {line}: “{text}” can mean two days.",
    "NO_SUCH_DAY": "Line {line}: there is no such day as “{text}”.",
    "OTHER_WEEKDAY": "Line {line}: the day of the week does not fit the date in “{text}”.",
    "ARRIVAL_DAY": "Line {line}: the text does not say on which day you arrive in {place}.",
    "TIMES_CLASH": "Line {line}: the times of this leg do not fit together. They were left out.",
    "ZONE_UNKNOWN": "Line {line}: the time of {place} is not given in local time, and the area is not known.",
    "HALF": "Line {line}: only one end of this leg was found. It was left out.",
    "GAP": "Line {line}: you arrive in {arrived}, and go on from {left}. The way between is missing.",
    "STAY_CLASH": "Line {line}: you would leave {place} before you arrive there. The times were left out.",
    "TOO_MANY": "The text has more than {most} stops. Only the first {most} are shown.",
}
LONGEST_QUOTE = 120


def say_notes(notes: Sequence[Note]) -> list[Problem]:
    """Write notes as sentences, in the order of the lines, each once."""
    told = dict.fromkeys(sorted((note for note in notes if note.code in SENTENCES), key=lambda note: (note.line, note.code)))
    return [Problem(where="", sentence=SENTENCES[note.code], facts={"line": note.line, **_quoted(note)}) for note in told]


def other_lines(notes: Sequence[Note]) -> list[str]:
    """List the lines that say nothing of a trip, such as greetings and prices."""
    return [_quoted(note)["text"] for note in notes if note.code == "OTHER"]


def _quoted(note: Note) -> dict[str, str]:
    return {name: _cut(text) for name, text in note.facts}


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_QUOTE else f"{text[: LONGEST_QUOTE - 1]}…"
