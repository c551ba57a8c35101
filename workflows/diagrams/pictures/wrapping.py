"""Text in boxes: how wide it is about, and where its lines break.

Nothing here knows a font; the widths are those of common sans-serif ones.
"""

from __future__ import annotations

import re
import unicodedata

from workflows.diagrams.pictures.svg import markup, tag

FONT_SIZE = 12.0
LINE_HEIGHT = 14.5
LEADING = LINE_HEIGHT / FONT_SIZE
#: Down to this size a text is written smaller before it is cut off.
SMALLEST = 9.0

_MANY = 1_000
_NARROW = frozenset("iljtfrI.,:;'|!()[] ")
_WIDE = frozenset("mwMW@%—")
# A run of scripts that do not put spaces between words can be broken behind any of its characters.
_PIECES = re.compile(
    r"\s+|[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uff60\u3000-\u30ff]|[^\s\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uff60]+"
)


def width_of(text: str, size: float = FONT_SIZE) -> float:
    """About how wide a text is."""
    return sum(_share(character) for character in text) * size


def _share(character: str) -> float:
    if character in _NARROW:
        return 0.31
    if character in _WIDE:
        return 0.86
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    if unicodedata.combining(character):
        return 0.0
    return 0.66 if character.isupper() else 0.545


def wrap(text: str, width: float, *, most_lines: int, size: float = FONT_SIZE) -> list[str]:
    """Break a text into lines that fit; what does not fit any more becomes an ellipsis."""
    lines: list[str] = []
    line = ""
    for piece in _fitting(_PIECES.findall(" ".join(text.split())[:2_000]), width, size):
        if line and width_of(line + piece.rstrip(), size) > width:
            lines.append(line.strip())
            line = piece.lstrip()
        else:
            line += piece
    lines.append(line.strip())
    lines = [found for found in lines if found]
    if len(lines) > most_lines:
        kept = lines[:most_lines]
        kept[-1] = _shortened(kept[-1], width, size)
        return kept
    return lines


def fit(text: str, width: float, height: float) -> tuple[list[str], float]:
    """Break a text into lines that fit into a box, written smaller where it has to be. Answers the lines and their size."""
    size = FONT_SIZE
    while size > SMALLEST and len(wrap(text, width, most_lines=_MANY, size=size)) > _room(height, size):
        size -= 1.0
    return wrap(text, width, most_lines=_room(height, size), size=size), size


def _room(height: float, size: float) -> int:
    return max(int(height / (size * LEADING)), 1)


def _fitting(pieces: list[str], width: float, size: float) -> list[str]:
    """Break words that are wider than a line."""
    fitting: list[str] = []
    for piece in pieces:
        part, reached = "", 0.0
        for character in piece:
            own = width_of(character, size)
            if part and reached + own > width:
                fitting.append(part)
                part, reached = "", 0.0
            part += character
            reached += own
        fitting.append(part)
    return fitting


def _shortened(line: str, width: float, size: float) -> str:
    while line and width_of(line + "…", size) > width:
        line = line[:-1]
    return line.rstrip() + "…"


def text_block(
    lines: list[str],
    x: float,
    y: float,
    *,
    anchor: str = "middle",
    size: float = FONT_SIZE,
    leading: float = LINE_HEIGHT,
    halo: bool = False,
) -> str:
    """Write lines of text around a height: `y` is the middle of the block."""
    if not lines:
        return ""
    first = y - (len(lines) - 1) * leading / 2 + size * 0.35
    spans = [tag("tspan", markup(line), x=x, y=first + number * leading) for number, line in enumerate(lines)]
    outline: dict[str, str | float | None] = {}
    if halo:
        outline = {"stroke": "#fff", "stroke_width": 3.0, "paint_order": "stroke", "stroke_linejoin": "round"}
    # A line in a right-to-left script sorts itself; only where it is anchored is the drawing's business.
    return tag("text", *spans, text_anchor=anchor, font_size=size, fill="#222", class_="bpmn-label", **outline)
