"""Published processes: immutable versions in the database, read from folders the first time, compiled once per program."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from services.errors import NotPublished
from services.models.base import new_id
from services.models.definitions import ProcessVersion
from workflows import engine, packages
from workflows.errors import PackageRefused

KEPT_PROGRAMS = 64
_UNIX_EPOCH_OF_ZIP = (1980, 1, 1, 0, 0, 0)
_FOLDERS_OF_A_PROCESS = ("", "forms", "messages", "i18n", "scenarios")


@dataclass(frozen=True, kw_only=True, slots=True)
class Published:
    """A version, ready to run: what was published and the program made of it."""

    version_id: str
    package: packages.Package
    program: engine.Program


_published: dict[str, Published] = {}


def publish(
    session: Session,
    package: packages.Package,
    *,
    by: str,
    now: datetime,
    note: str = "",
    operations: Collection[str] | None = None,
    roles: Collection[str] | None = None,
) -> ProcessVersion:
    """Publish a package as the next version of its process. The same content again is the version that has it already.

    Args:
        operations: The names that a service task may call; not checked when absent. The same holds for `roles`.

    Raises:
        PackageRefused: The package cannot be published; carries every problem.
    """
    known = session.scalar(
        select(ProcessVersion).where(ProcessVersion.key == package.key, ProcessVersion.digest == package.digest)
    )
    if known is not None:
        return known
    problems = packages.check_package(package, operations=operations, roles=roles)
    if not all(problem.is_advice for problem in problems):
        raise PackageRefused(problems)
    engine.compile_program(package)
    newest = session.scalar(select(func.max(ProcessVersion.version)).where(ProcessVersion.key == package.key)) or 0
    version = ProcessVersion(
        id=new_id(),
        key=package.key,
        version=newest + 1,
        digest=package.digest,
        title=package.manifest.title,
        manifest=manifest_as_json(package),
        bundle=pack(package.files),
        published_at=now,
        published_by=by,
        note=note,
    )
    session.add(version)
    session.flush()
    return version


def publish_folders(
    session: Session,
    root: Path,
    *,
    now: datetime,
    operations: Collection[str] | None = None,
    roles: Collection[str] | None = None,
) -> list[ProcessVersion]:
    """Publish the process folders below `root` that the database does not know yet, as version 1."""
    known = set(session.scalars(select(ProcessVersion.key).distinct()))
    return [
        publish(session, read_folder(folder), by="system", now=now, operations=operations, roles=roles)
        for folder in process_folders(root)
        if folder.name not in known
    ]


def process_folders(root: Path) -> Iterator[Path]:
    """Find the folders that hold a process, by name."""
    yield from sorted(path.parent for path in root.glob("*/process.toml"))


def read_folder(folder: Path) -> packages.Package:
    """Read a process folder from disk."""
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for name in _FOLDERS_OF_A_PROCESS
        for path in sorted((folder / name).glob("*"))
        if path.is_file() and not path.name.startswith(".")
    }
    return packages.read_package(folder.name, files)


def current_version(session: Session, key: str) -> ProcessVersion:
    """Return the newest version of a process.

    Raises:
        NotPublished: There is no such process.
    """
    newest = select(ProcessVersion).where(ProcessVersion.key == key).order_by(ProcessVersion.version.desc()).limit(1)
    version = session.scalar(newest)
    if version is None:
        raise NotPublished
    return version


def is_published(session: Session, key: str) -> bool:
    """Say whether a process has any version."""
    return session.scalar(select(ProcessVersion.id).where(ProcessVersion.key == key).limit(1)) is not None


def list_current_versions(session: Session) -> list[ProcessVersion]:
    """Return the newest version of every process, by title."""
    newest = select(ProcessVersion.key, func.max(ProcessVersion.version).label("version")).group_by(ProcessVersion.key).subquery()
    joined = (ProcessVersion.key == newest.c.key) & (ProcessVersion.version == newest.c.version)
    return list(session.scalars(select(ProcessVersion).join(newest, joined).order_by(ProcessVersion.title)))


def get_published(session: Session, version_id: str) -> Published:
    """Return a version ready to run. Versions never change, so one that was compiled needs no look at the database."""
    kept = _published.get(version_id)
    if kept is not None:
        return kept
    version = session.get(ProcessVersion, version_id, options=[undefer(ProcessVersion.bundle)])
    if version is None:
        raise NotPublished
    package = packages.read_package(version.key, unpack(version.bundle), to_run=True)
    made = Published(version_id=version_id, package=package, program=engine.compile_program(package))
    while len(_published) >= KEPT_PROGRAMS:
        _published.pop(next(iter(_published)), None)
    _published[version_id] = made
    return made


def get_program(session: Session, version_id: str) -> engine.Program:
    """Return the program of a version."""
    return get_published(session, version_id).program


def get_package(session: Session, version_id: str) -> packages.Package:
    """Return what was published as this version: diagrams, forms, texts."""
    return get_published(session, version_id).package


def pack(files: dict[str, bytes]) -> bytes:
    """Put files into a zip that is the same, byte for byte, whenever it is made."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, _UNIX_EPOCH_OF_ZIP), files[name], zipfile.ZIP_DEFLATED)
    return target.getvalue()


def unpack(bundle: bytes) -> dict[str, bytes]:
    """Take the files out of a zip that `pack` made."""
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def manifest_as_json(package: packages.Package) -> dict[str, Any]:
    """Write down what process.toml says."""
    return dict(package.manifest)
