"""Facts compared with a rule: the result is evidence, which consists of a few closed enumerations."""
