"""Registers: what the tables of the domain look like to those who read, keep and export them."""
