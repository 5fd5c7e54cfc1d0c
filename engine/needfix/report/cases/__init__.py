"""Reports of `needfix test`, one module a format."""

from needfix.report.cases.document import TestReport, WrittenCases
from needfix.report.cases.formats import FORMATS

__all__ = ["FORMATS", "TestReport", "WrittenCases"]
