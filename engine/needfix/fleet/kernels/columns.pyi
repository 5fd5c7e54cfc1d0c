import numpy as np
from numpy.typing import NDArray

from needfix.fleet.arrays import Ints, Words

def count_of(data: bytes, sign: int) -> int: ...
def order_by_code(codes: Ints, ends: Ints, order: Ints) -> None: ...
def number_keys(keys: Ints, numbers: Ints, found: Ints) -> int: ...
def read_versions(
    offsets: Ints, data: NDArray[np.uint8], numbers: Words, parts_of: NDArray[np.uint8]
) -> None: ...
def count_reached(numbers: Words, thresholds: Words, found: Ints) -> None: ...
def choose_codes(
    servers: Ints,
    rules: Ints,
    before: Ints,
    codes: Ints,
    firsts: Ints,
    begins: Ints,
    layouts: Ints,
    firsts_of_layouts: Ints,
    places: Ints,
    whose: Ints,
    chosen: Ints,
    upper: Ints,
    lower: Ints,
) -> int: ...
def spread_codes(
    servers: Ints,
    before: Ints,
    codes: Ints,
    firsts: Ints,
    begins: Ints,
    layouts: Ints,
    firsts_of_layouts: Ints,
    places: Ints,
    upper: Ints,
    lower: Ints,
) -> None: ...
def hash_texts(offsets: Ints, data: NDArray[np.uint8], found: Words) -> None: ...
def are_ascending(offsets: Ints, data: NDArray[np.uint8], ends: Words) -> bool: ...
def hash_names(offsets: Ints, data: NDArray[np.uint8], found: Words, are_odd: NDArray[np.uint8]) -> None: ...
def enter_names(hashes: Words, lines: NDArray[np.uint8], are_known: NDArray[np.uint8]) -> None: ...
def offsets_of_lists(numbers: Ints, ends: Ints, offsets: Ints) -> int: ...
def take_lists(numbers: Ints, ends: Ints, flat: Ints, offsets: Ints, found: Ints) -> None: ...
