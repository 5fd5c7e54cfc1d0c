"""Which column of a table holds what: by its own name, by a usual one, or as `--map` says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from needfix.errors import NeedfixWarning, Position, Problem, UsageError
from needfix.importing.builds.row import COLUMNS
from needfix.importing.builds.table import Table
from needfix.intake.near import did_you_mean, nearest

_USUAL = {
    "product name": "product",
    "version": "build",
    "build number": "build",
    "article": "kb",
    "articles": "kb",
    "kbs": "kb",
    "advisory": "advisories",
    "cve": "advisories",
    "cves": "advisories",
    "release date": "released",
    "date": "released",
    "supported until": "supported_until",
    "support ends": "supported_until",
    "references": "reference",
    "url": "reference",
}
_NEEDED = ("product", "level", "build")


def mapping_of(words: Iterable[str]) -> dict[str, str]:
    """The keys of columns as `--map COLUMN=KEY` states them. Raises UsageError where one makes no sense."""
    found: dict[str, str] = {}
    for word in words:
        column, sign, key = word.rpartition("=")
        if not sign or not column.strip():
            raise UsageError(
                f"--map {word}: no column and key\n    hint: write --map 'Release date=released'"
            )
        if key.strip() not in COLUMNS:
            known = ", ".join(COLUMNS)
            hint = did_you_mean(nearest(key, COLUMNS), f"the keys are {known}")
            raise UsageError(f"--map {word}: there is no key {key.strip()!r}\n    hint: {hint}")
        found[column.strip().casefold()] = key.strip()
    return found


def keys_of(
    table: Table, mapped: Mapping[str, str], file: str, problems: list[Problem]
) -> tuple[dict[str, str], list[str]]:
    """The key of each column, and the columns without one; a misleading header is a problem."""
    keys: dict[str, str] = {}
    unknown: list[str] = []
    for column, at in table.columns.items():
        folded = column.casefold()
        key = mapped.get(folded) or (folded if folded in COLUMNS else _USUAL.get(folded))
        if key is None:
            near = nearest(folded, COLUMNS)
            if near is not None and near not in map(str.casefold, table.columns):
                what = f"{column!r} is not a known column"
                problems.append(Problem(at, what, "", did_you_mean(near), "unknown-key"))
            unknown.append(column)
            continue
        earlier = next((one for one, its in keys.items() if its == key), None)
        if earlier is not None:
            what = f"two columns hold {COLUMNS[key]}: {earlier} and {column}"
            hint = "remove one, or map it to another key with --map"
            problems.append(Problem(at, what, "one column", hint, "duplicate-key"))
            continue
        keys[column] = key
    _check_needed(tuple(keys.values()), table, file, problems)
    return keys, unknown


def _check_needed(keys: Sequence[str], table: Table, file: str, problems: list[Problem]) -> None:
    missing = [key for key in _NEEDED if key not in keys]
    if missing:
        has = ", ".join(table.columns) or "no column"
        at = next(iter(table.columns.values()), Position(file, 1))
        what = f"there is no column {' or '.join(missing)} (it has {has})"
        hint = f"name the column with --map, as in --map '{next(iter(table.columns), 'Column')}={missing[0]}'"
        problems.append(Problem(at._replace(column=0), what, "", hint, "missing-key"))


def unknown_columns(file: str, unknown: Sequence[str]) -> NeedfixWarning:
    """The note about columns that are not read."""
    return NeedfixWarning(f"{file}: columns that are not read: {', '.join(unknown)}")
