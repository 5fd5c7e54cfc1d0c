"""Files of servers that have a product twice, or fixes of which it is not clear which counts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.fleet.support import fleet_rows, piece_of, single_rows
from tests.support.catalogues import NEW, OLD, fix, load, rule, server

TWICE = [{"name": "Contoso Mail Server", "level": level, "platform": on} for level, on in
         (("5.5 SP4", "x86"), ("5.5 SP4", "alpha"))]  # fmt: skip


@pytest.mark.parametrize("version", [OLD, NEW])
@pytest.mark.parametrize(
    "branches",
    [
        pytest.param([{"platform": "x86"}], id="no fix for the second"),
        pytest.param([{"platform": "alpha"}], id="no fix for the first"),
        pytest.param([{"platform": "mips"}], id="no fix for either"),
        pytest.param([{"platform": "x86"}, {"platform": "alpha"}], id="a fix for each"),
        pytest.param([{"platform": "x86"}, {}], id="one for the rest"),
    ],
)
@pytest.mark.parametrize("complete", [[], ["files"]])
def test_a_product_that_is_there_twice(
    tmp_path: Path, version: str, branches: list[dict[str, Any]], complete: list[str]
) -> None:
    catalogue = load(tmp_path, rule(fixes=[fix({"Info.dll": NEW}, **branch) for branch in branches]))
    shown = [
        server(
            server="A", products=TWICE, files=[{"name": "Info.dll", "version": version}], complete=complete
        )
    ]
    assert fleet_rows(catalogue, piece_of(shown))[0] == single_rows(catalogue, shown)
