"""The result of Exchange's Health Checker as a record."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from needfix.errors import NOWHERE
from needfix.inventory.producers.facts import Facts
from needfix.inventory.producers.kinds import facts_of
from tests.inventory.support import read
from tests.support import ROOT
from tests.support.laws import tried

FIXTURES = ROOT / "fixtures/producers/health_checker"


def facts(**properties: object) -> list[Facts]:
    return list(facts_of({"ServerName": "MAIL07", "ExchangeInformation": {}, **properties}, NOWHERE))


def entries(key: str, **properties: object) -> list[Any]:
    return [entry for own in facts(**properties) for entry in own.entries.get(key, ())]


def exchange(**properties: object) -> dict[str, object]:
    return {"BuildInformation": properties}


def test_a_result() -> None:
    servers, problems = read((FIXTURES / "result.xml").read_text(encoding="utf-8"))
    assert not problems
    expected = json.loads((FIXTURES / "result.json").read_text(encoding="utf-8"))
    assert [server.as_record() for server in servers] == [expected]


def test_the_version_of_exchange_in_place_of_the_setup_program_is_not_that_of_a_file() -> None:
    setup = {"FileVersion": "15.1.2507.6", "FileMajorPart": 15, "FailedGetExSetup": True}
    assert entries("files", ExchangeInformation=exchange(ExchangeSetup=setup)) == []
    setup = {**setup, "FileName": "C:\\Exchange\\bin\\ExSetup.exe"}
    assert entries("files", ExchangeInformation=exchange(ExchangeSetup=setup)) == []


def test_pools_and_adapters_are_no_services() -> None:
    pools = [{"Name": "MSExchangeOWAAppPool", "State": "Started"}]
    network = [{"Name": "Ethernet", "Status": "Up", "DisplayName": "Ethernet"}]
    own = {
        "ExchangeInformation": {"ApplicationPools": pools},
        "OSInformation": {"NetworkInformation": network},
    }
    assert entries("services", **own) == []


@pytest.mark.parametrize(
    "updates",
    [
        {"KBsInstalled": ["Security Update (KB5008631)"]},
        {"KBsInstalledInfo": [{"PackageName": "Security Update (KB5008631)", "InstalledDate": "2022-01-11"}]},
        {"KBsInstalledInfo": {"PackageName": "Security Update (KB5008631)"}},
    ],
)
def test_updates_of_exchange(updates: dict[str, object]) -> None:
    assert entries("hotfixes", ExchangeInformation=exchange(**updates)) == ["Security Update (KB5008631)"]


@pytest.mark.parametrize(
    ("build", "number"),
    [
        ({"VersionBuild": "10.0.14393"}, "10.0.14393"),
        ({"VersionBuild": "10.0.14393", "UBR": 6796}, "10.0.14393.6796"),
        (
            {"BuildVersion": "10.0.14393.6796", "OperatingSystem": {"Version": "10.0.14393"}},
            "10.0.14393.6796",
        ),
        ({"BuildVersion": {"Major": 10, "Minor": 0, "Build": 14393, "Revision": 6796}}, "10.0.14393.6796"),
    ],
)
def test_the_operating_system_is_listed_once(build: dict[str, object], number: str) -> None:
    own = {"BuildInformation": {"FriendlyName": "Windows Server 2016", **build}}
    assert entries("products", OSInformation=own) == [
        {"name": "Windows Server 2016", "build": number},
        {"name": "..."},
    ]


@pytest.mark.parametrize(
    "own", [{"ServerPendingReboot": True}, {"ServerPendingReboot": {"PendingReboot": True}}]
)
def test_a_pending_restart(own: dict[str, object]) -> None:
    assert [one.restart_pending for one in facts(OSInformation=own) if one.restart_pending is not None] == [
        True
    ]


def test_all_objects_are_of_the_server_of_the_result() -> None:
    named = {"GetExchangeServer": {"Name": "mail07.contoso.example", "AdminDisplayVersion": "Version 15.1"}}
    assert {one.server for one in facts(ExchangeInformation=named)} == {"MAIL07"}


_NAMES = (
    "ServerName", "ExchangeInformation", "OSInformation", "BuildInformation", "ExchangeSetup",
    "KBsInstalledInfo", "HotFixes", "OperatingSystem", "BuildVersion", "UBR", "ServerPendingReboot",
    "NETFramework", "FileInformation",
)  # fmt: skip
_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just(float("nan")),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(_NAMES), inner, max_size=4),
    max_leaves=9,
)


@given(st.dictionaries(st.sampled_from(_NAMES), _ANY))
@tried(200)
def test_no_value_is_a_fault(value: dict[str, object]) -> None:
    facts(**value)
