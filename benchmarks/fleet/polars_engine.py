"""Polars on a fleet with a column for each file: all versions parsed, or each distinct one once.

Versions become numbers. Counting goes by product and level, so that a rule only looks at servers that it
affects; that is several times faster than a when/then over the whole fleet, which keeps each decision.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import polars as pl

from benchmarks.fleet.engine import FIX_PRESENT, FIX_REQUIRED, NOT_AFFECTED, Counts, Engine, Matrix, key
from benchmarks.sample import FILES, LEVELS, PRODUCTS, Rule, product_name

HEADS = ("product", "level")
GROUPS = [(product, level) for product in range(len(PRODUCTS)) for level in range(len(LEVELS))]


class PolarsEveryVersion(Engine[pl.DataFrame]):
    """Parses the version in every cell."""

    title: ClassVar[str] = "Polars, every version parsed"
    reads: ClassVar[str] = "wide"

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        self._reached = [_reached(minima) for _, _, _, minima in rules]

    def load(self, fleet: Path) -> pl.DataFrame:
        """All columns as strings."""
        return pl.read_parquet(fleet)

    def counts(self, data: pl.DataFrame) -> Counts:
        """A rule is counted in each group that it affects."""
        keyed = self.keyed(data).lazy()
        parts = pl.collect_all([self._of_group(keyed, *group) for group in GROUPS])
        affected: Counter[int] = Counter()
        present: Counter[int] = Counter()
        for group, part in zip(GROUPS, parts, strict=True):
            found = part.row(0, named=True)
            servers = found.pop("servers")
            present.update({int(rule): int(count) for rule, count in found.items()})
            affected.update(dict.fromkeys(self._affected_by(*group), servers))
        return tuple(
            (len(data) - affected[rule], present[rule], affected[rule] - present[rule])
            for rule in range(len(self._rules))
        )

    def matrix(self, data: pl.DataFrame) -> Matrix:
        """One when/then a rule."""
        return [
            bytes(row) for row in self.keyed(data).select(map(self._decision, range(len(self._rules)))).rows()
        ]

    def keyed(self, data: pl.DataFrame) -> pl.DataFrame:
        """Versions as numbers with the same order; products and levels by place."""
        return data.select(*_places(), *(_key(pl.col(name)).alias(name) for name in FILES))

    def _of_group(self, keyed: pl.LazyFrame, product: int, level: int) -> pl.LazyFrame:
        rules = self._affected_by(product, level)
        present = (self._reached[rule].sum().alias(str(rule)) for rule in rules)
        servers = keyed.filter(pl.col("product") == product, pl.col("level") == level)
        return servers.select(pl.len().alias("servers"), *present)

    def _affected_by(self, product: int, level: int) -> list[int]:
        return [
            place
            for place, (_, of_product, levels, _) in enumerate(self._rules)
            if of_product == product and level in levels
        ]

    def _decision(self, rule: int) -> pl.Expr:
        _, product, levels, _ = self._rules[rule]
        affected = (pl.col("product") == product) & pl.col("level").is_between(levels[0], levels[-1])
        decided = pl.when(~affected).then(NOT_AFFECTED).when(self._reached[rule]).then(FIX_PRESENT)
        return decided.otherwise(FIX_REQUIRED).alias(str(rule))


class PolarsDistinct(PolarsEveryVersion):
    """Parses each distinct version once."""

    title: ClassVar[str] = "Polars, distinct versions parsed once"

    def keyed(self, data: pl.DataFrame) -> pl.DataFrame:
        """By way of categories, which number the distinct versions."""
        known = pl.Categorical(pl.Categories("versions"))
        coded = data.select(*_places(), pl.col(FILES).cast(known))
        distinct = pl.concat([coded[name].unique() for name in FILES]).unique().drop_nulls()
        parsed = pl.select(place=distinct.to_physical(), key=_key(pl.lit(distinct.cast(pl.String))))
        every = pl.select(place=pl.int_range(pl.lit(distinct.to_physical()).max() + 1, dtype=pl.UInt32))
        keys = every.join(parsed, on="place", how="left", maintain_order="left")["key"]
        of_files = (pl.lit(keys).gather(pl.col(name).to_physical()).alias(name) for name in FILES)
        return coded.select(*HEADS, *of_files)


def _places() -> tuple[pl.Expr, pl.Expr]:
    names = [product_name(product) for product in range(len(PRODUCTS))]
    product = pl.col("product").replace_strict(names, range(len(names)), default=None, return_dtype=pl.UInt8)
    level = pl.col("level").replace_strict(LEVELS, range(len(LEVELS)), default=None, return_dtype=pl.UInt8)
    return product, level


def _reached(minima: dict[str, tuple[int, int, int, int]]) -> pl.Expr:
    """Null or false where a file is missing; neither is counted."""
    return pl.all_horizontal([pl.col(name) >= key(minimum) for name, minimum in minima.items()])


def _key(text: pl.Expr) -> pl.Expr:
    parts = text.str.split_exact(".", 3).struct
    first, second, build, revision = (parts.field(f"field_{place}").cast(pl.Int64) for place in range(4))
    return ((first * 65536 + second) * 65536 + build) * 65536 + revision
