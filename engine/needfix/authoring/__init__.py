"""What rule authors do: for now, running the cases of a rule."""
