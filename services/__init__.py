"""What people can do: each function is one act inside the caller's transaction."""
