"""Process folders: everything that makes a process, read together and checked together."""

from __future__ import annotations

from workflows.packages.asking import ASK_ACT, ASK_FORM, ASK_NOTE, ASK_ROLE, ASK_ROW, ASK_ROWS, ASK_WHEN, roles_asked
from workflows.packages.checking import check_package
from workflows.packages.manifest import Manifest, manifest_from_json
from workflows.packages.messages import KINDS, LANGUAGES, UNSAID, Message, read_messages
from workflows.packages.package import Package, Texts, word_for
from workflows.packages.proving import prove_package
from workflows.packages.reaction_checks import find_start
from workflows.packages.reactions import Listens, Opens, fill, holds
from workflows.packages.reading import read_package

__all__ = [
    "ASK_ACT",
    "ASK_FORM",
    "ASK_NOTE",
    "ASK_ROLE",
    "ASK_ROW",
    "ASK_ROWS",
    "ASK_WHEN",
    "KINDS",
    "LANGUAGES",
    "UNSAID",
    "Listens",
    "Manifest",
    "Message",
    "Opens",
    "Package",
    "Texts",
    "check_package",
    "fill",
    "find_start",
    "holds",
    "manifest_from_json",
    "prove_package",
    "read_messages",
    "read_package",
    "roles_asked",
    "word_for",
]
