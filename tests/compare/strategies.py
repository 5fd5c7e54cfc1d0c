"""Random catalogues and servers, made in memory from few values, so that they often meet."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from packaging.version import Version

from needfix.catalogue import Catalogue
from needfix.catalogue.assemble import assemble
from needfix.model.minimum import Minimum
from needfix.model.product import LevelDefinition, ProductDefinition
from needfix.model.requirement import ProductLevel
from needfix.model.rule import Affects, Correction, Fix, Rule
from needfix.model.server import (
    SCOPES,
    CounterSample,
    Event,
    FileCopy,
    InstalledProduct,
    Scope,
    Server,
    ServiceState,
)
from needfix.model.symptom import CounterSeen, EventSeen, ServiceSeen, Symptom
from needfix.versions import Level, parse_level, parse_moment

Strategy = st.SearchStrategy[Any]


def level(text: str) -> Level:
    found = parse_level(text)
    assert found is not None
    return found


def few(values: Strategy, most: int = 3) -> Strategy:
    """Up to so many of these, as a tuple, most often one."""
    one = values.map(lambda value: (value,))
    return st.one_of(st.just(()), one, st.lists(values, min_size=1, max_size=most).map(tuple))


def maybe(*values: Any) -> Strategy:  # noqa: ANN401 - of any field
    """None half of the time."""
    return st.none() | st.sampled_from(values)


# ---- products

MAIL_LEVELS = ("4.0", "4.0 SP1", "5.5", "5.5 SP1", "5.5 SP1a", "5.5 SP2", "5.5 SP2 HRP", "6", "6.0 SP1")
HOST_LEVELS = ("1.0", "1.0 SP1", "2000", "2000 SP1", "2000 SP2")
_BUILDS = (
    "4.0.90", "4.0.100", "4.0.100.5", "5.5.99", "5.5.100", "5.5.101", "5.5.200", "5.5.200.1", "5.5.200.2",
    "6.0.50", "6.0.101", "6.0.300",
)  # fmt: skip
BUILD_TEXTS = (
    *_BUILDS, "4.0.89", "4.0.100.4", "4.0.100.6", "5.5.98.9", "5.5.100.1", "5,5,200,0", "5.5.201", "5.5",
    "5", "4", "6", "6.0", "6.0.49", "6.0.999", "7.0", "3.9", "0", "100", "200.1", "200.2", "50", "99", "101",
    "300", "101.5", "101.5.1", "200.1.1", "99999", "5.5.70000.1", "2022.5", "2022", "2022.5.5.5",
    "5.5 (Build 200.1: Service Pack 2)", "200.1 (SP1)", "5.5.200.1 (SP3)", "SP2", "unknown", "5.x",
)  # fmt: skip


_LABELS = {"6": "7.1", "6.0 SP1": "7.1 SP1", "2000": "8.0", "2000 SP1": "8.0 SP1"}


def definitions(texts: tuple[str, ...]) -> Strategy:
    """Some levels in order, some of them with builds, in order too, and with other labels."""
    places = st.integers(0, len(texts) - 1)
    builds = st.sets(st.integers(0, len(_BUILDS) - 1), max_size=len(texts))
    return st.builds(
        _defined, st.just(texts), st.sets(places, min_size=1), builds, st.sets(places, max_size=3)
    )


def _defined(
    texts: tuple[str, ...], levels: set[int], builds: set[int], without: set[int]
) -> tuple[LevelDefinition, ...]:
    build_of = dict(
        zip(sorted(levels - without), (Version(_BUILDS[place]) for place in sorted(builds)), strict=False)
    )
    return tuple(
        LevelDefinition(level(texts[place]), build_of.get(place), _labels(texts[place]))
        for place in sorted(levels)
    )


def _labels(text: str) -> tuple[Level, ...]:
    return (level(_LABELS[text]),) if text in _LABELS else ()


MAIL = st.builds(
    ProductDefinition,
    st.just("mail"),
    st.just("Contoso Mail Server"),
    definitions(MAIL_LEVELS),
    aliases=st.sampled_from([(), ("Mail Server", "Contoso Mail Server 6")]),
    editions=st.just(("Standard Edition", "Hosted Edition")),
    separate_editions=st.sampled_from([(), ("Hosted Edition",)]),
    key_files=st.sampled_from([(), ("Key.exe",), ("Key.exe", "Core.dll")]),
)
HOST = st.builds(
    ProductDefinition,
    st.just("host"),
    st.just("Contoso Host 2000"),
    definitions(HOST_LEVELS),
    aliases=st.sampled_from([(), ("Contoso Host", "Mail Host")]),
    editions=st.sampled_from([(), ("Hosted Edition",)]),
    separate_editions=st.just(()),
    key_files=st.sampled_from([(), ("Core.dll",)]),
)

DENSE = st.builds(
    ProductDefinition,
    st.just("mail"),
    st.just("Contoso Mail Server"),
    st.builds(
        _defined,
        st.just(MAIL_LEVELS),
        st.sets(st.sampled_from(MAIL_LEVELS), max_size=2).map(
            lambda out: {place for place, text in enumerate(MAIL_LEVELS) if text not in out}
        ),
        st.sets(st.integers(0, len(_BUILDS) - 1), min_size=7),
        st.sets(st.integers(0, len(MAIL_LEVELS) - 1), max_size=2),
    ),
    separate_editions=st.sampled_from([(), ("Hosted Edition",)]),
    key_files=st.just(("Key.exe", "Core.dll")),
)
"""A product with nearly all levels and builds."""

# ---- rules

EDITIONS = ("Standard", "Hosted Edition", "hosted")
_PLATFORMS = ("x86", "Intel", "alpha")
_LANGUAGES = ("en", "German", "de")
_PATHS = ("mail", "mail\\bin", "c:\\m*l", "?:\\mail\\b?n", "c:\\[1]*", "*bin\\x")
_VERSION = st.sampled_from(("2", "2.0.1", "2.1", "5.5.200.1")).map(Version)
_MODIFIED = st.sampled_from(("2000-03-14", "2000-03-14T18:00", "2000-03-14T18:00:30")).map(parse_moment)
_FILES = ("One.dll", "Two.dll", "Key.exe")
_MINIMUM = st.one_of(
    st.builds(Minimum, st.sampled_from(_FILES), version=_VERSION, path=maybe(*_PATHS)),
    st.builds(Minimum, st.just("One.dll"), version=_VERSION),
    st.builds(Minimum, st.just("One.dll"), modified=_MODIFIED, path=maybe(*_PATHS)),
    st.builds(Minimum, st.sampled_from(_FILES), version=_VERSION, modified=_MODIFIED),
    st.builds(Minimum, st.sampled_from(_FILES)),
)


_LEVELS = {"mail": tuple(map(level, MAIL_LEVELS)), "host": tuple(map(level, HOST_LEVELS))}


def some_levels(product: str) -> Strategy:
    return st.none() | st.frozensets(st.sampled_from(_LEVELS[product]), min_size=1, max_size=4)


_FIX = st.builds(Fix, few(_MINIMUM, 2), component=maybe("A", "B"))
_BRANCHED_FIX = st.builds(
    Fix,
    few(_MINIMUM, 2),
    product=st.sampled_from((None, None, None, "mail", "host")),
    levels=st.none() | some_levels("mail"),
    edition=st.sampled_from((None, None, None, *EDITIONS)),
    platform=maybe(*_PLATFORMS),
    language=maybe(*_LANGUAGES),
)
FIXES = st.one_of(
    st.lists(_FIX, min_size=1, max_size=2),
    st.lists(st.one_of(_FIX, _BRANCHED_FIX, _BRANCHED_FIX), min_size=1, max_size=4),
).map(tuple)
_OBSERVATION = st.one_of(
    st.builds(
        EventSeen, st.sampled_from(("MSMail", "Disk")), st.sampled_from((None, 1, 2)), st.just("dead lock")
    ),
    st.builds(
        EventSeen, st.sampled_from(("MSMail", "Disk")), st.sampled_from((1, 2)), maybe("Dead lock", "full")
    ),
    st.builds(ServiceSeen, st.sampled_from(("Store", "Gate")), st.sampled_from(("stopping", "stopped"))),
    st.builds(
        CounterSeen,
        st.sampled_from(("queue", "load")),
        st.sampled_from((10.0, 2.5)),
        st.sampled_from((0.0, 60.0, 90.0)),
    ),
)
_SYMPTOMS = st.lists(
    st.builds(
        Symptom, st.sampled_from(("mail-waits", "Store-Hangs")), st.just("A symptom"), few(_OBSERVATION, 2)
    ),
    max_size=2,
    unique_by=lambda symptom: symptom.id,
).map(tuple)


_OF_MAIL = st.builds(
    Affects, st.just("mail"), some_levels("mail"), edition=st.sampled_from((None, None, *EDITIONS))
)
_OF_HOST = st.builds(Affects, st.just("host"), some_levels("host"))
_PRODUCT_LEVEL = st.sampled_from([ProductLevel(own, one) for own, every in _LEVELS.items() for one in every])
MARKS = st.one_of(
    st.builds(Correction, st.just("mail"), st.sampled_from(_LEVELS["mail"]), maybe(*EDITIONS)),
    st.builds(Correction, st.just("host"), st.sampled_from(_LEVELS["host"]), maybe("Hosted")),
)
RULES = st.builds(
    Rule,
    st.just("Q1"),
    st.just("A rule"),
    st.one_of(
        st.tuples(_OF_MAIL), st.tuples(_OF_MAIL, _OF_HOST), st.tuples(_OF_MAIL, _OF_MAIL), st.tuples(_OF_MAIL)
    ),
    FIXES,
    symptoms=_SYMPTOMS,
    requires=few(st.lists(_PRODUCT_LEVEL, min_size=1, max_size=2).map(tuple), 2),
    corrected_in=st.one_of(st.just(()), st.just(()), few(MARKS, 2)),
    apply=st.sampled_from(("always", "if-symptoms")),
    if_missing=st.sampled_from(("not-affected", "fix-required")),
)


def fitting(rule: Rule, *products: ProductDefinition) -> Rule:
    """A rule without the levels that its products do not have."""
    own = {one.product: frozenset(entry.level for entry in one.levels) for one in products}
    every = frozenset().union(*own.values())

    def own_level(one: ProductLevel) -> bool:
        return one.level in own[one.product]

    requires = [tuple(filter(own_level, some)) for some in rule.requires if isinstance(some, tuple)]
    return replace(
        rule,
        affects=tuple(
            replace(e, levels=(e.levels or frozenset()) & own[e.product] or None) for e in rule.affects
        ),
        fixes=tuple(replace(fix, levels=(fix.levels or frozenset()) & every or None) for fix in rule.fixes),
        corrected_in=tuple(mark for mark in rule.corrected_in if mark.level in own[mark.product]),
        requires=tuple(some for some in requires if some),
    )


_IDS = ("Q100001", "Q100002", "Q100003")
_BEHIND = few(st.sampled_from(("q100002", "q100003", "Q999999")), 1)
_BEFORE = few(st.sampled_from(("Q100001", "Q100002", "Q999998")), 1)
_DRAFTS = st.lists(st.tuples(RULES, _BEHIND, _BEFORE), min_size=1, max_size=3)


@st.composite
def catalogues(draw: st.DrawFn) -> Catalogue:
    """Two products and up to three rules; each depends on those behind it only."""
    mail, host, drafts = draw(MAIL), draw(HOST), draw(_DRAFTS)
    made = []
    for rule_id, (draft, behind, before) in zip(_IDS, drafts, strict=False):
        rule = fitting(draft, mail, host)
        requires = (*rule.requires, *(one for one in behind if one.upper() > rule_id))
        supersedes = tuple(one for one in before if one < rule_id or one == "Q999998")
        made.append(replace(rule, id=rule_id, requires=requires, supersedes=supersedes))
    problems: list[Any] = []
    catalogue = assemble(made, {"mail": mail, "host": host}, problems)
    assert not problems
    return catalogue


# ---- servers

NAMES = (
    "Contoso Mail Server", "contoso MAIL server", "mail", "Mail Server", "Contoso Mail Server 5.5",
    "Contoso Mail Server 5.5 SP1", "Mail Server 6", "Contoso Mail Server, Hosted Edition",
    "Contoso Mail Server 4.0 Service Pack 1 Standard Edition", "Contoso Host 2000", "Contoso Host 2000 SP1",
    "Contoso Host 1.0", "Host", "Contoso Mail", "Contoso Host", "Mail Host SP2", "Unrelated Thing", "2000",
    "Contoso Gate 2000", "Contoso Host 2000 Hosted", "Mail Server (R) 5.5 Gold", "Server",
)  # fmt: skip
LEVEL_TEXTS = (
    *MAIL_LEVELS, *HOST_LEVELS, "SP1", "SP2", "sp1a", "Service Pack 1", "5.5 SP9", "7.1 SP1", "7.1", "8.0",
    "8.0 SP1", "5.5.100", "5.5.200.1", "4.0.95", "9.9.9", "strange", "5.5 (Build 200.1: SP2)",
    "5.5 SP1 build 5.5.100", "SP1 build 5.5.101", "6.0", "1",
)  # fmt: skip
ENTRIES = st.one_of(
    st.builds(InstalledProduct, st.just(NAMES[0]), level=st.sampled_from(MAIL_LEVELS)),
    st.builds(
        InstalledProduct,
        st.sampled_from(NAMES[:2]),
        level=maybe(*LEVEL_TEXTS),
        build=st.none() | maybe(*BUILD_TEXTS),
        edition=maybe("Hosted Edition", "standard", "Other"),
        language=maybe("English", "de-AT", "fr"),
        platform=maybe("i386", "Alpha"),
    ),
    st.builds(
        InstalledProduct,
        st.sampled_from(NAMES),
        level=maybe(*LEVEL_TEXTS),
        build=st.none() | maybe(*BUILD_TEXTS),
    ),
)
_UNCLEAR = st.builds(InstalledProduct, st.sampled_from(("Contoso Gate 2000", "Unrelated Thing")))
COPY_VERSIONS = (
    "1.9",
    "2",
    "2.0",
    "2.0.1",
    "2,0,1,1",
    "2.1 (SP1)",
    "3",
    "5.5.200",
    "5.5.200.1",
    "unknown",
    "",
)
TIMES = (
    None, "2000-03-13", "2000-03-14", "2000-03-14T17:59", "2000-03-14T18:00", "2000-03-14T18:00:29",
    "2000-03-14T18:00:30", "2000-03-15", "lately",
)  # fmt: skip
COPIES = st.one_of(
    st.builds(FileCopy, st.sampled_from(("One.dll", "ONE.DLL", "Two.dll")), version=maybe(*COPY_VERSIONS)),
    st.builds(
        FileCopy,
        st.sampled_from(("One.dll", "Two.dll")),
        path=maybe(
            "C:\\Mail\\bin\\x", "d:/mail/BIN/x", "c:\\[1]\\x", "c:\\1\\x", "c:\\mailbin\\x", "c:\\all\\bin\\x"
        ),
        version=maybe(*COPY_VERSIONS),
        modified=maybe(*TIMES),
        platform=maybe("i386", "alpha"),
        loaded=maybe("1.9", "2.0.1", "2.1", "unknown"),
    ),
    st.builds(
        FileCopy,
        st.sampled_from(("Key.exe", "key.EXE", "Core.dll")),
        path=maybe("c:\\mail\\bin\\x"),
        version=maybe(*BUILD_TEXTS),
    ),
)  # fmt: skip
_NAMED = ("mail-waits", "Q100001/mail-waits", "STORE-HANGS", "q100002/store-hangs", "other")


def made(name: str, *, complete: frozenset[Scope], files: tuple[FileCopy, ...], **facts: Any) -> Server:  # noqa: ANN401
    """A server; no list of all files is empty."""
    scopes = complete if files else complete - {"files"}
    return Server(name, files=files, complete=scopes, **facts)


SERVERS = st.builds(
    made,
    st.just("A"),
    products=st.one_of(st.none(), st.tuples(ENTRIES), few(ENTRIES, 2), st.tuples(_UNCLEAR, ENTRIES)),
    files=few(COPIES, 5),
    complete=st.one_of(
        st.just(frozenset()),
        st.just(frozenset({"files"})),
        st.frozensets(st.sampled_from(SCOPES), max_size=5),
    ),
    observed=st.frozensets(st.sampled_from(_NAMED), max_size=1),
    absent=st.frozensets(st.sampled_from(_NAMED), max_size=2),
    events=few(
        st.builds(
            Event,
            st.sampled_from(("msmail", "Disk", "Other")),
            st.sampled_from((None, 1, 2, 3)),
            st.sampled_from(("A Dead\r\n  Lock came", "deadlock", "FULL", "")),
        ),
        2,
    ),
    services=few(
        st.builds(
            ServiceState,
            st.sampled_from(("store", "Gate", "Other")),
            st.sampled_from(("Stopping", "stopped", "running")),
        ),
        2,
    ),
    counters=few(
        st.builds(
            CounterSample,
            st.sampled_from(("Queue", "load")),
            st.sampled_from((2.5, 2.6, 10.0, 11.0)),
            st.sampled_from(
                (None, "2001-01-01T00:00:00", "2001-01-01T00:01:00", "2001-01-01T00:01:30", "later")
            ),
            st.sampled_from((None, None, 59.0, 60.0, 90.0)),
        ),
        4,
    ),
    hotfixes=st.sampled_from((None, (), ("KB100001",), ("kb 100002 (enu)", "SP4"), ("Q1000012",))),
    restart_pending=st.sampled_from((None, None, False, True)),
)
