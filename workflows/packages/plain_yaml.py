"""YAML without its surprises: NO stays a text, 09:30 and dates too, and no text can unfold into a huge one."""

from __future__ import annotations

import re
from typing import Any, ClassVar

import yaml

_TAG = "tag:yaml.org,2002:"
_WHOLE = r"-?(?:0|[1-9][0-9]{0,17})"
_PLAIN = {
    "bool": (r"true|false", "tf"),
    "null": (r"null|~|", "n~"),
    "int": (_WHOLE, "-0123456789"),
    "float": (rf"{_WHOLE}\.[0-9]{{1,17}}", "-0123456789"),
}
_DEEPEST = 50


class PlainYamlRefused(ValueError):
    """The text is not plain YAML."""


class _Loader(yaml.CSafeLoader):
    yaml_constructors: ClassVar[dict[str | None, Any]] = {
        tag: construct
        for tag, construct in yaml.SafeLoader.yaml_constructors.items()
        if tag is None or tag.removeprefix(_TAG) in {"map", "seq", "str", *_PLAIN}
    }

    def get_single_node(self) -> yaml.Node | None:
        node: yaml.Node | None = super().get_single_node()
        _ensure_named_once(node)
        return node


def _ensure_named_once(root: yaml.Node | None) -> None:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, yaml.MappingNode):
            names = [key.value for key, _ in node.value if key.tag == f"{_TAG}str"]
            if len(set(names)) < len(node.value):
                raise PlainYamlRefused(f"line {node.start_mark.line + 1} has a name twice, or a name that is no text")
            waiting.extend(value for _, value in node.value)
        elif isinstance(node, yaml.SequenceNode):
            waiting.extend(node.value)


def _ensure_tree(text: str) -> None:
    """Refuse what would unfold, and what is so deep that building it, which the parser does in C, would end the process."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise PlainYamlRefused("an alias (*) stands in it")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise PlainYamlRefused(f"it is nested more than {_DEEPEST} deep")


_Loader.yaml_implicit_resolvers = {}  # what YAML 1.1 takes for dates, yes and no stays text
for _name, (_pattern, _first) in _PLAIN.items():
    _firsts = [*_first, ""] if _name == "null" else [*_first]
    _Loader.add_implicit_resolver(f"{_TAG}{_name}", re.compile(rf"(?:{_pattern})\Z", re.ASCII), _firsts)


def load_plain_yaml(data: bytes) -> Any:
    """Read one YAML document into JSON values.

    Raises:
        PlainYamlRefused: It is not YAML, or uses what is not plain: aliases, tags of its own, a name twice.
    """
    try:
        text = data.decode("utf-8")
        _ensure_tree(text)
        return _Loader(text).get_single_data()
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise PlainYamlRefused(" ".join(str(error).split())) from error
