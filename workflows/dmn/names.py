"""The names that a model declares, so that expressions may use them also where they hold spaces and signs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from lxml import etree

from workflows.dmn.tags import is_dmn, local_name

_DECLARING = frozenset(
    {
        "inputData", "decision", "businessKnowledgeModel", "decisionService", "variable", "formalParameter", "parameter",
        "itemComponent", "import", "column", "output",
    }
)  # fmt: skip
_ITERATORS = frozenset({"for", "some", "every"})


def names_in(root: etree._Element) -> frozenset[str]:
    """Collect every name that an expression of this model may use."""
    found = set()
    for element in root.iter(etree.Element):
        tag = local_name(element)
        if is_dmn(element) and tag in _DECLARING:
            found.add(" ".join(element.get("name", "").split()))
        elif is_dmn(element) and tag in _ITERATORS:
            found.add(" ".join(element.get("iteratorVariable", "").split()))
    return frozenset(found - {""})


_PLAIN = re.compile(r"[^\W\d]\w*")


def is_plain(name: str) -> bool:
    """Tell whether a name is one word, which any reader of FEEL takes as a name anyway."""
    return _PLAIN.fullmatch(name) is not None


_WORD = re.compile(r"\w+")


class OddNames:
    """Names with spaces and signs, found by a word: a model may have thousands of them, and an expression uses a few."""

    def __init__(self, names: Iterable[str]) -> None:
        """File each name under the word in it that the fewest names have."""
        words = {name: set(_WORD.findall(name)) or {""} for name in names}
        common = Counter(word for each in words.values() for word in each)
        self._by_word: dict[str, list[str]] = {}
        for name, each in words.items():
            self._by_word.setdefault(min(each, key=lambda word: (common[word], word)), []).append(name)

    def among(self, text: str) -> frozenset[str]:
        """Return the names that can occur in a text."""
        return frozenset(name for word in {"", *_WORD.findall(text)} for name in self._by_word.get(word, ()))
