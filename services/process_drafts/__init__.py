"""Drafts of processes: what their owners work on in the studio until it is published."""

from __future__ import annotations

from services.process_drafts.beginning import begin_process
from services.process_drafts.checking import Checked, check, examine
from services.process_drafts.files import FileMissing, list_files, read_file, remove_file, replace_files, save_file
from services.process_drafts.importing import Preview, import_files, preview_import
from services.process_drafts.keeping import (
    copy_draft,
    create_draft,
    discard_draft,
    get_draft,
    list_drafts,
    may_own,
    open_draft,
)
from services.process_drafts.outlining import change_diagram, describe_step
from services.process_drafts.storing import FileName, FileTooLarge, XmlUnfit, base_package, files_of, package_of
from services.process_drafts.wording import Change, Translation, list_translations, save_translations

__all__ = [
    "Change",
    "Checked",
    "FileMissing",
    "FileName",
    "FileTooLarge",
    "Preview",
    "Translation",
    "XmlUnfit",
    "base_package",
    "begin_process",
    "change_diagram",
    "check",
    "copy_draft",
    "create_draft",
    "describe_step",
    "discard_draft",
    "examine",
    "files_of",
    "get_draft",
    "import_files",
    "list_drafts",
    "list_files",
    "list_translations",
    "may_own",
    "open_draft",
    "package_of",
    "preview_import",
    "read_file",
    "remove_file",
    "replace_files",
    "save_file",
    "save_translations",
]
