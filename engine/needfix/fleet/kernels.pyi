import numpy as np
from numpy.typing import NDArray

from needfix.fleet.arrays import Ints, Words

def put_lowest(
    begins: Ints,
    names: Ints,
    versions: Ints,
    slots: Ints,
    ranks: Ints,
    cells: Ints,
    are_told: Ints,
    without: Ints,
    found: Ints,
) -> None: ...
def order_by_code(codes: Ints, ends: Ints, order: Ints) -> None: ...
def number_keys(keys: Ints, numbers: Ints, found: Ints) -> int: ...
def part_by_tops(servers: Ints, cells: Ints, slots: Ints, tops: Ints, found: Ints) -> int: ...
def unite_below(
    servers: Ints, cells: Ints, slots: Ints, firsts: Ints, ends: Ints, rows: Words, found: Words
) -> None: ...
def count_below(
    servers: Ints,
    cells: Ints,
    slots: Ints,
    firsts: Ints,
    ends: Ints,
    rows: Words,
    wanted: Words,
    digits: Words,
    found: Ints,
) -> None: ...
def unite_states(
    servers: Ints,
    cells: Ints,
    slots: Ints,
    ranks: Ints,
    firsts: Ints,
    ends: Ints,
    rows: Words,
    every: Words,
    found: Words,
) -> None: ...
def write_rows(firsts: Ints, whose: Ints, needed: Ints, bits: Ints, rows: Words, every: Words) -> None: ...
def count_bits(rows: Words, digits: Words) -> None: ...
def read_versions(
    offsets: Ints, data: NDArray[np.uint8], numbers: Words, is_plain: NDArray[np.uint8]
) -> None: ...
def count_reached(numbers: Words, thresholds: Words, found: Ints) -> None: ...
def hash_texts(offsets: Ints, data: NDArray[np.uint8], found: Words) -> None: ...
def enter_names(hashes: Words, lines: NDArray[np.uint8], are_known: NDArray[np.uint8]) -> None: ...
