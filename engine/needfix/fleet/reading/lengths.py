"""Records with more of something than any server has."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from needfix.errors import Problem
from needfix.fleet.native import lists
from needfix.fleet.reading.piece import Piece

_MOST = 100_000


def without_long_lists(piece: Piece) -> Piece:
    """The piece without records whose lists are too long, which are problems."""
    is_long = np.zeros(piece.records.num_rows, np.bool_)
    problems: list[Problem] = []
    for name in piece.records.schema.names:
        if not pa.types.is_list(piece.records.schema.field(name).type):
            continue
        found = lists(piece.records, name)
        rows = np.flatnonzero(found.lengths > _MOST) if found is not None else np.zeros(0, np.int64)
        is_long[rows] = True
        problems += [
            Problem(piece.at(row), f"the record has more than {_MOST} {name}") for row in rows.tolist()
        ]
    if not problems:
        return piece
    kept = piece.records.filter(pa.array(~is_long))
    return Piece(kept, piece.file, piece.lines[~is_long], (*piece.problems, *problems))
