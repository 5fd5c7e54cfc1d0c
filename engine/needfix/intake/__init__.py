"""The edge, stated once: which files a path names, which format a file has, limits, near misses."""
