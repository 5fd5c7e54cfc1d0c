"""Fleets: the same decisions as one server at a time, for whole columns of servers at once."""
