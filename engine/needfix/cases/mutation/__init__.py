"""Mutation: rules changed in every small way that matters, and whether their cases detect it."""

from needfix.cases.mutation.run import mutate, mutate_rule

__all__ = ["mutate", "mutate_rule"]
