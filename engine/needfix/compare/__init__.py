"""Facts held against a rule: what each says becomes evidence, a few closed enumerations."""
