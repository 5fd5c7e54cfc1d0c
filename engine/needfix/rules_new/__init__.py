"""A rule to start from, with every key explained."""
