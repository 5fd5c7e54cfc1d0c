"""Inventories read as batches of columns, from files of several formats."""
