"""The studio: process owners change their processes. Each module of this folder adds its pages to the blueprint."""

from __future__ import annotations

import importlib
import pkgutil

from webapp.views.studio.frame import blueprint as blueprint

for _module in sorted(pkgutil.iter_modules(__path__), key=lambda found: found.name):
    importlib.import_module(f"{__name__}.{_module.name}")
