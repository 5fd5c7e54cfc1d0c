"""The edge, stated once: files and formats, the fields of a record and how they read, limits, near misses."""
