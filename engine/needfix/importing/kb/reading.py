"""An article read as a rule, or the reasons why it cannot be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from needfix.errors import Position, Problem
from needfix.importing.kb.applies_to import read_applies_to
from needfix.importing.kb.article import Article, read_article
from needfix.importing.kb.contradictions import contradictions
from needfix.importing.kb.draft import Doubt, FixDraft, LevelDraft, RuleDraft
from needfix.importing.kb.fix_tables import TablesRead, read_tables
from needfix.importing.kb.fixes import fixes_of
from needfix.importing.kb.naming import Naming, affected
from needfix.importing.kb.ranges import accepted, proposals
from needfix.importing.kb.sources import ArticleText
from needfix.importing.kb.stated_levels import corrected, required
from needfix.importing.kb.statements import only_if_seen, replaced, replacements
from needfix.importing.kb.subject import ArticleSubject
from needfix.importing.kb.symptoms import symptoms_of

_MOST_BULLETS = 200
_LONGEST_BULLET = 2000


class RefusalError(Exception):
    """An article that no rule can be made of; `problems` say where and why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = tuple(problems)


def read_rule_draft(source: ArticleText, naming: Naming, *, accept_ranges: bool = False) -> RuleDraft:
    """The rule that an article describes.

    Raises RefusalError where it has no id, no product or no readable table of files.
    """
    article = read_article(source.text, source.first_line)
    tables = _tables(article)
    _check(article, tables, source)
    bullets = read_applies_to(article.applies_to)
    doubts: list[Doubt] = []
    subject = ArticleSubject(article, affected(bullets, naming, doubts), naming, doubts)
    if not subject.affected:
        unclear = Doubt(article.applies_to[0].number, article.applies_to[0].text, "no product", "affects")
        raise RefusalError([_no_product(doubt, source) for doubt in doubts or [unclear]])
    draft = _draft(subject, fixes_of(tables.tables, subject))
    doubts += (
        *_unread(tables),
        *_joined(article),
        *contradictions(article, bullets, draft),
        *proposals(subject, draft),
        *_replaced_by(article),
    )
    draft = accepted(draft, doubts) if accept_ranges else replace(draft, doubts=tuple(doubts))
    return replace(draft, doubts=tuple(sorted(dict.fromkeys(draft.doubts), key=lambda doubt: doubt.line)))


def _draft(subject: ArticleSubject, fixes: tuple[FixDraft, ...]) -> RuleDraft:
    article, drafts = subject.article, subject.naming.drafts
    return RuleDraft(
        id=article.id,
        title=article.title or article.id,
        revised=article.revised,
        reference=_reference(article),
        affects=tuple(subject.affected),
        fixes=fixes,
        requires=required(subject),
        corrected_in=_own(corrected(subject), subject),
        supersedes=_supersedes(article),
        only_if_seen=only_if_seen(article) is not None,
        symptoms=symptoms_of(article),
        products=tuple(drafts[product] for product in subject.products if product in drafts),
    )


def _reference(article: Article) -> str | None:
    """Where the vendor keeps an article of its own; other vendors' addresses are not known."""
    lines = [article.head.get("PRODUCT"), *article.applies_to]
    own = any("Microsoft" in line.text for line in lines if line)
    return f"https://support.microsoft.com/kb/{article.id.lstrip('QKB')}" if own else None


def _no_product(doubt: Doubt, source: ArticleText) -> Problem:
    hint = "add the level to the product definition, or write the rule by hand"
    return Problem(Position(source.file, doubt.line), f"{doubt.read}: {doubt.why}", "a known level", hint)


def _tables(article: Article) -> TablesRead:
    read = [read_tables(section) for section in article.sections]
    return TablesRead(
        tuple(table for part in read for table in part.tables),
        tuple(unread for part in read for unread in part.unread),
    )


def _check(article: Article, tables: TablesRead, source: ArticleText) -> None:
    problems: list[Problem] = []

    def miss(line: int, what: str, expected: str, hint: str) -> None:
        problems.append(Problem(Position(source.file, line), what, expected, hint))

    if not article.id:
        miss(
            source.first_line,
            "no article number",
            "a line such as DOCUMENT:Q279798  08-MAY-2002",
            "add it, or leave the file out",
        )
    bullets = article.applies_to
    if len(bullets) > _MOST_BULLETS or any(len(bullet.text) > _LONGEST_BULLET for bullet in bullets):
        miss(
            bullets[0].number, "a list of products that does not end", "a few bullets", "correct the article"
        )
    if not article.applies_to:
        miss(
            source.first_line,
            "no product",
            'bullets under "The information in this article applies to:"',
            "write the rule by hand",
        )
    if not tables.tables:
        for line, what in _why_no_table(tables, source.first_line):
            miss(line, what, "a table that names files with version, date or size", "write the rule by hand")
    if problems:
        raise RefusalError(problems)


def _why_no_table(tables: TablesRead, first_line: int) -> Iterable[tuple[int, str]]:
    reasons = [(unread.line, f"{unread.why}: {unread.text}") for unread in tables.unread]
    return reasons or [(first_line, "no table of the files that the fix installs")]


def _unread(tables: TablesRead) -> list[Doubt]:
    return [
        Doubt(unread.line, unread.text, unread.why, "fixes", drops_rows=unread.drops_rows)
        for unread in tables.unread
    ]


def _joined(article: Article) -> list[Doubt]:
    if article.joined is None:
        return []
    why = "line breaks were lost here and put back; check that every table is under its own heading"
    return [Doubt(article.joined.number, article.joined.text, why, "fixes")]


def _own(marks: Sequence[LevelDraft], subject: ArticleSubject) -> tuple[LevelDraft, ...]:
    """Marks without their product, where every product of the rule has the same one."""
    own = set(subject.products)
    found: dict[LevelDraft, None] = {}
    for mark in marks:
        same = {
            other.product for other in marks if (other.level, other.edition) == (mark.level, mark.edition)
        }
        shared = mark.edition is None and mark.product in own and same >= own
        found[replace(mark, product=None) if shared else mark] = None
    return tuple(found)


def _supersedes(article: Article) -> tuple[str, ...]:
    named = [
        number for statement in replaced(article) for number in statement.articles if number != article.id
    ]
    return tuple(dict.fromkeys(named))


def _replaced_by(article: Article) -> list[Doubt]:
    why = "another fix replaces this one; list this one there, under supersedes"
    return [Doubt(statement.line, statement.text, why, "supersedes") for statement in replacements(article)]
