"""The inbox as it is shown: tabs with counts, filters, rows with their deadline, and what an empty view says."""

from __future__ import annotations

from webapp.presenters.inbox.asked import Asked
from webapp.presenters.inbox.page import Inbox, count_arrived, get_inbox, list_counts
from webapp.presenters.inbox.tabs import Link

__all__ = ["Asked", "Inbox", "Link", "count_arrived", "get_inbox", "list_counts"]
