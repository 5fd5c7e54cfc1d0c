"""The edge, stated once: what a record holds, how its values read, and what its columns are called."""
