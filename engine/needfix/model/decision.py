"""Decisions: the answer for one server and one rule, with its reasons."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import total_ordering
from operator import attrgetter
from typing import Literal, NamedTuple, Protocol, get_args

from needfix.errors import UsageError
from needfix.model.reason_codes import CONTRADICTIONS
from needfix.model.value import Value

DecisionKind = Literal["fix-required", "fix-present", "not-affected", "undetermined"]
Action = Literal["apply", "confirm-symptoms", "wait", "upgrade-first", "restart", "investigate", "none"]
DECISIONS: tuple[DecisionKind, ...] = get_args(DecisionKind)
ACTIONS: tuple[Action, ...] = get_args(Action)
Severity = Literal["critical", "important", "moderate", "low"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
"""How urgent the vendor calls a fix, most urgent first."""


@dataclass(frozen=True, slots=True)
class Reason(Value):
    """Why a decision was made: a code for programs, a sentence for people, and the values that were compared.

    `code` is a key of `REASON_CODES`. `file` and `path` name the copy of a file that the reason is about; of
    one that is about no copy `path` is that of the product's entry, where the product stands more than once.
    `observed` is the server's value and `expected` the rule's, as texts; None where nothing was compared.
    """

    code: str
    text: str
    file: str | None = None
    path: str | None = None
    observed: str | None = None
    expected: str | None = None

    def as_dict(self) -> dict[str, str]:
        """The reason as in JSON, without the fields that are None."""
        pairs = ((name, getattr(self, name)) for name in self.__slots__)
        return {name: value for name, value in pairs if value is not None}


class AboutRule(Protocol):
    """What a decision carries of its rule."""

    @property
    def title(self) -> str:
        """What the fix is about."""

    @property
    def severity(self) -> Severity | None:
        """How severe the vendor calls what it fixes."""

    @property
    def advisories(self) -> tuple[str, ...]:
        """The ids of the advisories that it fixes."""


class _About(NamedTuple):
    title: str
    severity: Severity | None
    advisories: tuple[str, ...]


Why = Callable[[str], tuple[Reason, ...]]
"""Returns the reasons for a rule id."""


@total_ordering
class Decision:
    """The answer for one server and one rule.

    Compared, ordered and hashed by server, rule, decision and action: decisions with other reasons or
    from another time are equal. Reasons are computed when they are first accessed, since most decisions
    of a large run are only counted. Until then a decision holds the facts about its server and the
    catalogue; pickles and copies hold the reasons only.
    """

    __slots__ = ("_about", "_action", "_collected", "_decision", "_rule", "_server", "_why")
    __match_args__ = ("server", "rule", "decision", "action")

    def __init__(  # noqa: PLR0913, PLR0917 - a decision has so many parts
        self,
        server: str,
        rule: str,
        decision: DecisionKind,
        action: Action,
        reasons: Iterable[Reason] = (),
        collected: str | None = None,
        title: str | None = None,
        severity: Severity | None = None,
        advisories: Iterable[str] = (),
    ) -> None:
        check_words([decision], DECISIONS, "decision")
        check_words([action], ACTIONS, "action")
        check_words([] if severity is None else [severity], SEVERITIES, "severity")
        self._server, self._rule, self._decision, self._action = server, rule, decision, action
        self._why: tuple[Reason, ...] | Why = tuple(reasons)
        self._collected = collected
        self._about: AboutRule = _About(rule if title is None else title, severity, tuple(advisories))

    @property
    def server(self) -> str:
        """The server's name."""
        return self._server

    @property
    def rule(self) -> str:
        """The rule's id."""
        return self._rule

    @property
    def title(self) -> str:
        """The rule's title; its id where it has none."""
        return self._about.title

    @property
    def severity(self) -> Severity | None:
        """How severe the vendor calls what the rule fixes."""
        return self._about.severity

    @property
    def advisories(self) -> tuple[str, ...]:
        """The ids of the advisories that the rule fixes."""
        return self._about.advisories

    @property
    def decision(self) -> DecisionKind:
        """Whether the server needs the fix."""
        return self._decision

    @property
    def action(self) -> Action:
        """What to do about it."""
        return self._action

    @property
    def collected(self) -> str | None:
        """When the facts were collected, as the inventory writes it."""
        return self._collected

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The facts that led to the decision, the deciding ones first."""
        why = self._why
        if not isinstance(why, tuple):
            why = self._why = why(self._rule)
        return why

    @property
    def contradictions(self) -> tuple[str, ...]:
        """The codes of its reasons that are about facts that exclude each other or speak against it."""
        codes = CONTRADICTIONS
        if self._decision == "fix-required":  # an observed symptom speaks for that
            codes -= {"symptom-observed"}
        return tuple(dict.fromkeys(reason.code for reason in self.reasons if reason.code in codes))

    def as_dict(self) -> dict[str, object]:
        """The decision as `--format jsonl` writes it, with its reasons as dictionaries."""
        return {
            "server": self.server,
            "collected": self.collected,
            "rule": self.rule,
            "title": self.title,
            "severity": self.severity,
            "advisories": list(self.advisories),
            "decision": self.decision,
            "action": self.action,
            "reasons": [reason.as_dict() for reason in self.reasons],
            "contradictions": list(self.contradictions),
        }

    def __eq__(self, other: object) -> bool:
        return _plain_fields(self) == _plain_fields(other) if isinstance(other, Decision) else NotImplemented

    def __lt__(self, other: object) -> bool:
        return _plain_fields(self) < _plain_fields(other) if isinstance(other, Decision) else NotImplemented

    def __hash__(self) -> int:
        return hash(_plain_fields(self))

    def __reduce__(self) -> tuple[object, ...]:
        # Pickles the reasons, not the catalogue and the server from which they come.
        about = self.title, self.severity, self.advisories
        return Decision, (*_plain_fields(self), self.reasons, self.collected, *about)

    def __repr__(self) -> str:
        return f"Decision({self.server!r}, {self.rule!r}, {self.decision!r}, {self.action!r})"


_plain_fields = attrgetter("_server", "_rule", "_decision", "_action")


class Decided(Protocol):
    """What was decided for a rule."""

    @property
    def decision(self) -> DecisionKind:
        """Whether the server needs the fix."""

    @property
    def action(self) -> Action:
        """What to do about it."""


def decisions_for(  # noqa: PLR0913, PLR0917 - as many parts as a decision has
    server: str,
    collected: str | None,
    rules: Iterable[str],
    outcomes: Mapping[str, Decided],
    why: Why,
    about: Mapping[str, AboutRule],
) -> list[Decision]:
    """Decisions of one server, by rule; their reasons are computed by `why` when they are accessed.

    `about` has what they carry of their rules. Words are not checked: they come from the inference.
    """
    made = []
    for rule in rules:
        one, outcome = _new(Decision), outcomes[rule]
        one._server, one._rule, one._collected, one._why = server, rule, collected, why  # noqa: SLF001 - its own
        one._decision, one._action = outcome.decision, outcome.action  # noqa: SLF001 - as above
        one._about = about[rule]  # noqa: SLF001 - as above
        made.append(one)
    return made


_new = object.__new__


def check_words(words: Iterable[str], known: Sequence[str], what: str) -> None:
    """Raise UsageError for the first word that is not one of those known."""
    for word in words:
        if word not in known:
            raise UsageError(f"{word!r} is not a known {what}\n    hint: write one of {', '.join(known)}")
