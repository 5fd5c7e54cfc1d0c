"""Less information never makes an answer safer: the law over 100,000 pairs that Spark decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyspark.sql import SparkSession

import needfix
from needfix import spark as needfix_spark
from needfix.fleet.records import batch_of
from tests.degraded.sample import sample
from tests.support.less_information import Answer, Answers, Group, check

pytestmark = [pytest.mark.slow, pytest.mark.jvm]
_PAIRS = 100_000
_SERVERS = 80
_RULES = 4


def test_a_server_with_less_information_has_no_safer_answer(cluster: SparkSession, tmp_path: Path) -> None:
    def decide(catalogue: needfix.Catalogue, servers: Sequence[needfix.Server]) -> list[Answers]:
        named = [replace(server, server=f"S{number:06}") for number, server in enumerate(servers)]
        file = tmp_path / "fleet.parquet"
        pq.write_table(pa.Table.from_batches([batch_of(named)]), file)
        found: dict[str, dict[str, Answer]] = {server.server: {} for server in named}
        rows = needfix_spark.evaluate(cluster.read.parquet(str(file)).repartition(4), catalogue).collect()
        for row in rows:
            found[row.server][row.rule] = Answer(row.decision, row.action, frozenset(row.reasons))
        return [found[server.server] for server in named]

    pairs = 0
    for seed in count(20261129):
        catalogue, groups = sample(seed, _SERVERS)
        if len(catalogue) == _RULES:
            assert list(check(catalogue, groups, decide)) == []
            pairs += pairs_of(groups, catalogue)
        if pairs >= _PAIRS:
            return


def pairs_of(groups: Sequence[Group], catalogue: needfix.Catalogue) -> int:
    return sum(len(group.less) for group in groups) * len(catalogue)
