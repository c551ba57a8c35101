"""The application as every test has it: made anew each time, of templates and addresses that each worker compiles once."""

from __future__ import annotations

from collections.abc import Callable
from types import CodeType
from typing import Any, ClassVar

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

from services.database import Database
from webapp.app import create_app
from webapp.context import Clock
from webapp.settings import Settings


class KeptTemplates(BytecodeCache):
    """Keeps what templates compile to, by their text: compiling them is half of what a page costs in a new application."""

    def __init__(self) -> None:
        """Begin with none."""
        self._kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what the very same text compiled to before."""
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what a text compiled to."""
        assert bucket.code is not None
        self._kept[bucket.key, bucket.checksum] = bucket.code


class KeptRule(Rule):
    """Keeps how addresses of a rule are built, by all that it depends on: working that out is most of making an application."""

    _kept: ClassVar[dict[tuple[object, ...], Callable[..., tuple[str, str]]]] = {}

    def _compile_builder(self, *further: Any) -> Callable[..., tuple[str, str]]:
        """Give what was worked out for the same rule of another application."""
        key = (self.rule, *further, *sorted((self.defaults or {}).items()))
        if key not in self._kept:
            self._kept[key] = super()._compile_builder(*further)
        return self._kept[key]


KEPT = KeptTemplates()
Flask.url_rule_class = KeptRule


def make_application(settings: Settings, *, database: Database, clock: Clock) -> Flask:
    """Make the application; but for where what it compiles comes from it is the one that is served."""
    app = create_app(settings, database=database, clock=clock)
    app.jinja_env.bytecode_cache = KEPT
    return app
