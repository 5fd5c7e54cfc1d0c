"""Several records of one server: united in columns as one at a time, and the law holds for what is united."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

import needfix
from needfix import Server, fleet
from needfix.model.server import altered
from tests.degraded.deciders import by_the_engine
from tests.fleet.support import single_rows
from tests.support.laws import tried
from tests.support.leaving_out import degraded
from tests.support.less_information import Group, check, groups_of
from tests.support.random_rules import random_catalogue
from tests.support.random_servers import random_server

TIMES = (None, None, "2002-05-09", "2002-05-09T08:00:00Z", "2002-05-10T08:00:00Z", "yesterday")


def records(random: Random, catalogue: needfix.Catalogue, name: str) -> Iterator[Server]:
    """One to three records of a server; the further ones repeat or alter facts of the first."""
    first = random_server(random, catalogue, name)
    yield altered(first, collected=random.choice(TIMES))
    for _ in range(random.randint(0, 2)):
        other = random_server(random, catalogue, random.choice([name, name.lower()]))
        values = {key: getattr(first, key) for key in ("products", "hotfixes") if random.random() < 0.5}
        yield altered(other, collected=random.choice(TIMES), **values)


@tried(60)
@given(st.integers(0, 2**32))
def test_in_columns_and_one_at_a_time_they_are_united_alike(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - a sample
    catalogue = random_catalogue(random)
    every = [one for number in range(6) for one in records(random, catalogue, f"SRV{number}")]
    random.shuffle(every)
    half = len(every) // 2
    with TemporaryDirectory() as folder:
        files = [Path(folder, "1.jsonl"), Path(folder, "2.jsonl")]
        for file, part in zip(files, (every[:half], every[half:]), strict=True):
            text = "".join(json.dumps(one.as_record()) + "\n" for one in part)
            file.write_text(text, encoding="utf-8")
        united = list(needfix.read_inventory(*files, join=True))
        assert len(united) == 6
        assert sorted(united) == sorted(needfix.read_inventory(*files[::-1], join=True))
        rows = [row for batch in fleet.decisions(catalogue, files, join=True) for row in batch.to_pylist()]
        assert rows == single_rows(catalogue, united)


@tried(60)
@given(st.integers(0, 2**32))
def test_a_united_server_with_less_information_has_no_safer_answer(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - a sample
    catalogue = random_catalogue(random)
    united = [needfix.joined(records(random, catalogue, "SRV")) for _ in range(3)]
    assert next(check(catalogue, groups_of(catalogue, united, random), by_the_engine), None) is None


@tried(60)
@given(st.integers(0, 2**32))
def test_a_fact_left_out_of_one_of_several_records_makes_no_answer_safer(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - a sample
    catalogue = random_catalogue(random)
    # Of records of one time none replaces what another states.
    one, *others = (altered(own, collected=None) for own in records(random, catalogue, "SRV"))
    less = [(changes, needfix.joined([left, *others])) for changes, left in degraded(catalogue, one, random)]
    united = needfix.joined([one, *others])
    found = check(catalogue, [Group(united, less)], by_the_engine)
    # Records that disagree are facts that disagree, of symptoms as well.
    excused = (4, 5) if united.disagreements else ()
    assert next((own for own in found if own.clause not in excused), None) is None
