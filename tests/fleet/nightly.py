"""Compares the fleet path with one server at a time on random catalogues and fleets, for as long as it takes.

    python -m tests.fleet.nightly --pairs 10000000

Rules and records come from the strategies of the laws, other ones each time. Many rules make one
catalogue, and the facts of many records are put together anew, so that a second gives far more pairs
of a server and a rule than the laws do. Several threads decide each fleet, and take turns often. What
differs is shown in full.
"""

from __future__ import annotations

import argparse
import random
import sys
import warnings
from collections.abc import Iterator, Sequence
from typing import Any

from hypothesis import strategies as st
from hypothesis.errors import NonInteractiveExampleWarning

import needfix
from needfix.errors import NeedfixError
from needfix.fleet.reading.piece import limited
from tests.decide.strategies import records, rules
from tests.decide.wide_strategies import wide_records, wide_rules
from tests.fleet.support import counted, counts, fleet_rows, piece_of, single_rows
from tests.support.catalogues import Document, catalogue_of, server

_DRAWS = 24
_RECORDS = 120
_SERVERS = 1500
_THREADS = 3
_SWITCH = 1e-5
"""Seconds after which a thread makes way, so that checklists are made and counts taken in any order."""
_NAMES_OF_RULES = ("requires", "supersedes")


def main(words: list[str]) -> int:
    """Compare so many pairs; the exit code is 1 where any differ."""
    parser = argparse.ArgumentParser(prog="tests.fleet.nightly", description=__doc__)
    parser.add_argument("--pairs", type=int, default=10_000_000, help="of a server and a rule")
    arguments = parser.parse_args(words)
    sys.setswitchinterval(_SWITCH)
    warnings.simplefilter("ignore", NonInteractiveExampleWarning)
    pairs = different = 0
    for rounds, (catalogue, servers) in enumerate(_fleets(), 1):
        different += _differences(catalogue, servers)
        pairs += len(catalogue) * len(servers)
        sys.stdout.write(f"\r{rounds} fleets, {pairs:,} pairs, {different} different")
        sys.stdout.flush()
        if pairs >= arguments.pairs:
            break
    sys.stdout.write("\n")
    return int(different > 0)


def _differences(catalogue: needfix.Catalogue, servers: Sequence[needfix.Server]) -> int:
    rows, summary = fleet_rows(catalogue, *limited(piece_of(servers), _SERVERS // _THREADS))
    expected = single_rows(catalogue, servers)
    wrong = [(row, single) for row, single in zip(rows, expected, strict=True) if row != single]
    for row, single in wrong[:3]:
        at = next(one for one in servers if one.server == single["server"])
        sys.stdout.write(f"\nfleet {row}\nsingle {single}\n{at}\n{catalogue.rules[single['rule']]}\n")
    is_counted = summary.servers == len(servers) and counts(summary) == counted(expected)
    return len(wrong) + (not is_counted)


def _fleets() -> Iterator[tuple[needfix.Catalogue, list[needfix.Server]]]:
    chance = random.Random()  # noqa: S311 - made-up data, not secrets
    while True:
        of_rules, of_records = chance.choice([(rules(), records()), (wide_rules(), wide_records())])
        catalogue = _catalogue(_many(of_rules, chance.randint(1, _DRAWS)))
        if catalogue is not None:
            yield catalogue, _servers(_many(of_records, _RECORDS), chance)


def _many(strategy: st.SearchStrategy[Any], count: int) -> list[Any]:
    return [strategy.example() for _ in range(count)]


def _catalogue(draws: Sequence[list[Document]]) -> needfix.Catalogue | None:
    """The rules of all draws in one catalogue, those of each with ids of their own."""
    documents: dict[tuple[str, str], Document] = {}
    for number, draw in enumerate(draws):
        for document in draw:
            if "id" in document:
                renamed = _renamed(document, number)
                documents["rule", renamed["id"]] = renamed
            else:
                documents["product", document["product"]] = document
    try:
        return catalogue_of(*documents.values())
    except NeedfixError:
        return None  # two draws can contradict each other


def _renamed(document: Document, number: int) -> Document:
    def named(entry: Any) -> Any:  # noqa: ANN401 - an id, or a level
        return f"{entry}{number:03}" if isinstance(entry, str) and entry.upper().startswith("Q") else entry

    lists = {key: [named(entry) for entry in document[key]] for key in _NAMES_OF_RULES if key in document}
    return {**document, **lists, "id": named(document["id"])}


def _servers(drawn: Sequence[Document], chance: random.Random) -> list[needfix.Server]:
    """Servers whose every key is that of one of the records drawn."""
    keys = sorted({key for record in drawn for key in record if key != "server"})
    made: list[needfix.Server] = []
    while len(made) < _SERVERS:
        shown = {key: chance.choice(drawn).get(key) for key in keys}
        record = {key: value for key, value in shown.items() if value is not None}
        made.append(server(**{**record, "server": f"S{len(made):05}"}))
    return made


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
