"""Remembering what a step was made from, by content, so that it is done again only when that changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from webapp.setup.terminal import ROOT

STAMPS = ROOT / ".cache" / "stamps"


def fingerprint(paths: Iterable[Path], *facts: str) -> str:
    """Digest the names and contents of files and folders, and whatever else the result depends on."""
    digest = hashlib.sha256("\0".join(facts).encode())
    for path in sorted(_files(paths)):
        digest.update(str(path.relative_to(ROOT)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _files(paths: Iterable[Path]) -> Iterable[Path]:
    for path in paths:
        if path.is_dir():
            yield from (inner for inner in path.rglob("*") if inner.is_file() and "__pycache__" not in inner.parts)
        elif path.is_file():
            yield path


def is_current(stamp: Path, content: str) -> bool:
    """Tell whether the step was done for exactly this content."""
    return stamp.is_file() and stamp.read_text(encoding="ascii") == content


def remember(stamp: Path, content: str) -> None:
    """Note that the step was done for this content."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(content, encoding="ascii")
