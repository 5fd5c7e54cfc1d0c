"""Reports of `needfix test`, one module a format."""
