"""The pages of the studio, in which owners change their processes."""
