"""A run that is decided on a Spark cluster."""

from __future__ import annotations

from collections.abc import Iterator

from needfix.catalogue import Catalogue
from needfix.errors import UsageError
from needfix.inventory.bad_records import BadRecords
from needfix.model.document import ServerDecisions, Summary
from needfix.model.run_request import Cluster, RunRequest
from needfix.run.run import Run
from needfix.spark import evaluate_on


class RunOnSpark(Run):
    """Counts on the executors, which also write the selected decisions if a folder is named."""

    _reads_here = False

    def __init__(self, catalogue: Catalogue, request: RunRequest, bad: BadRecords, on: Cluster) -> None:
        super().__init__(catalogue, request, bad)
        self._on = on
        self._counted: Summary | None = None

    def _servers(self) -> Iterator[ServerDecisions]:
        raise UsageError("a Spark run does not return single decisions\n    hint: name a folder to write to")

    def _counts(self) -> Iterator[object]:
        ran = evaluate_on(self._on.master, self._catalogue, self._request, self._on.folder)
        self._bad.add_all(ran.problems)
        self._bad.add_uncounted(ran.summary.bad_records - len(ran.problems))
        self._bad.notes.merge(ran.summary.notes)
        self._counted = ran.summary
        yield ran

    def _summed(self) -> Summary:
        if self._counted is None:
            raise AssertionError("the cluster has not counted yet")
        return self._counted
