"""Which checks run, how severe their findings are, and which findings end with exit code 1."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from needfix.lint.check import AnyCheck
from needfix.lint.lint import CHECKS
from needfix.model.finding import SEVERITIES, Finding, Severity

_FAIL_ON: Severity = "warning"


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a lint run. A code may be a prefix: NF3 means every NF3xx.

    If several codes match a check, the longest counts; if `select` and `ignore` match it equally, it is
    ignored. Without `select`, every check is selected.
    """

    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, Severity] = field(default_factory=dict)
    fail_on: Severity | None = None

    def over(self, others: Settings) -> Settings:
        """These settings over others, as those of a command line over those of a file.

        If these select checks, the others' `select` and `ignore` do not count.
        """
        return Settings(
            select=others.select if self.select is None else self.select,
            ignore=(*self.ignore, *others.ignore) if self.select is None else self.ignore,
            severity={**others.severity, **self.severity},
            fail_on=self.fail_on or others.fail_on,
        )

    def checks(self) -> tuple[AnyCheck, ...]:
        """The selected checks, with the severities set here."""
        return tuple(self._graded(check) for check in CHECKS if self._is_selected(check.code))

    def ends_badly(self, findings: Iterable[Finding]) -> bool:
        """Whether one of the findings is severe enough for exit code 1."""
        least = SEVERITIES.index(self.fail_on or _FAIL_ON)
        reported = (finding for finding in findings if not finding.is_silenced)
        return any(SEVERITIES.index(finding.severity) <= least for finding in reported)

    def _is_selected(self, code: str) -> bool:
        selected = _longest(code, ("",) if self.select is None else self.select)
        ignored = _longest(code, self.ignore)
        return selected is not None and (ignored is None or len(selected) > len(ignored))

    def _graded(self, check: AnyCheck) -> AnyCheck:
        named = _longest(check.code, tuple(self.severity))
        return check if named is None else replace(check, severity=self.severity[named])


def _longest(code: str, beginnings: Sequence[str]) -> str | None:
    return max((one for one in beginnings if code.startswith(one)), key=len, default=None)
