"""Registers as people read, change and export them."""
