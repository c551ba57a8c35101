"""The texts of notices: those of a process first, then those that are common to all processes."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from workflows.packages import UNSAID, Message, Package, read_messages

FOLDER = Path(__file__).parent / "messages"


@cache
def common() -> dict[str, Message]:
    """Read the common texts, by code."""
    return read_messages({path.name: path.read_bytes() for path in FOLDER.glob("*.md")})


def find_text(package: Package | None, code: str) -> Message | None:
    """Return the text of a notice: the one of the process where it has one, else the common one."""
    own = package.messages.get(code) if package is not None else None
    return own or common().get(code)


def kind_of(text: Message | None) -> str:
    """Say what kind a notice is of; one that does not say it is news of something that its reader follows."""
    return (text.kind if text is not None else None) or UNSAID
