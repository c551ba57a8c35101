"""The core: what a diagram means. Pure: no web, no database, no clock, no network."""
