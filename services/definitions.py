"""Published processes: immutable versions in the database, read from folders the first time, compiled once per program."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Select, Subquery, bindparam, func, select
from sqlalchemy.orm import Session, joinedload, undefer

from services.errors import NotPublished
from services.models.base import new_id
from services.models.definitions import ProcessRelease, ProcessVersion
from services.prepared import Prepared
from services.roles import NEVER_ROLES, OWN_ROLES
from workflows import engine, packages
from workflows.errors import PackageRefused, Problem

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
_NEWEST = (
    select(ProcessVersion)
    .join(ProcessRelease, ProcessRelease.version_id == ProcessVersion.id)
    .where(ProcessRelease.key == bindparam("key"))
    .order_by(ProcessRelease.number.desc())
    .limit(1)
)


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
    """Publish a package as the next version of its process, which new cases take from now on.

    Content that was published before is the version that has it already; it comes into use again when another one is.

    Args:
        operations: The names that a service task may call; not checked when absent. The same holds for `roles`.

    Raises:
        PackageRefused: The package cannot be published; carries every problem.
    """
    known = session.scalar(
        select(ProcessVersion).where(ProcessVersion.key == package.key, ProcessVersion.digest == package.digest)
    )
    if known is not None:
        release(session, known, by=by, now=now, note=note)
        return known
    problems = [*packages.check_package(package, operations=operations, roles=roles), *check_apart(package)]
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
    release(session, version, by=by, now=now, note=note)
    return version


def check_apart(package: packages.Package) -> list[Problem]:
    """Find steps by which those who look after processes would come to see cases of others (S9).

    A process is theirs alone, with what the requester does in it, or they have no step in it.
    """
    steps = [
        (file, element, role.strip())
        for file, diagram in package.diagrams.items()
        for element in diagram.elements.values()
        if element.kind == "userTask"
        for role in (element.candidate_groups if element.candidate_groups is not None else element.lane or "").split(",")
    ]
    others = {role for _, _, role in steps} - {*NEVER_ROLES, *OWN_ROLES}
    if not others:
        return []
    return [
        Problem(
            where=f"{file}: {element.id}",
            sentence="“{step}” is for the role {role}, whose holders see no cases, but other steps are for other roles.",
            way_out="Give the step to a role that acts on cases.",
            facts={"step": element.name or element.id, "role": role},
        )
        for file, element, role in steps
        if role in NEVER_ROLES
    ]


def release(session: Session, version: ProcessVersion, *, by: str, now: datetime, note: str = "") -> ProcessRelease:
    """Let new cases take a version from now on; running cases keep theirs. The version in use stays with its release."""
    newest = session.scalar(_newest_release(version.key))
    if newest is not None and newest.version_id == version.id:
        return newest
    number = newest.number + 1 if newest is not None else 1
    released = ProcessRelease(key=version.key, number=number, version_id=version.id, released_at=now, released_by=by, note=note)
    session.add(released)
    return released


def list_releases(session: Session, key: str) -> list[ProcessRelease]:
    """Return which version of a process came into use when, the newest first, with the versions."""
    chosen = select(ProcessRelease).where(ProcessRelease.key == key).order_by(ProcessRelease.number.desc())
    return list(session.scalars(chosen.options(joinedload(ProcessRelease.version))))


def list_versions(session: Session, key: str) -> list[ProcessVersion]:
    """Return all versions of a process, the newest first."""
    return list(session.scalars(select(ProcessVersion).where(ProcessVersion.key == key).order_by(ProcessVersion.version.desc())))


def get_version(session: Session, key: str, number: int) -> ProcessVersion:
    """Return one version of a process.

    Raises:
        NotPublished: There is no such version.
    """
    version = session.scalar(select(ProcessVersion).where(ProcessVersion.key == key, ProcessVersion.version == number))
    if version is None:
        raise NotPublished
    return version


def _newest_release(key: str) -> Select[ProcessRelease]:
    return select(ProcessRelease).where(ProcessRelease.key == key).order_by(ProcessRelease.number.desc()).limit(1)


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
    """Return the version that new cases of a process take.

    Raises:
        NotPublished: There is no such process.
    """
    version = session.scalar(_NEWEST, {"key": key})
    if version is None:
        raise NotPublished
    return version


def is_published(session: Session, key: str) -> bool:
    """Say whether a process has any version."""
    return session.scalar(select(ProcessVersion.id).where(ProcessVersion.key == key).limit(1)) is not None


def list_current_versions(session: Session) -> list[ProcessVersion]:
    """Return the version in use of every process, by title."""
    releases = _current_releases()
    chosen = select(ProcessVersion).join(releases, releases.c.version_id == ProcessVersion.id)
    return list(session.scalars(chosen.order_by(ProcessVersion.title)))


def current_version_ids(session: Session) -> list[tuple[str, str]]:
    """Return the key of every process with the id of its version in use, by key."""
    return [(row.key, row.version_id) for row in _CURRENT.rows(session)]


def _current_releases() -> Subquery:
    newest = select(ProcessRelease.key, func.max(ProcessRelease.number).label("number")).group_by(ProcessRelease.key).subquery()
    is_newest = (ProcessRelease.key == newest.c.key) & (ProcessRelease.number == newest.c.number)
    return select(ProcessRelease.key, ProcessRelease.version_id).join(newest, is_newest).subquery()


def _current_query() -> Select[Any]:
    releases = _current_releases()
    return select(releases.c.key, releases.c.version_id).order_by(releases.c.key)


_CURRENT = Prepared(_current_query)


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
