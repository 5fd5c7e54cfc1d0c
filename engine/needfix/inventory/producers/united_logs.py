"""Logs of one server in several files: their rows in the order of time, as if they were in one file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from needfix.errors import NOWHERE, Problem
from needfix.intake.record import server_from_record
from needfix.inventory.producers.facts import Facts
from needfix.inventory.producers.united import United
from needfix.inventory.stated_lists import with_whole_lists
from needfix.model.server import Server, altered
from needfix.model.whole_lists import WholeLists


def with_one_log(records: Sequence[Server]) -> tuple[Server, ...]:
    """The records of a server, where one record takes the place of those that were read from logs.

    So a row that one file removes is gone, though another file added it. What is answered about the server
    is no row, and stays.
    """
    logs = sorted((own for own in records if own.log_rows), key=lambda own: own.at or NOWHERE)
    found = _united(logs) if len(logs) > 1 else None
    if found is None:
        return tuple(records)
    return (found, *_answers(logs), *(own for own in records if not own.log_rows))


def _united(logs: Sequence[Server]) -> Server | None:
    """The record of all rows; None where it cannot be made."""
    united = United()
    rows = [row for own in logs for row in own.log_rows if isinstance(row, Facts)]
    for facts in sorted(rows, key=lambda own: (own.time, not own.removes)):
        united.add(facts)
        if united.too_long is not None:
            return None
    name, at = min(own.server for own in logs), min(own.at or NOWHERE for own in logs)
    problems: list[Problem] = []
    found = server_from_record({"server": name, **united.record()}, at, problems)
    if found is None or problems:
        return None
    every = [own.whole_lists for own in logs]
    lists = WholeLists(united.products, any(own.lost_rows for own in every))
    scopes = frozenset(scope for own in every for scope in (*own.stated, *own.denied))
    return with_whole_lists(altered(found, whole_lists=lists), scopes)


def _answers(logs: Sequence[Server]) -> Iterator[Server]:
    for own in logs:
        if own.observed is not None or own.absent is not None:
            yield Server(own.server, own.collected, observed=own.observed, absent=own.absent, at=own.at)
