"""How one decision came about, and what would change it."""
