"""What rule authors do: running the cases of a rule, and linting."""
