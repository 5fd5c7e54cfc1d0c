"""Inventories: the facts about servers, read as a stream from files of several formats."""
