"""What an import would change, before it is taken."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass

from services import definitions
from services.models.process_drafts import ProcessDraft
from services.process_drafts import Preview
from webapp.presenters.studio.comparing import Part, group_differences
from workflows.packages.bundles import MOST_BYTES_OF_A_FILE, MOST_FILES, BundleTooLarge

#: What a form of a page may carry, packed; far more than any process has.
MOST_PACKED = 1_400_000


@dataclass(frozen=True, kw_only=True)
class ImportPage:
    """What an import would change.

    Attributes:
        bundle: The files, packed, as text for a form.
        parts: The differences as sentences; None where the draft cannot be compared.
    """

    bundle: str
    revision: int
    added: list[str]
    changed: list[str]
    removed: list[str]
    parts: list[Part] | None


def show_preview(draft: ProcessDraft, files: Mapping[str, bytes], preview: Preview) -> ImportPage:
    """Say what taking files into a draft would change.

    Raises:
        BundleTooLarge: They are more than a page can carry.
    """
    packed = definitions.pack(dict(files))
    if len(packed) > MOST_PACKED:
        raise BundleTooLarge(files=MOST_FILES, bytes=20, each=MOST_BYTES_OF_A_FILE // 1_000_000)
    return ImportPage(
        bundle=base64.b64encode(packed).decode(),
        revision=draft.revision,
        added=preview.added,
        changed=preview.changed,
        removed=preview.removed,
        parts=group_differences(draft, preview.differences) if preview.differences is not None else None,
    )
