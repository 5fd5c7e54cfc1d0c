"""What needfix exports as OVAL leads to the same decisions when it is read back, as far as OVAL holds it."""

from __future__ import annotations

from functools import cache
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

import needfix
from needfix.exporting.oval import Export, characteristics
from needfix.exporting.oval.xml import document
from needfix.model.server import Server
from tests.exporting.oval.support import exported, info
from tests.inventory.support import read
from tests.support.catalogues import fix
from tests.support.laws import tried

_KEY = r"HKLM\SOFTWARE\Mail\%s"
_RULES = (
    info("Q100001"),
    info("Q100002", fixes=[fix({"Info.dll": {"modified": "2000-03-14T18:00:00Z"}})]),
    info("Q100003", fixes=[fix({"Info.dll": {"version": "5.5.2654.10", "path": r"C:\mail"}})]),
    info("Q100004", fixes=[{"registry": {_KEY % "Check": {"equals": "1"}}}]),
    info("Q100005", fixes=[{"registry": {_KEY % "Version": {"version": "1.2", "view": 64}}}]),
    info("Q100006", fixes=[fix({"Info.dll": "5.5.2654.10", "Base.dll": "5.5.2654.2"})]),
    info("Q100007", fixes=[{"registry": {_KEY % "Check": {"present": True, "view": 32}}}]),
)


@cache
def _export() -> Export:
    return exported(*_RULES)


def _decisions(server: Server) -> dict[str, needfix.Decision]:
    return {one.rule: one for one in needfix.evaluate(_export().catalogue, server)}


def _answers(server: Server) -> dict[str, tuple[str, str]]:
    return {rule: (one.decision, one.action) for rule, one in _decisions(server).items()}


def _read_back(server: Server) -> Server:
    servers, problems = read("".join(document(characteristics(_export())(server))))
    assert not problems
    return servers[0]


_KEY_VERSIONS = ("5.5.2448.8", "5.5.2650.1", "5.5.2653.23", "5.5.2654.0")
_VERSIONS = ("5.5.2653.1", "5.5.2654.1", "5.5.2654.10", "5.5.2660.0")
_TIMES = ("2000-03-14T17:59:59Z", "2000-03-14T18:00:00Z", "2000-03-20T10:00:00Z")
_FOLDERS = ("C:\\mail", "D:\\mail", "C:\\mail\\bin", "C:\\WINNT\\dllcache")
_ODD = ("5.5", "unknown", "", "2022.160.4075.1", "5.5.2654", None)


def _copies(random: Random, name: str, versions: tuple[Any, ...]) -> list[dict[str, Any]]:
    return [
        {
            "path": f"{random.choice(_FOLDERS)}\\{name}",
            "version": random.choice(versions),
            "modified": random.choice(_TIMES),
        }
        for _ in range(random.choice((0, 1, 1, 1, 2)))
    ]


def _files(random: Random, odd: tuple[Any, ...] = ()) -> list[dict[str, Any]]:
    return [
        *_copies(random, "Mailsrv.exe", _KEY_VERSIONS + odd),
        *_copies(random, "Info.dll", _VERSIONS + odd),
        *_copies(random, "Base.dll", _VERSIONS + odd),
    ]


def _registry(random: Random) -> list[dict[str, Any]]:
    return [
        {
            "path": r"HKLM\SOFTWARE\Mail",
            "name": name,
            "value": random.choice(("1", "0") if name == "Check" else ("1.1", "1.2", "1.3.0.4")),
            "view": view,
        }
        for name in ("Check", "Version")
        for view in random.choice(((), ("64",), ("32",), ("32", "64")))
    ]


@given(st.integers(0, 1 << 32))
@tried(50)
def test_files_and_values_lead_to_the_same_decisions(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - made-up servers
    server = Server.from_record({"server": "A", "files": _files(random), "registry": _registry(random)})
    assert _answers(_read_back(server)) == _answers(server)


@given(st.integers(0, 1 << 32))
@tried(50)
def test_other_facts_make_no_answer_safer(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - made-up servers
    level = random.choice(("5.5 SP2", "5.5 SP3", "5.5 SP4", None))
    server = Server.from_record(
        {
            "server": "A",
            "products": random.choice(
                (None, [{"name": "Contoso Mail Server", "level": level}], [{"name": "Other"}])
            ),
            "files": [*_files(random, _ODD), {"name": "Other.dll", "version": "1.0.0.0"}],
            "registry": _registry(random),
            "complete": random.choice(([], ["files"], ["files", "registry"])),
        }
    )
    before, after = _decisions(server), _decisions(_read_back(server))
    for rule, one in after.items():
        was = before[rule]
        is_disputed = any(reason.code.endswith("-contradicted") for reason in was.reasons)
        allowed = _MAY_FOLLOW[was.decision] | ({"fix-present"} if is_disputed else set())
        assert one.decision in allowed, rule


_MAY_FOLLOW = {
    "fix-required": {"fix-required", "undetermined"},
    "fix-present": {"fix-present", "undetermined"},
    "not-affected": {"not-affected", "undetermined", "fix-present"},
    "undetermined": {"undetermined"},
}
"""With less information; files may prove a fix where what spoke against the product is gone."""
