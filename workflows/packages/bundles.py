"""Files of a process as they come from somebody's machine: a zip of a folder, or one file. Nothing of it is trusted.

A zip can claim any size, hold names that lead out of the folder, links, and the same name twice; it is read with a budget,
and what is not plainly a file of a process is refused by name.
"""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import PurePosixPath

from workflows.errors import SafeconductError
from workflows.packages.messages import LANGUAGES

MOST_FILES = 500
MOST_BYTES = 20_000_000
MOST_BYTES_OF_A_FILE = 2_000_000
_FOLDERS = {".form": "forms", ".yaml": "scenarios", ".yml": "scenarios"}
_MESSAGE = re.compile(r"N-[A-Z0-9]+-[0-9]+\.md")
_PLAIN = re.compile(r"[\w][\w.\- ]*")


class BundleRefused(SafeconductError):
    """This file cannot be imported."""


class BundleEmpty(BundleRefused):
    """The file is empty, or holds no file of a process."""


class BundleBroken(BundleRefused):
    """This is no zip file that can be read. Pack the folder again."""


class BundleLocked(BundleRefused):
    """The zip file is locked with a password. Pack it again without one."""


class BundleTooLarge(BundleRefused):
    """This is too much for a process: at most {files} files, {bytes} MB unpacked, and {each} MB for one file."""


class NameUnsafe(BundleRefused):
    """The zip file holds “{name}”, which leads out of its folder or is no plain file. Nothing was taken."""


class NameTwice(BundleRefused):
    """The zip file holds “{name}” twice. Nothing was taken."""


class NameUnknown(BundleRefused):
    """A process has no file like “{name}”. It has .bpmn, .dmn, .form, .md, .toml and .yaml files, or a zip of them."""


def read_upload(name: str, content: bytes) -> dict[str, bytes]:
    """Read what somebody sent: the files by their places in a process folder.

    Args:
        name: What the file is called on the machine that it comes from; only its last part counts.

    Raises:
        BundleRefused: As its kinds say.
    """
    plain = re.split(r"[/\\]", name)[-1].strip()
    if not content:
        raise BundleEmpty
    if content[:2] == b"PK" or plain.lower().endswith(".zip"):
        return unpack_bundle(content)
    if len(content) > MOST_BYTES_OF_A_FILE:
        raise _too_large()
    return {_place(plain): content}


def unpack_bundle(content: bytes) -> dict[str, bytes]:
    """Unpack a zip of a process folder, with or without the folder itself around it.

    Raises:
        BundleRefused: As its kinds say.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = _read_all(archive)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, OSError, zlib.error, ValueError) as error:
        raise BundleBroken from error
    if not files:
        raise BundleEmpty
    return _without_folder(files)


def _read_all(archive: zipfile.ZipFile) -> dict[str, bytes]:
    listed = [each for each in archive.infolist() if not each.is_dir() and not _is_hidden(each.filename)]
    if (
        len(archive.infolist()) > MOST_FILES * 2
        or len(listed) > MOST_FILES
        or sum(each.file_size for each in listed) > MOST_BYTES
    ):
        raise _too_large()
    files: dict[str, bytes] = {}
    left = MOST_BYTES
    for each in listed:
        _ensure_safe(each)
        if each.filename in files:
            raise NameTwice(name=each.filename)
        with archive.open(each) as opened:
            # What the zip says of its own size is not believed.
            files[each.filename] = opened.read(MOST_BYTES_OF_A_FILE + 1)
        left -= len(files[each.filename])
        if len(files[each.filename]) > MOST_BYTES_OF_A_FILE or left < 0:
            raise _too_large()
    return files


def _ensure_safe(each: zipfile.ZipInfo) -> None:
    name, mode = each.filename, each.external_attr >> 16
    if each.flag_bits & 0x1:
        raise BundleLocked
    parts = PurePosixPath(name).parts
    is_file = not mode or not stat.S_IFMT(mode) or stat.S_ISREG(mode)
    unsafe = not name.isprintable() or "\\" in name or ":" in name or name.startswith("/") or ".." in parts
    if unsafe or not is_file or not parts:
        raise NameUnsafe(name=name[:120])


def _is_hidden(name: str) -> bool:
    """Whether a system put it there by itself."""
    return any((part.startswith(".") and part.strip(".")) or part == "__MACOSX" for part in name.split("/"))


def _without_folder(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Take the folder away that the files lie in, where they all lie in one that is none of a process folder's own."""
    tops = {name.split("/")[0] for name in files}
    top = next(iter(tops))
    if len(tops) > 1 or any("/" not in name for name in files) or top in {"forms", "messages", "i18n", "scenarios"}:
        return dict(files)
    return {name.removeprefix(f"{top}/"): content for name, content in files.items()}


def _place(name: str) -> str:
    """Say where in a process folder a single file belongs."""
    ending = PurePosixPath(name).suffix.lower()
    stem = name[: -len(ending)] if ending else name
    if not _PLAIN.fullmatch(name):
        raise NameUnknown(name=name[:120])
    if ending in _FOLDERS:
        return f"{_FOLDERS[ending]}/{name}"
    if ending == ".toml":
        if stem == "process":
            return name
        if stem in LANGUAGES:
            return f"i18n/{name}"
    elif ending == ".md":
        return f"messages/{name}" if _MESSAGE.fullmatch(name) else name
    elif ending in {".bpmn", ".dmn"}:
        return name
    raise NameUnknown(name=name[:120])


def _too_large() -> BundleTooLarge:
    return BundleTooLarge(files=MOST_FILES, bytes=MOST_BYTES // 1_000_000, each=MOST_BYTES_OF_A_FILE // 1_000_000)
