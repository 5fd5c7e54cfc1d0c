"""An article read as a rule, or the reasons why it cannot be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from needfix.authoring.importing.applies_to import read_applies_to
from needfix.authoring.importing.article import Article, read_article
from needfix.authoring.importing.contradictions import contradictions
from needfix.authoring.importing.draft import AffectedDraft, Doubt, LevelDraft, RuleDraft
from needfix.authoring.importing.fix_tables import TablesRead, read_tables
from needfix.authoring.importing.fixes import fixes_of
from needfix.authoring.importing.levels_said import corrected, required
from needfix.authoring.importing.naming import Naming, affected
from needfix.authoring.importing.ranges import accepted, proposals
from needfix.authoring.importing.sources import ArticleText
from needfix.authoring.importing.statements import only_if_seen, replaced, replacements
from needfix.authoring.importing.symptoms import symptoms_of
from needfix.errors import Position, Problem


@dataclass(frozen=True, slots=True)
class Refusal(Exception):
    """An article that no rule can be made of."""

    problems: tuple[Problem, ...]


def read_rule_draft(source: ArticleText, naming: Naming, *, accept_ranges: bool = False) -> RuleDraft:
    """The rule that an article tells.

    Raises Refusal where it has no id, no product or no readable table of files.
    """
    article = read_article(source.text, source.first_line)
    tables = _tables(article)
    _check(article, tables, source)
    bullets = read_applies_to(article.applies_to)
    entries, doubts = affected(bullets, naming)
    if not entries:
        what = "the bullets name no product, only what it runs on"
        at = Position(source.file, bullets[0].line.number)
        raise Refusal((Problem(at, what, "a product", "write the rule by hand"),))
    fixes, doubted = fixes_of(tables.tables, entries, naming, article.revised)
    found = [*doubts, *doubted, *_unread(tables)]
    requires = required(article, entries, naming, found)
    corrected_in = corrected(article, entries, naming, found)
    found += contradictions(article, bullets, fixes)
    found += proposals(entries, article, (requires, corrected_in, fixes), naming)
    found += _replaced_by(article)
    if accept_ranges:
        entries, found = _accepted(entries, found)
    return RuleDraft(
        id=article.id,
        title=article.title or article.id,
        revised=article.revised,
        affects=entries,
        fixes=fixes,
        requires=requires,
        corrected_in=_own(corrected_in, entries),
        supersedes=_supersedes(article),
        only_if_seen=only_if_seen(article) is not None,
        symptoms=symptoms_of(article),
        doubts=tuple(sorted(dict.fromkeys(found), key=lambda doubt: doubt.line)),
        products=tuple(naming.drafts[entry.product] for entry in entries if entry.product in naming.drafts),
    )


def _tables(article: Article) -> TablesRead:
    read = [read_tables(section) for section in article.sections]
    return TablesRead(
        tuple(table for part in read for table in part.tables),
        tuple(unread for part in read for unread in part.unread),
    )


def _check(article: Article, tables: TablesRead, source: ArticleText) -> None:
    problems: list[Problem] = []

    def miss(line: int, what: str, expected: str, mend: str) -> None:
        problems.append(Problem(Position(source.file, line), what, expected, mend))

    if not article.id:
        miss(source.first_line, "no article number", "a line such as DOCUMENT:Q279798  08-MAY-2002", "add it, or leave the file out")
    if not article.applies_to:
        miss(source.first_line, "no product", 'bullets under "The information in this article applies to:"', "write the rule by hand")
    if not tables.tables:
        for line, what in _why_no_table(tables, source.first_line):
            miss(line, what, "a table that names files with version, date or size", "write the rule by hand")
    if problems:
        raise Refusal(tuple(problems))


def _why_no_table(tables: TablesRead, first_line: int) -> Iterable[tuple[int, str]]:
    told = [(unread.line, f"{unread.why}: {unread.text}") for unread in tables.unread]
    return told or [(first_line, "no table of the files that the fix installs")]


def _unread(tables: TablesRead) -> list[Doubt]:
    return [
        Doubt(unread.line, unread.text, unread.why, "fixes", drops_rows=unread.drops_rows)
        for unread in tables.unread
    ]


def _accepted(entries: tuple[AffectedDraft, ...], doubts: list[Doubt]) -> tuple[tuple[AffectedDraft, ...], list[Doubt]]:
    kept, left = accepted(entries, doubts)
    return kept, list(left)


def _own(marks: Sequence[LevelDraft], entries: Sequence[AffectedDraft]) -> tuple[LevelDraft, ...]:
    """Marks without their product, where every product of the rule has the same one."""
    products = {entry.product for entry in entries}
    found: dict[LevelDraft, None] = {}
    for mark in marks:
        same = {other.product for other in marks if (other.level, other.edition) == (mark.level, mark.edition)}
        found[replace(mark, product=None) if same >= products and mark.product in products and not mark.edition else mark] = None
    return tuple(found)


def _supersedes(article: Article) -> tuple[str, ...]:
    named = [number for said in replaced(article) for number in said.articles if number != article.id]
    return tuple(dict.fromkeys(named))


def _replaced_by(article: Article) -> list[Doubt]:
    why = "another fix is said to replace this one; state it there, under supersedes"
    return [Doubt(said.line, said.text, why, "supersedes") for said in replacements(article)]
