"""Less information never makes an answer safer, where servers are what Windows' commands print of them."""

from __future__ import annotations

import tempfile
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest

import needfix
from needfix.model.server import Server
from tests.inventory.producers.windows_commands import read_text
from tests.support.catalogues import catalogue_of, fix, rule

WINDOWS = {
    "needfix": 1, "product": "windows-server", "name": "Microsoft Windows Server",
    "aliases": ["Microsoft Windows Server *", "Windows Server *"], "editions": ["Standard Edition"],
    "shows_updates": ["build"],
    "levels": [
        {"level": "2016", "build": "10.0.14393", "until": "10.0.14394"},
        {"level": "2019", "build": "10.0.17763", "until": "10.0.17764"},
    ],
}  # fmt: skip
STOPPING = {"service": "ContosoIS", "state": "stopping"}
KEY = r"HKLM\SOFTWARE\Contoso\Mail"
CATALOGUE = catalogue_of(
    WINDOWS,
    rule("Q100001"),
    rule("Q100002", affects=["5.5 SP4"], apply="if-symptoms",
         symptoms=[{"id": "stuck", "text": "It does not stop", "observe": [STOPPING]}]),
    rule("Q100003", fixes=[{"registry": {f"{KEY}\\Check": {"equals": "1"}}}]),
    rule("Q100004", product="windows-server", affects=["2016"], fixes=[{"build": "10.0.14393.7000"}]),
    rule("Q100005", product="windows-server", affects=["2019"], fixes=[fix({"Srv2.sys": "10.0.17763.500"})]),
    rule("Q100006", fixes=[fix({"Info.dll": "5.5.2654.10", "Store.exe": "5.5.2654.20"})]),
    rule("Q100007", requires=["Q100001"]),
)  # fmt: skip


class Output(NamedTuple):
    """The output of one command, in blocks that can be left out, each of lines that can be left out."""

    head: str
    blocks: list[list[str]]

    def text(self) -> str:
        """The output."""
        return self.head + "".join("".join(f"{line}\n" for line in block) + "\n" for block in self.blocks)


def outputs(random: Random) -> list[Output]:
    """What commands print on a random server."""
    build = random.choice(["10.0.14393", "10.0.17763"])
    name = f"Microsoft Windows Server {'2016' if build.endswith('14393') else '2019'} Standard"
    system = [
        "Host Name:       MAIL09", f"OS Name:         {name}",
        f"OS Version:      {build} N/A Build {build[5:]}",
        "System Type:     x64-based PC", "Hotfix(s):       2 Hotfix(s) Installed.",
        f"                 [01]: Q10000{random.randint(1, 7)}", "                 [02]: KB500001",
    ]  # fmt: skip
    products = [
        [f"Name={random.choice(['Contoso Mail Server', 'Mail Server', 'Contoso Tool'])}",
         f"Version={random.choice(['5.5.2653', '5.5.2650', '5.5.2448', '5.5.2653.7'])}"],
        ["Name=Contoso Tool 2", "Version=1.4.0"],
    ]  # fmt: skip
    files = [
        [f"Name=c:\\{random.choice(['mail', 'old'])}\\{file}", f"Version={version}"]
        for file in ("info.dll", "store.exe", "srv2.sys")
        for version in random.sample(
            ["5.5.2654.10", "5.5.2653.7", "5.5.2654.20", "5.5.2653.23", "10.0.17763.500", "10.0.17763.1", ""],
            random.randint(0, 1),
        )
    ]
    service = [
        "SERVICE_NAME: ContosoIS", "        TYPE               : 10  WIN32_OWN_PROCESS",
        f"        STATE              : {random.choice(['3  STOP_PENDING', '4  RUNNING', '1  STOPPED'])}",
    ]  # fmt: skip
    key = [KEY.replace("HKLM", "HKEY_LOCAL_MACHINE"), f"    Check    REG_DWORD    0x{random.randint(0, 2)}"]
    windows = [
        r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion",
        f"    ProductName    REG_SZ    {name.removeprefix('Microsoft ')}",
        f"    CurrentBuildNumber    REG_SZ    {build[5:]}",
        "    CurrentMajorVersionNumber    REG_DWORD    0xa",
        f"    UBR    REG_DWORD    {random.choice(['0x1b58', '0x10'])}",
    ]  # fmt: skip
    every = [
        Output("", [system]),
        Output("", products),
        Output("", files),
        Output("", [service]),
        Output("", [key]),
    ]
    return [*every, Output("", [windows])] if random.random() < 0.5 else every


def less(random: Random, every: list[Output]) -> list[Output]:
    """The same with one line or block left out, or a value replaced by one that says nothing."""
    found = [Output(own.head, [list(block) for block in own.blocks]) for own in every]
    own = random.choice([own for own in found if own.blocks])
    block = random.choice(own.blocks)
    place = random.randrange(len(block))
    what = random.random()
    if what < 0.3:
        own.blocks.remove(block)
    elif what < 0.6 and place:
        del block[place]
    else:
        name, sign, _ = block[place].partition("=") if "=" in block[place] else block[place].rpartition(" ")
        block[place] = f"{name}{sign}{random.choice(['', 'N/A', '...'])}"
    return found


def server_of(every: list[Output], path: Path) -> Server | None:
    """The server of all outputs in one file."""
    servers, problems, _ = read_text(path, "\n".join(own.text() for own in every))
    return servers[0] if servers and not problems else None


def answers(server: Server) -> dict[str, str]:
    return {own.rule: own.decision for own in needfix.evaluate(CATALOGUE, [server])}


@pytest.mark.parametrize("seed", range(50))
def test_what_is_left_out_makes_no_answer_safer(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - a sample
    every = outputs(random)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "MAIL09.txt"
        whole = server_of(every, path)
        assert whole is not None
        before = answers(whole)
        for _ in range(4):
            part = server_of(less(random, every), path)
            after = {} if part is None else answers(part)
            for name, answer in after.items():
                allowed = {
                    "fix-required": {"fix-required", "undetermined"},
                    "fix-present": {"fix-present", "fix-required", "undetermined"},
                    "undetermined": {"undetermined"},
                }
                known = allowed.get(before[name])
                if known is not None and not _disagree(whole, name):
                    assert answer in known, (name, before[name], answer)


def _disagree(server: Server, name: str) -> bool:
    """Whether facts about a rule disagree, of which one may be gone."""
    (found,) = (own for own in needfix.evaluate(CATALOGUE, [server]) if own.rule == name)
    return bool(found.contradictions)


def test_all_answers_occur() -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = set()
        for seed in range(50):
            random = Random(seed)  # noqa: S311 - a sample
            server = server_of(outputs(random), Path(folder) / "MAIL09.txt")
            assert server is not None
            found |= set(answers(server).values())
    assert {"fix-required", "fix-present", "undetermined"} <= found
