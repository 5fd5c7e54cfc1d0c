from needfix.fleet.arrays import Ints

KINDS: dict[str, int]

def read_records(
    data: bytes, names: list[bytes], nodes: Ints, most_elements: int, most_bytes: int
) -> tuple[bytes, bytes, list[tuple[bytes, bytes, bytes]]]: ...
