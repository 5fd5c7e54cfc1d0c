"""Both versions of the rules held against servers, one after the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache

from needfix.catalogue import Catalogue
from needfix.catalogue.assemble import assemble
from needfix.decide.engine import Engine
from needfix.decide.evaluation import Evaluation
from needfix.diff.blame import Blame
from needfix.diff.subjects import Side, Subjects, subjects_of
from needfix.model.difference import KINDS, Cause, DecidedAction, Difference, Transition
from needfix.model.rule import Rule
from needfix.model.server import Server


def dependencies(*catalogues: Catalogue) -> Callable[[str], tuple[str, ...]]:
    """Takes the id of a rule without case, and returns all rules that matter for it, itself included."""
    direct: dict[str, dict[str, None]] = {}
    for catalogue in catalogues:
        for folded, rule_id in catalogue.ids.items():
            named = (
                *catalogue.required_rules(catalogue.rules[rule_id]),
                *catalogue.superseded_by.get(rule_id, ()),
            )
            direct.setdefault(folded, {}).update(dict.fromkeys(map(str.casefold, named)))
    return cache(lambda folded: tuple(_reached(folded, direct)))


def _reached(start: str, direct: Mapping[str, Iterable[str]]) -> dict[str, None]:
    reached: dict[str, None] = {}
    waiting = [start]
    while waiting:
        here = waiting.pop()
        if here in direct and here not in reached:
            reached[here] = None
            waiting.extend(direct[here])
    return reached


_Alteration = tuple[str, DecidedAction | None, DecidedAction | None, tuple[Cause, ...]]


class Comparison:
    """Takes servers and keeps what the change of rules alters on them, and nothing else of them."""

    def __init__(self, old: Side, new: Side) -> None:
        self._sides = old, new
        self._subjects = subjects_of(old, new)
        depends_on = dependencies(old.catalogue, new.catalogue)
        self._concerned = _concerned(self._subjects, depends_on)
        self._engines = [Engine(_reduced(side.catalogue, self._concerned)) for side in self._sides]
        self._blame = Blame(self._subjects, depends_on)
        self._altered: dict[_Alteration, list[str]] = {}
        self._unconcerned: Counter[str] = Counter()
        self._servers = 0
        self._servers_altered = 0

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules of both sides, those of the new one last."""
        return tuple(rule for side in self._sides for rule in side.catalogue)

    def add(self, server: Server) -> None:
        """Decide one more server by both versions."""
        self._servers += 1
        before, after = (_answers(engine, server) for engine in self._engines)
        altered = [folded for folded in self._concerned if before.get(folded) != after.get(folded)]
        reported = [
            folded for folded in altered if not _is_unconcerned(before.get(folded), after.get(folded))
        ]
        self._unconcerned.update(self._known_as(folded) for folded in altered if folded not in reported)
        self._servers_altered += bool(reported)
        for folded in reported:
            causes = self._blame.causes(server, folded, after.get(folded))
            key = (self._known_as(folded), before.get(folded), after.get(folded), causes)
            self._altered.setdefault(key, []).append(server.server)

    def difference(self, *, bad_records: int = 0) -> Difference:
        """What was found over all servers, the riskiest first."""
        found = [Transition(*key, tuple(servers)) for key, servers in self._altered.items()]
        old, new = self._sides
        return Difference(
            old=old.name,
            new=new.name,
            servers=self._servers,
            servers_altered=self._servers_altered,
            rules=len(new.catalogue),
            changes=self._subjects.changes,
            transitions=tuple(sorted(found, key=_risk)),
            unconcerned=tuple(self._unconcerned.items()),
            bad_records=bad_records,
        )

    def _known_as(self, folded: str) -> str:
        """The id of a rule as the new version writes it, or the old one where it is gone."""
        subject = self._subjects.rules[folded]
        rule = subject.new or subject.old
        return rule.id if rule is not None else folded


def _concerned(subjects: Subjects, depends_on: Callable[[str], tuple[str, ...]]) -> tuple[str, ...]:
    """The rules whose decisions can be other ones; a changed product definition concerns all."""
    if any(product.changes for product in subjects.products.values()):
        return tuple(subjects.rules)
    return tuple(
        folded for folded in subjects.rules if any(subjects.rules[one].changes for one in depends_on(folded))
    )


def _reduced(catalogue: Catalogue, ids: Collection[str]) -> Catalogue:
    """The catalogue without rules that neither matter nor are needed for those that do."""
    depends_on = dependencies(catalogue)
    needed = {one for folded in ids for one in depends_on(folded)}
    rules = [catalogue.rules[rule_id] for folded, rule_id in catalogue.ids.items() if folded in needed]
    return assemble(rules, catalogue.products, [])


def _answers(engine: Engine, server: Server) -> dict[str, DecidedAction]:
    outcomes = Evaluation(engine, server).outcomes
    return {rule_id.casefold(): DecidedAction(one.decision, one.action) for rule_id, one in outcomes.items()}


def _is_unconcerned(before: DecidedAction | None, after: DecidedAction | None) -> bool:
    """Whether a rule that came or went says nothing of the server."""
    there = after if before is None else before if after is None else None
    return there is not None and there.decision == "not-affected"


def _risk(one: Transition) -> tuple[int, int, str]:
    return KINDS.index(one.kind), -len(one.servers), one.rule
