"""What differs in what a process is called, who may start it, its notices, and its translations."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.comparing.differences import CHANGED, Difference, kind_of, pairs, shown
from workflows.packages import Package
from workflows.packages.package import Texts
from workflows.packages.wording import WRITTEN

FILE = "process.toml"
_EXAMPLES = 5
_WRITTEN_ELSEWHERE = ("process", "elements", "fields")


def compare_manifests(old: Package, new: Package) -> Iterator[Difference]:
    """Say what differs in process.toml."""
    was, is_now = dict(old.manifest), dict(new.manifest)
    for what, value in is_now.items():
        if was.get(what) != value:
            sentence = "The process itself: {what} became {new}, before {old}."
            facts = {"what": what.replace("_", " "), "old": shown(was.get(what)), "new": shown(value)}
            yield Difference(where=what, part="process", kind=CHANGED, file=FILE, sentence=sentence, facts=facts)


def compare_texts(old: Package, new: Package) -> Iterator[Difference]:
    """Say which notices and translations differ."""
    for code, before, after in pairs(old.messages, new.messages):
        if before is None or after is None:
            sentence = "The notice {code} is new." if before is None else "The notice {code} is gone."
            yield _difference(f"messages/{code}.md", code, kind_of(before, after), sentence, code=code)
            continue
        for language, was, is_now in pairs(before.texts, after.texts):
            if was != is_now:
                sentence = "The notice {code} reads differently in {language}."
                facts = {"code": code, "language": language}
                yield _difference(f"messages/{code}.md", code, kind_of(was, is_now), sentence, **facts)
    for language, spoken, speaks in pairs(old.texts, new.texts):
        said, says = _flat(spoken, language), _flat(speaks, language)
        differing = [key for key, was, is_now in pairs(said, says) if was != is_now]
        if differing:
            some = shown([name for _, name in differing[:_EXAMPLES]])
            sentence = "{count} names and labels differ in {language}, among them {some}."
            file, count = f"i18n/{language}.toml", len(differing)
            yield _difference(file, language, CHANGED, sentence, language=language, count=count, some=some)


def _flat(texts: Texts | None, language: str) -> dict[tuple[str, str], str]:
    """Return the texts of a language; English names and labels are told where diagrams and forms are compared."""
    told = _WRITTEN_ELSEWHERE if language == WRITTEN else ()
    return {(table, name): text for table, names in (texts or {}).items() if table not in told for name, text in names.items()}


def _difference(file: str, where: str, kind: str, sentence: str, **facts: object) -> Difference:
    return Difference(where=where, part="text", kind=kind, file=file, sentence=sentence, facts=facts)
