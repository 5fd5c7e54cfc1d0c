"""Vendor articles turned into rules: read, doubted where need be, and written as YAML."""
