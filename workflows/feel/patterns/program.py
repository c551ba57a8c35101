r"""Regular expressions as small programs that run in linear time.

No pattern can take more than (length of the text) x (length of the program) steps, because the machine follows all ways at once
instead of trying one after the other. Only a reference back to a group (`\1`) needs trying; there the budget of steps is the
only bound.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from workflows.feel.patterns.reading import PatternError, PatternReader

if TYPE_CHECKING:
    from workflows.feel.patterns.reading import Piece

CHAR, SPLIT, JUMP, SAVE, START, END, DONE, SAME = range(8)
_MOST_INSTRUCTIONS = 2_000
_FLAGS = frozenset("smixq")


@dataclass(frozen=True, kw_only=True, slots=True)
class Pattern:
    """A pattern ready to run: instructions of up to three parts, and how many groups it captures."""

    program: tuple[tuple[Any, ...], ...]
    groups: int
    multiline: bool
    tries: bool


@lru_cache(maxsize=128)
def compile_pattern(text: str, flags: str) -> Pattern:
    """Read a pattern.

    Raises:
        PatternError: It or its flags are not valid, or it is too large.
    """
    if not _FLAGS.issuperset(flags):
        raise PatternError
    reader = PatternReader(text, flags)
    piece = reader.whole()
    program: list[tuple[Any, ...]] = []
    _emit(("group", 0, piece), program)
    program.append((DONE,))
    return Pattern(
        program=tuple(program), groups=reader.groups, multiline="m" in flags, tries=any(code[0] == SAME for code in program)
    )


def _emit(piece: Piece, program: list[tuple[Any, ...]]) -> None:
    """Append a piece's instructions."""
    if len(program) > _MOST_INSTRUCTIONS:
        raise PatternError
    kind = piece[0]
    if kind == "char":
        program.append((CHAR, piece[1]))
    elif kind == "seq":
        for part in piece[1]:
            _emit(part, program)
    elif kind == "group":
        program.append((SAVE, 2 * piece[1]))
        _emit(piece[2], program)
        program.append((SAVE, 2 * piece[1] + 1))
    elif kind == "alt":
        _emit_ways(piece[1], program)
    elif kind == "repeat":
        _emit_repeat(piece, program)
    elif kind == "same":
        program.append((SAME, 2 * piece[1], piece[2]))
    else:
        program.append((START if kind == "start" else END,))


def _emit_ways(ways: list[Piece], program: list[tuple[Any, ...]]) -> None:
    exits = []
    for way in ways[:-1]:
        split = len(program)
        program.append((JUMP, 0))
        _emit(way, program)
        exits.append(len(program))
        program.append((JUMP, 0))
        program[split] = (SPLIT, split + 1, len(program))
    _emit(ways[-1], program)
    for place in exits:
        program[place] = (JUMP, len(program))


def _emit_repeat(piece: Piece, program: list[tuple[Any, ...]]) -> None:
    _, part, least, most, greedy = piece
    if _is_empty(part):
        return
    for _ in range(least):
        _emit(part, program)
    if most is None:
        split = len(program)
        program.append((JUMP, 0))
        _emit(part, program)
        program.append((JUMP, split))
        program[split] = _split(split + 1, len(program), greedy=greedy)
        return
    splits = []
    for _ in range(most - least):
        splits.append(len(program))
        program.append((JUMP, 0))
        _emit(part, program)
    for split in splits:
        program[split] = _split(split + 1, len(program), greedy=greedy)


def _is_empty(piece: Piece) -> bool:
    """Whether a piece makes no instructions, so that repeating it would only take time."""
    if piece[0] == "seq":
        return all(_is_empty(part) for part in piece[1])
    return piece[0] == "repeat" and _is_empty(piece[1])


def _split(inside: int, beyond: int, *, greedy: bool) -> tuple[int, int, int]:
    return (SPLIT, inside, beyond) if greedy else (SPLIT, beyond, inside)
