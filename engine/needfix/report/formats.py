"""The registry of report formats, for every kind of document: a new one is one module and one line here."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import IO, Any, Literal, NamedTuple, cast

from needfix.report.style import View

Kind = Literal[
    "decisions",
    "rows",
    "summary",
    "findings",
    "cases",
    "difference",
    "explanation",
    "rules",
    "asked",
    "status",
]
"""What is reported: a run of `needfix evaluate` decision by decision, in columns of Arrow or summed up
(RunDocument); Findings; a CaseReport; a Difference; some Explanations; some RuleDescriptions; what
rules ask for (Asked); a CatalogueStatus."""

Writer = Callable[[IO[Any], Any, View], None]


class Format(NamedTuple):
    """A format: the kinds of documents that it renders, and the function that writes them.

    `writer` is `module:function`, imported when a report is written. A binary format is written to a
    stream of bytes, any other to one of text. A format that `annotates` is for a build
    server, which also shows the problems that end the run as annotations.
    """

    name: str
    kinds: tuple[Kind, ...]
    ending: str
    media_type: str
    writer: str
    is_binary: bool = False
    annotates: bool = False

    def write(self, out: IO[Any], document: object, view: View) -> None:
        """Write a document of one of the kinds."""
        module, _, function = self.writer.partition(":")
        cast("Writer", getattr(import_module(f"needfix.report.{module}"), function))(out, document, view)


_JSON = (".json", "application/json")
_TEXT = (".txt", "text/plain")
_PARQUET = (".parquet", "application/vnd.apache.parquet")

# In the order in which --help lists them; of a kind, each name once.
FORMATS: tuple[Format, ...] = (
    Format("table", ("decisions",), *_TEXT, "table:write_table"),
    Format("json", ("decisions",), *_JSON, "decisions:write_json"),
    Format("jsonl", ("decisions",), ".jsonl", "application/x-ndjson", "decisions:write_json_lines"),
    Format("csv", ("decisions",), ".csv", "text/csv", "decisions_csv:write_csv"),
    Format("summary", ("summary",), *_TEXT, "summary:write_text"),
    Format("summary-json", ("summary",), *_JSON, "summary:write_json"),
    Format("parquet", ("rows",), *_PARQUET, "parquet:write_parquet", is_binary=True),
    Format("text", ("findings",), *_TEXT, "findings:write_text"),
    Format("json", ("findings",), *_JSON, "findings:write_json"),
    Format("sarif", ("findings",), ".sarif", "application/sarif+json", "findings_sarif:write_sarif"),
    Format("github", ("findings",), *_TEXT, "findings:write_annotations", annotates=True),
    Format("text", ("cases",), *_TEXT, "cases.text:write_text"),
    Format("junit", ("cases",), ".xml", "application/xml", "cases.junit:write_junit"),
    Format("github", ("cases",), *_TEXT, "cases.github:write_annotations", annotates=True),
    Format("json", ("cases",), *_JSON, "cases.json:write_json"),
    Format("text", ("difference",), *_TEXT, "difference_text:write_text"),
    Format("markdown", ("difference",), ".md", "text/markdown", "difference_markdown:write_markdown"),
    Format("json", ("difference",), *_JSON, "difference:write_json"),
    Format("text", ("explanation",), *_TEXT, "explanation:write_text"),
    Format("json", ("explanation",), *_JSON, "explanation:write_json"),
    Format("text", ("rules",), *_TEXT, "rules:write_text"),
    Format("json", ("rules",), *_JSON, "rules:write_json"),
    Format("text", ("asked",), *_TEXT, "asked:write_text"),
    Format("json", ("asked",), *_JSON, "asked:write_json"),
    Format("text", ("status",), *_TEXT, "rules:write_status_text"),
    Format("json", ("status",), *_JSON, "rules:write_status_json"),
)


def formats_of(*kinds: Kind) -> dict[str, Format]:
    """The formats that render any of these kinds, by their names."""
    return {known.name: known for known in FORMATS if not set(kinds).isdisjoint(known.kinds)}
