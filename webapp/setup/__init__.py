"""What turns a fresh clone into a running program. Standard library only: it runs before anything is installed."""
