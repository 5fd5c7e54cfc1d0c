"""From facts to decisions: evidence by comparing, decisions by inference over evidence alone."""
