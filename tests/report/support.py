"""Documents for tests of reports, rendered through the registry."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from needfix.model.decision import Decision
from needfix.model.document import ArrowRows, Header, RuleText, ServerDecisions, Summary
from needfix.report.formats import Kind, formats_of
from needfix.report.style import View


@dataclass(frozen=True, slots=True)
class RecordedRun:
    """A run that is over."""

    header: Header
    found: tuple[ServerDecisions, ...]

    @property
    def rules(self) -> Mapping[str, RuleText]:
        return self.header.rules

    def servers(self) -> Iterator[ServerDecisions]:
        return iter(self.found)

    def batches(self) -> ArrowRows:
        raise NotImplementedError

    def summary(self) -> Summary:
        every = [decision for server in self.found for decision in server.decisions]
        counted = Counter((one.rule, one.decision, one.action) for one in every)
        rules = {rule: {} for rule, _, _ in counted}  # type: ignore[var-annotated]  # as Summary has it
        for (rule, decision, action), number in counted.items():
            rules[rule][decision, action] = number
        return Summary(len(self.found), rules)


def run_of(*servers: Sequence[Decision], titles: Mapping[str, str] | None = None) -> RecordedRun:
    """A run that decided so for each server."""
    rules = {rule: RuleText(rule, title) for rule, title in (titles or {}).items()}
    header = Header("1.0", "0" * 64, ("fleet.json",), datetime(2002, 5, 9, tzinfo=UTC), rules)
    found = (ServerDecisions(own[0].server, own[0].collected, None, own) for own in servers)
    return RecordedRun(header, tuple(found))


def rendered(kind: Kind, name: str, document: object, view: View | None = None) -> str:
    """A document in a format of the registry."""
    out = io.StringIO()
    formats_of(kind)[name].write(out, document, view or View())
    return out.getvalue()
