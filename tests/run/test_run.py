"""A run gives the same results, the same summary and the same end however it is decided."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

import needfix
from needfix.inventory.bad_records import BadRecords
from needfix.model.decision import Action, DecisionKind
from needfix.model.run_request import RunRequest, Selection
from needfix.run import Run, begin, servers
from tests.support import INVENTORIES, problems_in

SAMPLE = str(INVENTORIES / "exchange.json")
FLEET = str(INVENTORIES / "exchange.parquet")
GOOD, BAD = b'{"server": "A", "products": []}\n', b'{"products": []}\n'


@pytest.fixture(scope="module")
def catalogue() -> needfix.Catalogue:
    return needfix.load_catalogue()


def started(
    catalogue: needfix.Catalogue,
    request: RunRequest,
    bad: BadRecords | None = None,
    *,
    columnar: bool = False,
) -> Run:
    return begin(catalogue, request, bad or BadRecords(), columnar=columnar)


def plain(run: Run) -> list[tuple[object, ...]]:
    """All that the results say, reasons and all."""
    return [
        (one.server, one.collected, str(one.at), [decision.as_dict() for decision in one.decisions])
        for one in run.servers()
    ]


SELECTIONS = [
    Selection(),
    Selection(rules=("Q279798",)),
    Selection(servers=("mail0?", "MAIL16")),
    Selection(rules=("Q279798", "Q282958"), decisions=("undetermined", "fix-present")),
    Selection(actions=("apply", "wait")),
    Selection(rules=(), servers=("MAIL01",)),
]


@pytest.mark.parametrize("selection", SELECTIONS)
def test_one_at_a_time_and_in_columns_are_one(catalogue: needfix.Catalogue, selection: Selection) -> None:
    request = RunRequest((SAMPLE,), selection)
    one, other = started(catalogue, request), started(catalogue, request, columnar=True)
    assert plain(one) == plain(other)
    assert one.summary() == other.summary()
    assert one.summary().as_dict() == other.summary().as_dict()
    assert (one.rules, one.header.catalogue) == (other.rules, other.header.catalogue)


@pytest.mark.parametrize("columnar", [False, True])
def test_a_summary_needs_no_results(catalogue: needfix.Catalogue, *, columnar: bool) -> None:
    run = started(catalogue, RunRequest((SAMPLE,)), columnar=columnar)
    summary = run.summary()
    assert (summary.servers, summary.decided("fix-required")) == (16, 203)
    assert summary is run.summary()


def test_what_is_chosen_is_shown_and_everything_is_counted(catalogue: needfix.Catalogue) -> None:
    kinds: tuple[DecisionKind, ...] = ("fix-required",)
    actions: tuple[Action, ...] = ("apply",)
    run = started(catalogue, RunRequest((SAMPLE,), Selection(("Q279798",), None, kinds, actions)))
    assert [one.server for one in run.servers()] == ["MAIL14", "MAIL16"]
    assert sum(run.summary().total.values()) == 16


def test_results_say_when_facts_were_collected_and_where_they_stand(catalogue: needfix.Catalogue) -> None:
    first = next(iter(started(catalogue, RunRequest((FLEET,)), columnar=True).servers()))
    assert (first.server, first.collected) == ("MAIL01", "2002-05-09T08:00:00Z")
    assert str(first.at) == f"{FLEET}:1"


def test_a_folder_is_one_inventory_and_read_in_columns_where_a_file_of_it_is(
    catalogue: needfix.Catalogue, tmp_path: Path
) -> None:
    for name in ("exchange.parquet", "exchange.yaml"):
        shutil.copy(INVENTORIES / name, tmp_path)
    with pytest.raises(needfix.UsageError, match="only a run in columns returns batches of Arrow"):
        begin(catalogue, RunRequest((str(tmp_path / "exchange.yaml"),)), BadRecords()).batches()
    with pytest.raises(needfix.InventoryError, match="MAIL01 has another record"):
        begin(catalogue, RunRequest((str(tmp_path),)), BadRecords()).summary()
    run = begin(catalogue, RunRequest((str(tmp_path),), join=True), BadRecords())
    assert sum(len(batch) for batch in run.batches().batches) == 16 * len(list(catalogue))
    assert run.header.inventories == (str(tmp_path),)


def test_the_header_says_what_is_run(catalogue: needfix.Catalogue) -> None:
    before = datetime.now(UTC)
    header = started(catalogue, RunRequest((SAMPLE,), Selection(rules=("Q279798",)))).header
    assert (header.needfix, header.catalogue) == (needfix.__version__, catalogue.digest)
    assert header.inventories == (SAMPLE,)
    assert before <= header.started <= datetime.now(UTC)
    (rule,) = header.rules.values()
    assert (rule.id, rule.products) == ("Q279798", ("exchange-server",))
    assert rule.references == ("https://support.microsoft.com/kb/279798",)
    assert rule.components == ("Information Store",)
    assert list(rule.symptoms) == ["internet-mail-queues-grow", "store-does-not-stop"]
    assert rule.at is not None
    assert rule.at.file.endswith("Q279798.yaml")


@pytest.mark.parametrize("columnar", [False, True])
def test_bad_records_end_a_run_and_nothing_more_is_handed_on(
    catalogue: needfix.Catalogue, *, columnar: bool
) -> None:
    request = RunRequest(("-",), stdin=io.BytesIO(BAD + GOOD + BAD))
    run = started(catalogue, request, columnar=columnar)
    with pytest.raises(needfix.InventoryError) as caught:
        list(run.servers())
    assert [problem.at.line for problem in caught.value.problems] == [1, 3]


@pytest.mark.parametrize("columnar", [False, True])
def test_a_run_that_keeps_going_counts_them(catalogue: needfix.Catalogue, *, columnar: bool) -> None:
    shown: list[needfix.Problem] = []
    request = RunRequest(("-",), keep_going=True, stdin=io.BytesIO(BAD + GOOD + BAD))
    run = started(catalogue, request, BadRecords(shown.append), columnar=columnar)
    assert [one.server for one in run.servers()] == ["A"]
    assert (run.summary().servers, run.summary().bad_records, len(shown)) == (1, 2, 2)


@pytest.mark.parametrize("columnar", [False, True])
def test_a_run_without_servers_is_no_silent_success(catalogue: needfix.Catalogue, *, columnar: bool) -> None:
    request = RunRequest((SAMPLE,), Selection(servers=("nobody*", "none")))
    with pytest.raises(needfix.UsageError, match=r"no server matches 'nobody\*' or 'none'"):
        started(catalogue, request, columnar=columnar).summary()


def test_the_servers_with_most_to_do_are_those_of_columns(
    catalogue: needfix.Catalogue, tmp_path: Path
) -> None:
    records = json.loads(Path(SAMPLE).read_text(encoding="utf-8"))
    many = [
        {**record, "server": f"{record['server']}-{number}"} for number in (3, 1, 2) for record in records
    ]
    file = tmp_path / "fleet.json"
    file.write_text(json.dumps(many), encoding="utf-8")
    request = RunRequest((str(file),))
    one, other = (started(catalogue, request, columnar=columnar).summary() for columnar in (False, True))
    assert len(one.most_laden) == 10
    assert one == other


def test_decisions_come_in_columns_only_from_columns(catalogue: needfix.Catalogue) -> None:
    run = started(catalogue, RunRequest((SAMPLE,)), columnar=True)
    assert sum(len(batch) for batch in run.batches().batches) == 16 * len(list(catalogue))
    with pytest.raises(needfix.UsageError, match="only a run in columns returns batches of Arrow"):
        started(catalogue, RunRequest((SAMPLE,))).batches()


@pytest.mark.parametrize("inventory", [SAMPLE, FLEET])
def test_servers_are_read_from_any_format(inventory: str) -> None:
    bad = BadRecords()
    found = list(servers(RunRequest((inventory,)), bad, lambda name: name == "MAIL07"))
    assert [name for name, _ in found] == [f"MAIL{number:02}" for number in range(1, 17)]
    (server,) = (server for _, server in found if server is not None)
    (expected,) = (one for one in needfix.read_inventory(SAMPLE) if one.server == "MAIL07")
    assert server == expected


def test_servers_end_as_a_run_does() -> None:
    def read(data: bytes, *, keep_going: bool = False) -> list[str]:
        request = RunRequest(("-",), keep_going=keep_going, stdin=io.BytesIO(data))
        return [name for name, _ in servers(request, BadRecords(keep_going=keep_going), lambda _: True)]

    with pytest.raises(needfix.InventoryError) as caught:
        read(BAD + GOOD + BAD)
    assert [problem.at.line for problem in caught.value.problems] == [1, 3]
    assert read(BAD + GOOD + BAD, keep_going=True) == ["A"]
    with pytest.raises(needfix.UsageError, match="there is no server in the inventories"):
        read(b"[]")


def test_json_is_decided_without_numpy_and_arrow() -> None:
    code = (
        "import sys; from needfix.cli.main import main; "
        f"code = main(['evaluate', {SAMPLE!r}, '--rule', 'Q279798', '--format', 'json']); "
        "heavy = {'numpy', 'pyarrow', 'pyspark', 'needfix.fleet', 'needfix.spark'} & set(sys.modules); "
        "sys.exit(f'imported: {heavy}' if heavy else code)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, text=True)
    assert (ran.returncode, problems_in(ran.stderr)) == (0, [])
