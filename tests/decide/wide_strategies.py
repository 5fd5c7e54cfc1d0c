"""Random catalogues and servers that state every kind of fact, in many spellings."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.decide.strategies import parts, records, rules, some
from tests.support.catalogues import Document

GATE: Document = {
    "needfix": 1,
    "product": "mail-gate",
    "name": "Contoso Mail Gate 2000",
    "aliases": ["Mail Gate"],
    "editions": ["Hosted Edition"],
    "key_files": ["Gate.exe", "Gate.dll"],
    "shows_updates": ["key_files"],
    "shorthand": "2000",
    "levels": [
        {"level": "1.0", "build": "1.0.100"},
        {"level": "1.0 SP1"},
        {"level": "2000", "build": "8.0.200", "also": ["8.0"]},
        {"level": "2000 SP1", "build": "8.0.300", "also": ["8.0 SP1"]},
        {"level": "2000 SP2"},
    ],
}
"""A product with two key files, levels without a build, and levels of two labels."""

_GATE_LEVELS = [entry["level"] for entry in GATE["levels"]]
_OBSERVATION = st.one_of(
    parts({"source": st.just("MSMail"), "id": st.sampled_from([1, 2])}, contains=st.just("dead lock")),
    parts({"source": st.just("MSMail"), "contains": st.just("Dead lock")}),
    parts({"service": st.just("MailStore"), "state": st.sampled_from(["stop pending", "stopped"])}),
    parts(
        {"counter": st.sampled_from(["queue", "load"]), "above": st.sampled_from([10, 2.5])},
        **{"for": st.sampled_from(["1m", "90s"])},
    ),
)
_SYMPTOMS = st.lists(
    parts(
        {"id": st.sampled_from(["mail-waits", "store-hangs", "Gate-Shuts"]), "text": st.just("A symptom")},
        observe=st.lists(_OBSERVATION, min_size=1, max_size=2),
    ),
    min_size=1,
    max_size=2,
    unique_by=lambda symptom: symptom["id"],
)
_PATHS = ["mail", "mail\\bin", "c:\\m*l", "?:\\mail\\b?n", "c:\\[1]*", "*bin\\x"]
_LINES = st.sampled_from(
    [
        [{"version": "1.0.150"}, {"from": "8.0.200", "version": "8.0.250"}],
        [{"version": "8.0.210", "path": "mail"}, {"from": "8.0.250", "version": "8.0.310"}],
    ]
)
_BUILDS = st.sampled_from(
    [
        "1.0.150", "8.0.250", "5.5.2653.1", "5.5.2650.24", {"above": "8.0.250"}, {"above": "5.5.2653.23"},
        [{"version": "5.5.2650.24"}, {"from": "5.5.2653", "version": "5.5.2653.24"}],
    ]
)  # fmt: skip
"""Minima of builds, of the gate and of mail-server."""

_ASKED = st.one_of(
    parts({"equals": st.sampled_from(["1", "0"])}, view=st.sampled_from([32, 64])),
    parts({"version": st.sampled_from(["1.2", "1.2.5"])}, view=st.just(64)),
    parts({"present": st.booleans()}),
)
_ASKED_VALUES = st.dictionaries(
    st.sampled_from(
        [r"HKLM\SOFTWARE\Gate\Check", r"HKLM\SOFTWARE\Gate\Version", r"HKLM\SOFTWARE\Wow6432Node\Gate\Flag"]
    ),
    _ASKED,
    min_size=1,
    max_size=2,
)
"""Values of the registry that rules ask for."""

_GATE_MINIMUM = st.one_of(
    _LINES,
    parts({"above": st.sampled_from(["1.0.150", "8.0.250"])}),
    parts({"version": st.sampled_from(["1.0.150", "8.0.250", "8.0.310"])}, path=st.sampled_from(_PATHS)),
    parts({"modified": st.sampled_from(["2000-03-14", "2000-03-14T18:00:30"])}, path=st.sampled_from(_PATHS)),
)
_GATE_FIX = parts(
    {
        "files": st.dictionaries(
            st.sampled_from(["One.dll", "Gate.exe", "Gate.dll"]), _GATE_MINIMUM, min_size=1, max_size=2
        )
    },
    product=st.just("mail-gate"),
    build=_BUILDS,
    component=st.just("Gate"),
    platform=st.sampled_from(["i386", "Alpha"]),
    language=st.sampled_from(["German", "en-US"]),
)
_GATE_ENTRY = parts(
    {"product": st.just("mail-gate")}, levels=some(_GATE_LEVELS), edition=st.sampled_from(["hosted"])
)
_MARKS = st.lists(
    st.one_of(
        parts({"product": st.just("host-system"), "level": st.sampled_from(["4.0 SP5", "4.0 SP6a"])}),
        parts(
            {"product": st.just("mail-gate"), "level": st.sampled_from(_GATE_LEVELS[1:])},
            edition=st.just("Hosted"),
        ),
        parts(
            {"product": st.just("mail-server"), "level": st.sampled_from(["5.5 SP3", "6.0"])},
            edition=st.sampled_from(["Hosted Edition", "enterprise"]),
        ),
    ),
    min_size=1,
    max_size=2,
)


@st.composite
def wide_rules(draw: st.DrawFn) -> list[Document]:
    """Rules as `rules` draws them, with the gate, and what telemetry, marks and folders can say."""
    documents = draw(rules())
    for document in documents:
        if draw(st.booleans()):
            document["affects"] = [*_in_full(document["affects"]), draw(_GATE_ENTRY)]
            document["fixes"] = [*document["fixes"], *draw(st.lists(_GATE_FIX, min_size=1, max_size=2))]
            document["requires"] = [*document["requires"], *draw(_GATE_NEEDED)]
        if draw(st.integers(0, 3)) == 0:
            first, *others = document["fixes"]
            document["fixes"] = [{**first, "build": draw(_BUILDS)}, *others]
        if draw(st.integers(0, 3)) == 0:
            *others, last = document["fixes"]
            document["fixes"] = [*others, {**last, "registry": draw(_ASKED_VALUES)}]
        if draw(st.integers(0, 5)) == 0:
            *before, asking = _in_full(document["affects"])
            document["affects"] = [*before, {**asking, "registry": draw(_ASKED_VALUES)}]
        if draw(st.booleans()):
            document["symptoms"] = draw(_SYMPTOMS)
        if draw(st.integers(0, 2)) == 0:
            named = {entry["product"] for entry in _in_full(document["affects"])} | {"host-system"}
            document["corrected_in"] = [mark for mark in draw(_MARKS) if mark["product"] in named]
    return [GATE, *documents]


_GATE_NEEDED = st.sampled_from(
    [[], [{"product": "mail-gate", "level": "2000"}], [{"product": "mail-gate", "level": "2000 SP2"}]]
)


def _in_full(affects: list[Any]) -> list[Document]:
    plain = [entry for entry in affects if isinstance(entry, str)]
    return [
        *(entry for entry in affects if not isinstance(entry, str)),
        *([{"product": "mail-server", "levels": plain}] if plain else []),
    ]


_NAMED = parts(
    {
        "name": st.sampled_from(
            [
                "Contoso Mail Server 5.5", "Mail Server 5.5 SP4", "mail server, Enterprise Edition",
                "Contoso Mail Server 6.0 Service Pack 1", "Contoso Mail", "Contoso Host", "mail-gate",
                "Mail Gate", "Contoso Mail Gate 2000 SP1", "Mail Gate Hosted Edition",
                "Contoso Host System SP6", "Gate 2000",
            ]
        )
    },
    level=st.sampled_from(
        [
            "5.5", "5.5 Service Pack 3", "5.5 (Build 2653.23: Service Pack 4)", "SP1", "sp 2", "8.0 SP1",
            "2000", "1.0", "5.5.2653.23", "8.0.300.5", "5.5 SP9", "strange",
        ]
    ),
    build=st.sampled_from(
        ["2653.23", "5.5.2650.24", "5.5", "1.0.120", "8.0.250", "8.0.400", "9.1.1", "4.1", "?"]
    ),
    edition=st.sampled_from(["Hosted", "enterprise edition", "Standard"]),
    platform=st.sampled_from(["Intel", "alpha"]),
    language=st.sampled_from(["English", "de-AT"]),
)  # fmt: skip
_COPY = parts(
    {
        "name": st.sampled_from(
            ["Gate.exe", "gate.dll", "One.dll", "Store.exe", "Gate", "x64 One.dll", "Store.exe (32-bit)"]
        )
    },
    version=st.sampled_from(
        ["1.0.120", "1.0.150", "8,0,250,0", "8.0.310 (SP1)", "8.0.249", "5.5.2654", "5.5.2448.8", "unknown"]
    ),
    modified=st.sampled_from(["2000-03-14", "2000-03-14T18:00", "2000-03-14T18:00:29", "1999-01-01"]),
    path=st.sampled_from(
        ["C:\\Mail\\bin\\x", "d:/mail/BIN/x", "c:\\[1]\\x", "c:\\1\\x", "c:\\mailbin\\x", "c:\\all\\bin\\x"]
    ),
    platform=st.sampled_from(["i386", "alpha"]),
    loaded=st.sampled_from(["1.0.120", "8.0.310", "5.5.2653"]),
)
_EVENT = parts(
    {"source": st.sampled_from(["MSMail", "msmail", "Other", "n/a"])},
    id=st.sampled_from([1, 2, 3, "Unknown"]),
    message=st.sampled_from(["A Dead\r\n  Lock came", "deadlock", "", "N/A"]),
)
_SERVICE = parts(
    {
        "name": st.sampled_from(["MailStore", "mailstore", "Other", "Unknown", "Mail Store Service"]),
        "state": st.sampled_from(["Stopping", "stopped", "STOP_PENDING", 3, 1, "Wird beendet", "Unknown"]),
    }
)
_COUNTER = parts(
    {
        "name": st.sampled_from(["queue", "Load", "queue", "?", "% Load"]),
        "value": st.sampled_from([2.5, 2.6, 10, 11]),
    },
    at=st.sampled_from(["2001-01-01T00:00:00", "2001-01-01T00:01:00", "2001-01-01T00:01:30", "later"]),
    **{"for": st.sampled_from(["59s", "1m", "2m", "n/a"])},
)
_VALUE = parts(
    {
        "path": st.sampled_from(
            [
                r"HKLM:\SOFTWARE\Gate", r"HKEY_LOCAL_MACHINE\Software\gate",
                r"HKLM\SOFTWARE\Wow6432Node\Gate", r"SOFTWARE\Gate",
            ]
        ),
        "name": st.sampled_from(["Check", "version", "Flag", "Unknown"]),
    },
    value=st.sampled_from(["1", "0x1", 0, "1.2", "1.2.4", "1.2.5", "on", "N/A"]),
    view=st.sampled_from(["64", "32-bit", 32, "both"]),
)  # fmt: skip
_SCOPES = ["files", "products", "hotfixes", "symptoms", "events", "services", "counters", "registry"]


@st.composite
def wide_records(draw: st.DrawFn) -> Document:
    """Servers as `records` draws them, with further files, telemetry, and products as people write them."""
    record = draw(records())
    record["files"] = [*record["files"], *draw(st.lists(_COPY, max_size=3))]
    record["events"] = draw(st.none() | st.lists(_EVENT, max_size=2))
    record["services"] = draw(st.none() | st.lists(_SERVICE, max_size=2))
    record["counters"] = draw(st.none() | st.lists(_COUNTER, max_size=4))
    record["registry"] = draw(st.none() | st.lists(_VALUE, max_size=3))
    record["hotfixes"] = draw(
        st.sampled_from([None, [], ["KB100000"], ["Q100001", "N/A"], ["KB999999"], ["Q100000", "Q100002"]])
    )
    if draw(st.integers(0, 3)) == 0:
        record["symptoms"] = draw(st.sampled_from([None, {}, {"observed": []}]))
    record["complete"] = draw(
        st.one_of(st.just(record["complete"]), st.lists(st.sampled_from(_SCOPES), max_size=4))
    )
    if not record["files"]:
        record["complete"] = [scope for scope in record["complete"] if scope != "files"]
    named = draw(st.one_of(st.just([]), st.lists(_NAMED, max_size=2)))
    if named:
        record["products"] = [*record.get("products", []), *named]
    return record
