"""Process folders: everything that makes a process, read together and checked together."""

from __future__ import annotations

from workflows.packages.checking import check_package
from workflows.packages.manifest import Manifest
from workflows.packages.messages import LANGUAGES, Message
from workflows.packages.package import Package
from workflows.packages.reading import read_package

__all__ = ["LANGUAGES", "Manifest", "Message", "Package", "check_package", "read_package"]
