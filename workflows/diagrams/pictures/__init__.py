"""How a diagram becomes a picture: text, lines, shapes and symbols."""
