"""Reading a process folder, file by file."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from workflows.diagrams import Diagram, read_diagram
from workflows.dmn import Model, read_models
from workflows.errors import DecisionRefused, PackageRefused, Refused
from workflows.forms import Form, read_form
from workflows.packages.findings import Findings
from workflows.packages.manifest import FILE as MANIFEST
from workflows.packages.manifest import Manifest, read_manifest
from workflows.packages.messages import LANGUAGES, Message, read_message
from workflows.packages.package import Package, Texts
from workflows.packages.plain_yaml import PlainYamlRefused, load_plain_yaml
from workflows.packages.wording import with_written_names

TABLES = ("columns", "elements", "fields", "options", "process", "tables", "texts", "values")
_KEY = re.compile(r"[a-z][a-z0-9_]{0,62}")
_MOST_FILES = 500
_MOST_BYTES = 20_000_000
_KINDS = (
    ("manifest", re.compile(re.escape(MANIFEST))),
    ("diagram", re.compile(r"[^/]+\.bpmn")),
    ("model", re.compile(r"[^/]+\.dmn")),
    ("form", re.compile(r"forms/[^/]+\.form")),
    ("message", re.compile(r"messages/[^/]+\.md")),
    ("texts", re.compile(r"i18n/[^/]+\.toml")),
    ("scenario", re.compile(r"scenarios/[^/]+\.ya?ml")),
    ("prose", re.compile(r"[^/]+\.md")),
)


def read_package(key: str, files: Mapping[str, bytes], *, to_run: bool = False) -> Package:
    """Read a process folder.

    Args:
        key: The name of the folder: the process's name in the database and in addresses.
        files: Contents by path inside the folder, with "/" between the parts. Hidden files are left out.
        to_run: Whether it was checked before and is only to run now: its scenarios, half of the work, are not read.

    Raises:
        PackageRefused: With every problem of every file.
    """
    kept = {path: files[path] for path in sorted(files) if not _is_hidden(path)}
    folder = _Folder(findings=Findings(problems=[]))
    if not _KEY.fullmatch(key):
        folder.findings.report(key, "The name of the folder must be small letters, digits and underscores.")
    if len(kept) > _MOST_FILES or sum(map(len, kept.values())) > _MOST_BYTES:
        folder.findings.report(key, "The folder holds too much: more than {files} files or {bytes} bytes.", **_MOST)
        raise PackageRefused(folder.findings.problems)
    for path, content in kept.items():
        if not (to_run and path.startswith("scenarios/")):
            folder.read(path, content)
    folder.connect_models()
    if MANIFEST not in kept:
        folder.findings.report(
            MANIFEST, "The folder has no process.toml.", "Write one with title, main, owner_role and number_prefix."
        )
    if folder.findings.problems or folder.manifest is None:
        raise PackageRefused(folder.findings.problems)
    package = Package(
        key=key,
        manifest=folder.manifest,
        diagrams=folder.diagrams,
        decisions=folder.decisions,
        forms=folder.forms,
        messages=folder.messages,
        texts=folder.texts,
        scenarios=folder.scenarios,
        files=kept,
        digest=digest_of(kept),
    )
    return with_written_names(package)


_MOST: dict[str, Any] = {"files": _MOST_FILES, "bytes": _MOST_BYTES}


def _is_hidden(path: str) -> bool:
    return any(part.startswith(".") and part.strip(".") for part in path.split("/"))


def digest_of(files: Mapping[str, bytes]) -> str:
    """Return the SHA-256 over the sorted paths and the hashes of their contents."""
    whole = hashlib.sha256()
    for path in sorted(files):
        whole.update(f"{path}\0{hashlib.sha256(files[path]).hexdigest()}\n".encode())
    return whole.hexdigest()


@dataclass(kw_only=True)
class _Folder:
    """What was read so far."""

    findings: Findings
    manifest: Manifest | None = None
    diagrams: dict[str, Diagram] = field(default_factory=dict)
    models: dict[str, bytes] = field(default_factory=dict)
    decisions: dict[str, Model] = field(default_factory=dict)
    forms: dict[str, Form] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    texts: dict[str, Texts] = field(default_factory=dict)
    scenarios: dict[str, dict[str, Any]] = field(default_factory=dict)

    def read(self, path: str, content: bytes) -> None:
        """Read one file; its problems are noted with its path."""
        kind = next((kind for kind, pattern in _KINDS if pattern.fullmatch(path)), None)
        if kind is None:
            self.findings.report(path, "This file is not part of a process folder.", "Remove it, or put it into its place.")
            return
        try:
            getattr(self, f"read_{kind}")(path, content)
        except Refused as refusal:
            self.findings.take_over(path, refusal.problems)

    def read_manifest(self, path: str, content: bytes) -> None:
        self.manifest = read_manifest(content, self.findings)

    def read_diagram(self, path: str, content: bytes) -> None:
        self.diagrams[path] = read_diagram(content, name=path)

    def read_model(self, path: str, content: bytes) -> None:
        self.models[path] = content

    def connect_models(self) -> None:
        """Read the decision models, all at once, because one may import another."""
        try:
            models = read_models(self.models)
        except DecisionRefused as refusal:
            self.findings.problems.extend(refusal.problems)
            return
        for path, model in models.items():
            for decision in model.decisions:
                if decision in self.decisions:
                    self.findings.report(path, "The decision {id} stands in another file too.", id=decision)
                self.decisions[decision] = model

    def read_form(self, path: str, content: bytes) -> None:
        form = read_form(content, name=path)
        if path != f"forms/{form.id}.form":
            self.findings.report(path, "The form {id} must be in the file {file}.", id=form.id, file=f"forms/{form.id}.form")
        self.forms[form.id] = form

    def read_message(self, path: str, content: bytes) -> None:
        message = read_message(path, content, self.findings)
        if message is not None:
            self.messages[message.code] = message

    def read_texts(self, path: str, content: bytes) -> None:
        language = path.removeprefix("i18n/").removesuffix(".toml")
        if language not in LANGUAGES:
            self.findings.report(
                path, "{language} is no language here.", "Known here: {known}.", language=language, known=", ".join(LANGUAGES)
            )
        tables = self.findings.toml(path, content) or {}
        for table in sorted(tables.keys() - set(TABLES)):
            self.findings.report(
                path, "The table {table} is not known here.", "Known here: {known}.", table=table, known=", ".join(TABLES)
            )
        self.texts[language] = {table: self._flat(path, tables.get(table, {}), table) for table in TABLES}

    def _flat(self, path: str, value: Any, name: str) -> dict[str, str]:
        """Return the texts of a table; tables inside it become names with dots."""
        found: dict[str, str] = {}
        for key, inner in value.items() if isinstance(value, dict) else [("", value)]:
            if isinstance(inner, dict):
                found |= {f"{key}.{rest}": text for rest, text in self._flat(path, inner, f"{name}.{key}").items()}
            elif isinstance(inner, str) and key:
                found[key] = inner
            else:
                self.findings.report(path, "{name} must be a text.", name=f"{name}.{key}".rstrip("."))
        return found

    def read_scenario(self, path: str, content: bytes) -> None:
        name = path.removeprefix("scenarios/").rpartition(".")[0]
        try:
            mapping = load_plain_yaml(content)
        except PlainYamlRefused as error:
            self.findings.report(path, "This is not YAML: {reason}.", reason=str(error))
            return
        if isinstance(mapping, dict):
            self.scenarios[name] = mapping
        else:
            self.findings.report(path, "A scenario is a mapping with about, process, now, start and so on.")

    def read_prose(self, path: str, content: bytes) -> None:
        """A README is for people; it only counts in the digest."""
