"""Names of the parts of figures of the processes, which are keys of processes, ids of steps, and codes."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from services import definitions
from webapp.presenters.facts import say_codes
from webapp.presenters.texts import Texts


def name_parts(session: Session, parts: Iterable[str]) -> dict[str, str]:
    """Say parts in the words of the processes in force; the first process that has words for one says it."""
    wanted = {part for part in parts if part}
    names: dict[str, str] = {}
    for version in definitions.list_current_versions(session) if wanted else ():
        texts = Texts.of(definitions.get_package(session, version.id))
        steps = texts.names()
        said = {part: steps[part] for part in wanted if part in steps}
        titles = {version.key: texts.title(version.title)} if version.key in wanted else {}
        names = {**say_codes(wanted, texts), **said, **titles, **names}
    return names
