"""Layers: rows of rule bits for every cell of every slot, from which a server's are put together.

A rule may have several fixes to look at: for several installations, for branches of which it can
be any, and for components. The first of each are one layer, so that most plans have a single one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from needfix.decide.files import FixChecks
from needfix.fleet.arrays import CHUNK_WORDS, WORD, Ints, Words
from needfix.fleet.bits import width, words
from needfix.fleet.slots import Scale, Slots

Path = tuple[int, int, int]
"""The place of a fix in a plan: installation, branch, component."""


class States(NamedTuple):
    """For each server the rules of which some file is below its minimum, unknown, missing or there."""

    below: Words
    unknown: Words
    missing: Words
    reached: Words


class Rows(NamedTuple):
    """The rule bits of one slot in one chunk of words, by state and cell."""

    slot: int
    chunk: int
    states: Words
    together: Words
    """By cell the bits of all states side by side."""

    def below(self, cells: Ints) -> Words:
        """The rules whose minimum these cells do not reach."""
        found: Words = self.states[0].take(cells, axis=0, mode="clip")
        return found

    def reached(self, cells: Ints) -> Words:
        """The rules whose minimum these cells reach."""
        found: Words = self.states[3].take(cells, axis=0, mode="clip")
        return found

    def add(self, found: Words, servers: Ints, bits: Words) -> None:
        """Add bits to the rows of servers, each of which may come several times."""
        begin = self.chunk * CHUNK_WORDS
        np.bitwise_or.at(found[:, begin : begin + CHUNK_WORDS], servers, bits)


class Layer:
    """Of each rule one fix at most, and the bits that its files set."""

    def __init__(self, fixes: Sequence[tuple[int, FixChecks]], slots: Slots, size: int) -> None:
        self.size = size
        self.has = words((place for place, _ in fixes), size)
        self.compares = words((place for place, checks in fixes if checks), size)
        self.slots = sorted({check.tracked for _, checks in fixes for check in checks})
        self.rows = tuple(_rows(fixes, slots))

    def below(self, table: Ints) -> Words:
        """The rules with a file below its minimum, for servers whose files all have a rank."""
        found = np.zeros((table.shape[1], self.size), np.uint64)
        for rows in self.rows:
            _add(found, rows, rows.states[0], table)
        return found

    def states(self, table: Ints) -> States:
        """The rules by the states of their files."""
        count = table.shape[1]
        found = np.zeros((self.size // CHUNK_WORDS, count, 4 * CHUNK_WORDS), np.uint64)
        for rows in self.rows:
            found[rows.chunk] |= rows.together.take(table[rows.slot], axis=0, mode="clip")
        by_state = found.reshape(-1, count, 4, CHUNK_WORDS).transpose(2, 1, 0, 3)
        return States(*(np.ascontiguousarray(bits).reshape(count, self.size) for bits in by_state))


def _add(found: Words, rows: Rows, of_cells: Words, table: Ints) -> None:
    begin = rows.chunk * CHUNK_WORDS
    found[:, begin : begin + CHUNK_WORDS] |= of_cells.take(table[rows.slot], axis=0, mode="clip")


def layers(fixes: Iterable[tuple[Path, int, FixChecks]], slots: Slots, count: int) -> dict[Path, Layer]:
    """Fixes with the place of each in its plan and that of its rule, as layers."""
    found: dict[Path, list[tuple[int, FixChecks]]] = {}
    for path, place, checks in fixes:
        found.setdefault(path, []).append((place, checks))
    return {path: Layer(own, slots, width(count)) for path, own in found.items()}


def _rows(fixes: Sequence[tuple[int, FixChecks]], slots: Slots) -> Iterable[Rows]:
    by_chunk: dict[tuple[int, int], list[tuple[int, int]]] = {}
    bits_of_chunk = CHUNK_WORDS * WORD
    for place, checks in fixes:
        for check in checks:
            key = check.tracked, place // bits_of_chunk
            by_chunk.setdefault(key, []).append((check.needed, place % bits_of_chunk))
    for (slot, chunk), needs in sorted(by_chunk.items()):
        states = _states(slots.slots[slot].scale, needs)
        together = np.ascontiguousarray(states.transpose(1, 0, 2)).reshape(states.shape[1], -1)
        yield Rows(slot, chunk, states, together)


def _states(scale: Scale, needs: Sequence[tuple[int, int]]) -> Words:
    """By state and cell the bits of rules; `needs` has the rank that each of them asks for."""
    needed = np.array([need for need, _ in needs])
    places = np.array([place for _, place in needs])
    at_rank = np.zeros((scale.ranks + 1, CHUNK_WORDS), np.uint64)
    np.bitwise_or.at(at_rank, (needed, places // WORD), np.uint64(1) << (places % WORD).astype(np.uint64))
    reached = np.bitwise_or.accumulate(at_rank, axis=0)[:-1]
    below = np.bitwise_or.accumulate(at_rank[::-1], axis=0)[::-1][1:]
    every = np.bitwise_or.reduce(at_rank, axis=0)
    states = np.zeros((4, scale.size, CHUNK_WORDS), np.uint64)
    for doubts in range(3):
        ranks = slice(doubts * scale.ranks, (doubts + 1) * scale.ranks)
        states[0, ranks] = below
        states[1 if doubts else 3, ranks] = reached
    states[1, scale.unreadable] = states[1, scale.not_inventoried] = states[2, scale.missing] = every
    return states
