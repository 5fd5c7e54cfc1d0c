"""The codes of the reasons for chosen decisions."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from needfix.decide.evaluation import Evaluation
from needfix.decide.reasons import reasons
from needfix.errors import Position
from needfix.fleet.engine import FleetEngine, server_at
from needfix.fleet.facts import Batch
from needfix.fleet.rows import Chosen
from needfix.model.reason_codes import REASON_CODES

_ALL = tuple(REASON_CODES)


def reason_codes(engine: FleetEngine, batch: Batch, rows: Chosen) -> pa.Array:
    """For each decision the codes of its reasons, each once, the deciding ones first."""
    ids = list(engine.order)
    found: list[list[str]] = []
    here: Evaluation | None = None
    last = -1
    for place, rule in zip(rows.servers.tolist(), rows.rules.tolist(), strict=True):
        if here is None or place != last:
            server = server_at(batch, place, Position("", 0), [])
            if server is None:
                raise AssertionError("a decided server cannot be read")
            here, last = Evaluation(engine.engine, server), place
        told = reasons(here, here.plan.rules[ids[rule]])
        found.append(list(dict.fromkeys(reason.code for reason in told)))
    codes = {code: number for number, code in enumerate(_ALL)}
    flat = np.array([codes[code] for own in found for code in own], np.int32)
    offsets = np.cumsum([0, *map(len, found)], dtype=np.int32)
    values = pa.DictionaryArray.from_arrays(pa.array(flat), pa.array(_ALL, pa.string()))
    return pa.ListArray.from_arrays(pa.array(offsets), values)
