"""Indicators as pages: the dashboard, one indicator with its list, and both as files."""
