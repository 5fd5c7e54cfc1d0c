from needfix.fleet.arrays import Ints, Words

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
    lows: Ints,
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
def put_codes(places: Ints, bits: Words, codes: Ints, others: Ints, table: Ints) -> None: ...
