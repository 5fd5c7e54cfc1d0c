"""Gathering facts: from folders and mounted disk images, and scripts that collect them elsewhere."""
