"""Writing single texts into the files of a folder, so that everything else in them stays as it was written."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

from workflows.errors import SafeconductError

_HEADER = re.compile(r"\s*\[\s*([A-Za-z0-9_.\-]+)\s*\]\s*(?:#.*)?")
_BARE = re.compile(r"[A-Za-z0-9_\-]+")
_HEADING = re.compile(r"^# ([a-z]{2})[ \t]*$", re.MULTILINE)


class FileUnusual(SafeconductError):
    """This file is written in a way in which single texts cannot be changed. Change it as a whole."""


def read_texts(content: bytes) -> dict[tuple[str, str], Any]:
    """Return the texts of a TOML file by table and name.

    Raises:
        FileUnusual: It is no TOML.
    """
    try:
        return _flat(tomllib.loads(content.decode()))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FileUnusual from error


def set_text(content: bytes, table: str, name: str, text: str) -> bytes:
    """Write one text into a table of a TOML file; empty takes it away.

    Raises:
        FileUnusual: It could not be done without touching something else.
    """
    before = read_texts(content)
    lines = content.decode().split("\n")
    place = next((number for number, inside, key in _keys(lines) if (inside, key) == (table, name)), None)
    written = f"{_quoted_key(name)} = {quoted(text)}"
    if place is not None:
        lines[place : place + 1] = [written] if text else []
    elif text:
        _insert(lines, table, written)
    made = "\n".join(lines).rstrip("\n") + "\n"
    wanted = {**before, (table, name): text} if text else {key: value for key, value in before.items() if key != (table, name)}
    if read_texts(made.encode()) != wanted:
        raise FileUnusual
    return made.encode()


def set_message(content: bytes, language: str, subject: str, body: str) -> bytes:
    """Write the notice text of one language, behind the others where it is new."""
    section = f"# {language}\n{' '.join(subject.split())}\n\n{body.strip()}\n"
    text = content.decode("utf-8-sig").replace("\r\n", "\n")
    headings = list(_HEADING.finditer(text))
    place = next((number for number, each in enumerate(headings) if each[1] == language), None)
    if place is None:
        return f"{text.rstrip()}\n\n{section}".encode()
    end = headings[place + 1].start() if place + 1 < len(headings) else len(text)
    rest = text[end:]
    return f"{text[: headings[place].start()]}{section}{chr(10) if rest else ''}{rest}".encode()


def quoted(text: str) -> str:
    """Write a text as TOML does."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return '"' + "".join(f"\\u{ord(each):04x}" if each < " " or each == "\x7f" else each for each in escaped) + '"'


def _quoted_key(name: str) -> str:
    return name if _BARE.fullmatch(name) else quoted(name)


def _keys(lines: list[str]) -> Iterator[tuple[int, str, str]]:
    """Yield (line, table, name) of every text that stands on a line of its own."""
    table = ""
    for number, line in enumerate(lines):
        header = _HEADER.fullmatch(line)
        if header:
            table = header[1]
            continue
        try:
            found = list(_flat({table: tomllib.loads(line)}))
        except tomllib.TOMLDecodeError:
            continue
        if len(found) == 1:
            yield number, table.split(".")[0], ".".join((*table.split(".")[1:], found[0][1]))


def _insert(lines: list[str], table: str, written: str) -> None:
    """Put a line at the end of its table, which is made where there is none."""
    places = [number for number, line in enumerate(lines) if (header := _HEADER.fullmatch(line)) and header[1] == table]
    if not places:
        while lines and not lines[-1].strip():
            lines.pop()
        lines += [*([""] if lines else []), f"[{table}]", written]
        return
    end = next((number for number in range(places[0] + 1, len(lines)) if _HEADER.fullmatch(lines[number])), len(lines))
    while end > places[0] + 1 and not lines[end - 1].strip():
        end -= 1
    lines.insert(end, written)


def _flat(tables: dict[str, Any]) -> dict[tuple[str, str], Any]:
    found: dict[tuple[str, str], Any] = {}
    for table, inside in tables.items():
        for name, value in inside.items() if isinstance(inside, dict) else [("", inside)]:
            if isinstance(value, dict):
                found |= {(table, f"{name}.{key}"): text for (_, key), text in _flat({table: value}).items()}
            else:
                found[table, name] = value
    return found
