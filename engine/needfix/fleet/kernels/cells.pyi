from needfix.fleet.arrays import Ints

def put_lowest(
    begins: Ints,
    names: Ints,
    versions: Ints,
    slots: Ints,
    ranks: Ints,
    paths: Ints,
    are_kept: Ints,
    cells: Ints,
    are_told: Ints,
    without: Ints,
    found: Ints,
) -> None: ...
def part_by_tops(servers: Ints, cells: Ints, slots: Ints, tops: Ints, found: Ints) -> int: ...
def rows_kept(
    paths: Ints, are_kept: Ints, names: Ints, are_named: Ints, are_there: Ints, found: Ints
) -> int: ...
def count_paths(names: Ints, of_names: Ints, paths: Ints, of_paths: Ints, none: int, counts: Ints) -> int: ...
def rows_that_differ(
    names: Ints, of_names: Ints, paths: Ints, of_paths: Ints, none: int, found: Ints
) -> int: ...
