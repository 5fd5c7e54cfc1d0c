"""Did you mean: the known word nearest to one that is not known."""

from __future__ import annotations

from functools import lru_cache

_LONGEST = 40
_CLOSE = 0.85


@lru_cache(maxsize=1024)
def nearest(word: str, known: tuple[str, ...]) -> str | None:
    """The known word that this one most likely stands for, if any is close."""
    if len(word) > _LONGEST:
        return None
    from difflib import get_close_matches  # noqa: PLC0415 (rare, and slow to import)

    return next(iter(get_close_matches(word.casefold(), known, 1, _CLOSE)), None)
