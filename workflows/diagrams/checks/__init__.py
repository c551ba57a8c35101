"""The single checks that `check_diagram` goes through."""
