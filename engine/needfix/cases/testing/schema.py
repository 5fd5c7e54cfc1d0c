"""The JSON Schema of stand-alone case files, made from the shapes that read them."""

from __future__ import annotations

from needfix.cases.testing.case_file_format import CASE_FILE
from needfix.catalogue.schemas import schema_of
from needfix.catalogue.shapes import Schema


def cases_schema() -> Schema:
    """The schema of a case file."""
    return schema_of("cases", "needfix cases: servers, and what is expected of rules", CASE_FILE)
