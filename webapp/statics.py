"""The built assets: served by whitenoise under names that change with their content, so that browsers keep them for good."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask
from whitenoise import WhiteNoise

STATIC = Path(__file__).parent / "static"
PREFIX = "/static/"
HASHED = re.compile(r"-[0-9A-Z]{8}\.[a-z0-9]+$")


def init_statics(app: Flask) -> None:
    """Serve webapp/static in front of an application and give its templates `asset("site.css")`."""
    app.jinja_env.globals["asset"] = asset
    STATIC.mkdir(exist_ok=True)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=STATIC,
        prefix=PREFIX,
        allow_all_origins=False,
        immutable_file_test=lambda _path, url: bool(HASHED.search(url)),
        add_headers_function=_add_headers,
    )


def asset(name: str) -> str:
    """Give the address of a built file by its plain name."""
    return PREFIX + _manifest().get(name, name)


@cache
def _manifest() -> dict[str, str]:
    manifest = STATIC / "manifest.json"
    return dict(json.loads(manifest.read_text(encoding="utf-8"))) if manifest.exists() else {}


def _add_headers(headers: Headers, path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
