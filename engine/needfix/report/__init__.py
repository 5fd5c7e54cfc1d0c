"""Reports: one module for each format, all over the same decisions."""
