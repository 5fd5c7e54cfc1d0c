"""DuckDB on a fleet with a column for each file; each distinct version is parsed once and joined.

On several threads rows come in any order, so the matrix carries the server.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import ClassVar, TypeAlias

import duckdb

from benchmarks.fleet.engine import Counts, Engine, Matrix, key
from benchmarks.sample import FILES, LEVELS, PRODUCTS, Rule, product_name

Fleet: TypeAlias = duckdb.DuckDBPyConnection


class DuckDbGroups(Engine[Fleet]):
    """Counts by level what reaches the minima of a product's rules, and adds up the affected levels."""

    title: ClassVar[str] = "DuckDB, grouped by level"
    reads: ClassVar[str] = "wide"

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules

    def load(self, fleet: Path) -> Fleet:
        """Into a table in memory, as strings."""
        connection = duckdb.connect()
        connection.execute(f"CREATE TABLE fleet AS FROM read_parquet('{fleet}')")
        return connection

    def run(self, fleet: Path) -> Counts:
        """Straight from the file."""
        connection = duckdb.connect()
        connection.execute(f"CREATE VIEW fleet AS FROM read_parquet('{fleet}')")
        return self.counts(connection)

    def counts(self, data: Fleet) -> Counts:
        """Keys first, then decisions."""
        data.execute(DISTINCT)
        data.execute(KEYED)
        return self.decided(data)

    def decided(self, data: Fleet) -> Counts:
        """A query for each product, with a column for each of its rules."""
        found = {}
        for product in range(len(PRODUCTS)):
            places = [place for place, rule in enumerate(self._rules) if rule[1] == product]
            found.update(dict(zip(places, self._of_product(data, product, places), strict=True)))
        servers = _servers(data)
        return tuple((servers - sum(found[place]), *found[place]) for place in range(len(self._rules)))

    def _of_product(self, data: Fleet, product: int, places: Sequence[int]) -> Iterable[tuple[int, int]]:
        reached = "".join(f", count_if({_reached(self._rules[place])})" for place in places)
        name = product_name(product)
        rows = data.execute(
            f"SELECT level, count(*) {reached} FROM keyed WHERE product = '{name}' GROUP BY level"
        ).fetchall()
        of_levels = {LEVELS.index(level): counts for level, *counts in rows}
        for number, place in enumerate(places, start=1):
            affected = [of_levels[level] for level in self._rules[place][2] if level in of_levels]
            present = sum(counts[number] for counts in affected)
            yield present, sum(counts[0] for counts in affected) - present

    def matrix(self, data: Fleet) -> Matrix:
        """One CASE a rule."""
        data.execute(DISTINCT)
        data.execute(KEYED)
        cases = ", ".join(map(_case, self._rules))
        rows = data.execute(f"SELECT server, {cases} FROM keyed").fetchall()
        return [bytes(decisions) for _server, *decisions in sorted(rows)]


class DuckDbCases(DuckDbGroups):
    """Decides by one CASE a rule, and counts."""

    title: ClassVar[str] = "DuckDB, one CASE a rule"

    def decided(self, data: Fleet) -> Counts:
        """Every decision is made, and counted in the same query."""
        cases = [_case(rule) for rule in self._rules]
        sums = ", ".join(f"count_if({case} = 1), count_if({case} = 2)" for case in cases)
        found = data.execute(f"SELECT {sums} FROM keyed").fetchall()[0]
        servers = _servers(data)
        pairs = zip(found[::2], found[1::2], strict=True)
        return tuple((servers - present - required, present, required) for present, required in pairs)


def _servers(data: Fleet) -> int:
    return int(data.execute("SELECT count(*) FROM keyed").fetchall()[0][0])


def _case(rule: Rule) -> str:
    _, product, levels, _ = rule
    among = ", ".join(f"'{LEVELS[level]}'" for level in levels)
    affected = f"product = '{product_name(product)}' AND level IN ({among})"
    return f"CASE WHEN NOT ({affected}) THEN 0 WHEN {_reached(rule)} THEN 1 ELSE 2 END"


def _reached(rule: Rule) -> str:
    return " AND ".join(f'"{name}" >= {key(minimum)}' for name, minimum in rule[3].items())


def _key(text: str) -> str:
    first, second, build, revision = (f"split_part({text}, '.', {place})::BIGINT" for place in range(1, 5))
    return f"(({first} * 65536 + {second}) * 65536 + {build}) * 65536 + {revision}"


_EVERY = " UNION ".join(f'SELECT "{name}" AS text FROM fleet' for name in FILES)
_PARSED = f"SELECT text, {_key('text')} AS key FROM ({_EVERY}) WHERE text IS NOT NULL"
DISTINCT = f"CREATE OR REPLACE TEMP TABLE versions AS {_PARSED}"
_KEYS = ", ".join(f'v{place}.key AS "{name}"' for place, name in enumerate(FILES))
_JOINS = " ".join(
    f'LEFT JOIN versions v{place} ON v{place}.text = fleet."{name}"' for place, name in enumerate(FILES)
)
KEYED = f"CREATE OR REPLACE TEMP TABLE keyed AS SELECT server, product, level, {_KEYS} FROM fleet {_JOINS}"
