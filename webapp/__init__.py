"""The web: request in, one service call, page out."""
