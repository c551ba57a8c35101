"""Building blocks: small complete process folders that a new process begins as. They are data only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from lxml import etree

from workflows.diagrams.editing import Sheet, remove_step
from workflows.diagrams.vocabulary import BPMN, local
from workflows.packages.rewriting import quoted

_ROOT = Path(__file__).parent
#: In the files of a block this stands for the key and the number prefix of the new process.
_MAIN, _PREFIX = b"BLOCK_main", b"BLOCK"
FOUR_EYES = "four_eyes"
_OPENS = re.compile(r"^\[\[opens\]\].*?(?=^\[(?!\[?opens)|\Z)", re.MULTILINE | re.DOTALL)
_LINE = re.compile(r"^(title|number_prefix|main)[ \t]*=.*$", re.MULTILINE)


def read_block(name: str, key: str, *, title: str, prefix: str) -> dict[str, bytes]:
    """Return the files of a block, as those of a new process."""
    folder = _ROOT / name
    files = {
        path.relative_to(folder).as_posix().replace(_PREFIX.decode(), prefix): path.read_bytes()
        .replace(_MAIN, f"{key}_main".encode())
        .replace(_PREFIX, prefix.encode())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    return renamed(files, key, title=title, prefix=prefix)


def renamed(files: Mapping[str, bytes], key: str, *, title: str, prefix: str) -> dict[str, bytes]:
    """Return the files of a process as those of a new one: its title, its number prefix, and the key in its scenarios.

    What opens cases of the first one by itself is left out, with the start events for it: the same event would open one of each.
    """
    said = {"title": title, "number_prefix": prefix}

    def say(line: re.Match[str]) -> str:
        return f"{line[1]} = {quoted(said[line[1]])}" if line[1] in said else line[0]

    found = dict(files)
    settings = _OPENS.sub("", files["process.toml"].decode())
    found["process.toml"] = _LINE.sub(say, settings).encode()
    for name in files:
        if name.endswith(".bpmn"):
            found[name] = _without_triggers(files[name])
        if name.startswith("scenarios/"):
            found[name] = re.sub(rb"(?m)^process:.*$", b"process: " + key.encode(), files[name])
    return found


def _without_triggers(diagram: bytes) -> bytes:
    """Take the start events out that something else than a request enters."""
    sheet = Sheet(diagram)
    starts = sheet.root.findall(f"{{{BPMN}}}process/{{{BPMN}}}startEvent")
    triggered = [each for each in starts if any(local(inner).endswith("EventDefinition") for inner in each.iter(etree.Element))]
    if not triggered or len(triggered) == len(starts):
        return diagram
    for each in triggered:
        remove_step(sheet, each.get("id") or "")
    return sheet.write()


def write_manifest(*, title: str, main: str, prefix: str) -> bytes:
    """Write the least that a process.toml has to say; who owns it and who asks are filled in."""
    lines = (("title", title), ("main", main), ("owner_role", "PRO"), ("number_prefix", prefix))
    written = "".join(f"{name} = {quoted(value)}\n" for name, value in lines)
    return f'{written}start_roles = ["TRV"]\n'.encode()
