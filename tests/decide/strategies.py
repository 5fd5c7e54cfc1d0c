"""Random small catalogues and servers for laws: few values, so that they often meet."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.support.catalogues import MAIL, SYSTEM, Document

_MAIL_LEVELS = ["5.0 SP3", "5.5", "5.5 SP3", "5.5 SP4", "6.0"]
_SYSTEM_LEVELS = ["4.0", "4.0 SP6", "4.0 SP6a"]
_VERSIONS = ["1.9", "2.0", "2.0.1", "3"]
_NAMES = ["One.dll", "Two.dll", "Store.exe"]
_EDITIONS = ["Enterprise Edition", "Hosted Edition"]
_PLATFORMS = ["x86", "alpha"]
_LANGUAGES = ["en", "de", "fr"]
_SYMPTOMS = ["mail-waits", "store-hangs"]

Strategy = st.SearchStrategy[Any]


def some(values: list[str], most: int = 3) -> Strategy:
    return st.lists(st.sampled_from(values), min_size=1, max_size=most, unique=True)


def parts(needed: dict[str, Strategy], **optional: Strategy) -> Strategy:
    return st.fixed_dictionaries(needed, optional=optional)


# ---- rules

_MINIMUM: Strategy = st.one_of(
    parts({"version": st.sampled_from(_VERSIONS[:3])}, path=st.just("mail")),
    parts({"version": st.sampled_from(["5.5.2653.1", "5.5.2654"])}),
    parts({"modified": st.sampled_from(["2000-03-14", "2000-03-14T18:00"])}),
    st.just({}),
)
_FIX = parts(
    {"files": st.dictionaries(st.sampled_from(_NAMES), _MINIMUM, min_size=1, max_size=2)},
    level=some(_MAIL_LEVELS),
    edition=st.sampled_from(_EDITIONS),
    platform=st.sampled_from(_PLATFORMS),
    language=st.sampled_from(_LANGUAGES[:2]),
)
_ONE_MINIMUM = st.one_of(
    parts({"version": st.sampled_from(_VERSIONS[:3])}),
    parts({"version": st.sampled_from(_VERSIONS[:3])}),
    parts({"modified": st.sampled_from(["2000-03-14", "2000-03-14T18:00"])}),
)
_ONE_FILE = {"files": st.fixed_dictionaries({"One.dll": _ONE_MINIMUM})}
_LANGUAGE = {"language": st.sampled_from(_LANGUAGES[:2])}
_FEW_KEYS = {
    "level": some(_MAIL_LEVELS[2:4]),
    "edition": st.sampled_from(_EDITIONS[:1]),
    "platform": st.sampled_from(_PLATFORMS),
}
_OVERLAPPING_FIX = parts(_ONE_FILE, **_FEW_KEYS, **_LANGUAGE)
"""Few values and one file, so that fixes are for the same servers and differ in what they ask."""

_FIX_IN_A_LANGUAGE = parts(_ONE_FILE | _LANGUAGE, **_FEW_KEYS)
_PLAIN_FIX = parts({"files": st.dictionaries(st.sampled_from(_NAMES), _MINIMUM, min_size=1, max_size=3)})
_MAIL_ENTRY = parts(
    {"product": st.just("mail-server")}, levels=some(_MAIL_LEVELS), edition=st.sampled_from(_EDITIONS)
)
_SYSTEM_ENTRY = parts({"product": st.just("host-system")}, levels=some(_SYSTEM_LEVELS))
_AFFECTS = st.one_of(
    st.just(_MAIL_LEVELS),
    some(_MAIL_LEVELS, 4),
    st.lists(_MAIL_ENTRY, min_size=1, max_size=2),
    st.tuples(_MAIL_ENTRY, _SYSTEM_ENTRY).map(list),
)


def level_of(product: str, known: list[str]) -> Strategy:
    return st.fixed_dictionaries({"product": st.just(product), "level": st.sampled_from(known)})


_RULE = parts(
    {
        "needfix": st.just(1),
        "title": st.just("A rule"),
        "product": st.just("mail-server"),
        "affects": _AFFECTS,
        "apply": st.sampled_from(["if-symptoms", "always"]),
        "fixes": st.one_of(
            st.lists(_FIX, min_size=1, max_size=3),
            st.lists(_OVERLAPPING_FIX, min_size=2, max_size=4),
            st.lists(_FIX_IN_A_LANGUAGE, min_size=2, max_size=3),
            st.lists(_PLAIN_FIX, min_size=1, max_size=2),
        ),
    },
    corrected_in=st.lists(level_of("mail-server", _MAIL_LEVELS[1:]), min_size=1, max_size=1),
    if_missing=st.just("fix-required"),
    symptoms=some(_SYMPTOMS).map(lambda ids: [{"id": one, "text": "A symptom"} for one in ids]),
)


@st.composite
def rules(draw: st.DrawFn) -> list[Document]:
    """Up to four rules; each depends on those behind it only."""
    count = draw(st.integers(1, 4))
    ids = [f"Q10000{n}" for n in range(count)]
    required = st.one_of(level_of("mail-server", _MAIL_LEVELS), level_of("host-system", _SYSTEM_LEVELS))
    found = []
    for place, rule_id in enumerate(ids):
        rule = {"id": rule_id, **draw(_RULE)}
        behind = [*ids[place + 1 :], "Q999999"]
        single = st.one_of(required, st.sampled_from(behind))
        several = st.lists(single, min_size=1, max_size=3).map(lambda found: {"any": found})
        entries = st.lists(st.one_of(single, several), min_size=1, max_size=2)
        rule["requires"] = draw(st.one_of(st.just([]), entries))
        rule["fixes"] = [
            {**fix, "requires": draw(st.one_of(st.just([]), entries))}
            if draw(st.integers(0, 3)) == 0
            else fix
            for fix in rule["fixes"]
        ]
        rule["supersedes"] = draw(
            st.lists(st.sampled_from([*ids[:place], "Q999998"]), max_size=2, unique=True)
        )
        found.append(rule)
    return found


# ---- servers

_MAIL_STATED = st.sampled_from(
    [*(entry["level"] for entry in MAIL["levels"]), "SP3", "SP4", "7.0", "brand new"]
)
_STATED = st.sampled_from(_MAIL_LEVELS)
_MAIL_HERE = parts(
    {"name": st.just(MAIL["name"])},
    level=st.one_of(_STATED, _STATED, _MAIL_STATED),
    build=st.sampled_from(["5.0.1460", "5.5.1960.4", "5.5.2650.24", "5.5.2653.23", "6.0.4417", "unknown"]),
    edition=st.sampled_from(_EDITIONS),
    platform=st.sampled_from(_PLATFORMS),
    language=st.sampled_from(_LANGUAGES),
)
_MAIL_PLAINLY_HERE = parts({"name": st.just(MAIL["name"]), "level": _STATED})
_MAIL_PARTLY_HERE = parts(
    {"name": st.just(MAIL["name"])},
    level=_STATED,
    edition=st.sampled_from(_EDITIONS[:1]),
    platform=st.sampled_from(_PLATFORMS),
    language=st.sampled_from(_LANGUAGES),
)
_SYSTEM_HERE = parts(
    {"name": st.just(SYSTEM["name"])}, level=st.sampled_from([*_SYSTEM_LEVELS, "9.0", "brand new"])
)
_OTHER = st.just({"name": "Unrelated Thing", "level": "1.0"})
_PRODUCTS = st.one_of(
    st.none(),
    st.just([]),
    st.lists(_MAIL_PLAINLY_HERE, min_size=1, max_size=1),
    st.lists(_MAIL_PARTLY_HERE, min_size=1, max_size=1),
    st.lists(st.one_of(_MAIL_HERE, _MAIL_PLAINLY_HERE, _SYSTEM_HERE, _OTHER), max_size=3),
)
_KEY_VERSIONS = ["5.5.1960.4", "5.5.2650.24", "5.5.2653.23", "5.5.2654", "6.0.4417.5", "unknown", ""]
_PATHS = ["c:\\mail\\bin\\x", "d:\\backup\\x"]
_LIBRARY = parts(
    {"name": st.sampled_from(["One.dll", "ONE.DLL", "Two.dll"])},
    version=st.sampled_from([*_VERSIONS, "unknown", ""]),
    modified=st.sampled_from(
        ["2000-03-13", "2000-03-14", "2000-03-14T17:59", "2000-03-14T18:00", "2000-04-01"]
    ),
    path=st.sampled_from(_PATHS),
    platform=st.sampled_from(_PLATFORMS),
    loaded=st.sampled_from([*_VERSIONS, "unknown"]),
)
_KEY_FILE = parts(
    {"name": st.just("Store.exe"), "version": st.sampled_from(_KEY_VERSIONS)}, path=st.sampled_from(_PATHS)
)


@st.composite
def records(draw: st.DrawFn) -> Document:
    """A server as an inventory record."""
    record: Document = {
        "server": draw(st.sampled_from(["A", "B", "C"])),
        "files": draw(st.lists(st.one_of(_LIBRARY, _LIBRARY, _KEY_FILE), max_size=4)),
        "symptoms": {
            "observed": draw(
                st.sampled_from(
                    [None, [], [], [], ["Q100000/mail-waits"], ["q100001/STORE-hangs"], _SYMPTOMS[1:]]
                )
            ),
            "absent": draw(
                st.sampled_from(
                    [None, [], _SYMPTOMS, _SYMPTOMS, _SYMPTOMS[:1], ["Q100000/store-hangs", "mail-waits"]]
                )
            ),
        },
        "restart_pending": draw(st.sampled_from([None, True, False])),
    }
    record["complete"] = draw(st.sampled_from([[], ["files"]])) if record["files"] else []
    products = draw(_PRODUCTS)
    return record if products is None else {**record, "products": products}
