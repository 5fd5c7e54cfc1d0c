"""Random small catalogues with every feature of the formats: few values, so that they often meet."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

from packaging.version import Version

from needfix.catalogue import Catalogue
from needfix.catalogue.assemble import assemble
from needfix.intake.registry_names import registry_key, registry_view
from needfix.model.decision import SEVERITIES
from needfix.model.minimum import BuildRange, Minimum, MinimumLine
from needfix.model.product import BUILD_FACT_KINDS, BuildFactKind, LevelDefinition, ProductDefinition
from needfix.model.registry import RegistryAsked
from needfix.model.requirement import AnyOf, ProductLevel, Requirement, SingleRequirement
from needfix.model.rule import Affects, Correction, Fix, Rule
from needfix.model.symptom import CounterSeen, EventSeen, Observation, ServiceSeen, Symptom
from needfix.model.value import ReadOnlyDict
from needfix.versions import Level, parse_moment, read_any_level

EDITIONS = ("Standard Edition", "Enterprise Edition", "Hosted Edition")
PLATFORMS = ("x86", "x64", "arm64")
LANGUAGES = ("en", "de", "fr")
LIBRARIES = ("One.dll", "Two.dll", "Three.dll")
VERSIONS = ("2.0.1", "2.0.1.5", "2.0.2.0", "2.1.0.7", "2022.160.4075.1", "16.0.4075.1")
TIMES = ("2000-03-14", "2000-03-14T18:00", "2000-03-14T18:00:30", "2000-03-14T18:00Z")
_FOLDERS = ("mail", "mail\\bin", "C:\\mail", "*\\b?n")
ENDS_OF_SUPPORT = (date(2001, 1, 1), date(2002, 5, 8), date(2002, 5, 9), date(2500, 1, 1))
MAIL_KEYS, SHARED_KEY = ("Store.exe", "Core.exe"), "Kernel.exe"
_WITH_SHARED = (MAIL_KEYS[0], SHARED_KEY)
_MAIL = (
    ("4.0", "4.0.90"), ("4.0 SP1", "4.0.100"), ("5.5", "5.5.100"), ("5.5 SP1", "5.5.200.5"),
    ("5.5 SP2", "5.5.300"), ("5.5 SP2 HRP", None), ("5.5 SP3", "5.5.400"), ("6.0", "6.0.50"),
    ("6.0 SP1", "6.0.101"), ("6.0 SP1 CU2", "6.0.120"), ("6.0 R2", "6.2.7"), ("SE RTM", "7.1.9"),
    ("SE CU1", "7.1.20"), ("SE Azure", "7.1.40"),
)  # fmt: skip
_HOST = (
    ("1.0", "1.0.7"),
    ("2000", "5.0.2195"),
    ("2000 SP1", None),
    ("2000 SP2", None),
    ("2000 SP3", "5.0.3000"),
)


def level(text: str) -> Level:
    """The level that a text states."""
    read = read_any_level(text)
    found = None if read is None else read.level()
    assert found is not None
    return found


def maybe(random: Random, share: float, *values: Any) -> Any:  # noqa: ANN401 - of any field
    """One of the values in a share of all draws, else None."""
    return random.choice(values) if random.random() < share else None


def some(random: Random, values: Any, most: int = 3, least: int = 1) -> list[Any]:  # noqa: ANN401 - of any type
    """Some of the values, in their order."""
    listed = list(values)
    count = random.randint(min(least, len(listed)), min(most, len(listed)))
    places = sorted(random.sample(range(len(listed)), count))
    return [listed[place] for place in places]


def random_catalogue(random: Random) -> Catalogue:
    """Two products and up to four rules; each depends on those behind it only, by id or by an update."""
    products = (_mail(random), _host(random))
    ids = [f"Q10000{number}" for number in range(random.randint(1, 4))]
    updates = [_updates(random, place) for place in range(len(ids))]
    rules = []
    for place, rule_id in enumerate(ids):
        rule = _rule(random, rule_id, products)
        named = [*updates, (_OTHER_UPDATE,)]
        behind = [*ids[place + 1 :], "Q999999", *_only_of(named, place + 1, len(ids) + 1)]
        requires = [*rule.requires, *(some(random, behind, 1) if random.random() < 0.3 else ())]
        supersedes = some(random, [*ids[:place], *_only_of(named, 0, place)], 2, 0)
        if supersedes and random.random() < 0.6:
            # Files that most servers have in this version, since a fix counts here only where it is present.
            low = Minimum(random.choice(LIBRARIES), version=Version("1.9.9"), text="1.9.9")
            rule = replace(rule, fixes=(Fix((low,)),))
        rule = replace(rule, updates=updates[place])
        if behind and random.random() < 0.25:
            required = AnyOf((*_requires(random, products), *some(random, behind, 2)))
            requires = [*requires, required] if random.random() < 0.5 else requires
            rule = replace(rule, fixes=_requiring(random, rule.fixes, (required,)))
        rules.append(replace(rule, requires=tuple(requires), supersedes=tuple(supersedes)))
    problems: list[Any] = []
    catalogue = assemble(rules, {one.product: one for one in products}, problems)
    assert not problems
    return catalogue


UPDATES, _OTHER_UPDATE = ("KB500001", "KB500002", "SU3"), "KB999998"


def _requiring(random: Random, fixes: tuple[Fix, ...], required: tuple[Requirement, ...]) -> tuple[Fix, ...]:
    """The fixes, of which some require something themselves."""
    return tuple(replace(fix, requires=required) if random.random() < 0.5 else fix for fix in fixes)


def _updates(random: Random, place: int) -> tuple[str, ...]:
    """Some updates, of which other rules may have the same; neighbours differ, so that some can be named."""
    own = (f"KB50001{place}", *(UPDATES if random.random() < 0.5 else ()))
    return tuple(some(random, own, 2, 0)) if random.random() < 0.5 else ()


def _only_of(updates: list[tuple[str, ...]], begin: int, end: int) -> list[str]:
    """The updates that only rules of these places have, so that rules that name them make no circle."""
    others = {update for own in (*updates[:begin], *updates[end:]) for update in own}
    return [update for own in updates[begin:end] for update in own if update not in others]


# ---- products


def _mail(random: Random) -> ProductDefinition:
    keys = random.choice(((), MAIL_KEYS[:1], MAIL_KEYS[:1], MAIL_KEYS, _WITH_SHARED, _WITH_SHARED))
    editions = random.choice(((), EDITIONS, EDITIONS))
    return ProductDefinition(
        product="mail",
        name="Contoso Mail Server",
        levels=_by_years(random, _levels(random, _MAIL, 4), keys),
        aliases=random.choice((("Mail Server",), ("Mail Server", "Contoso Mail *"))),
        editions=editions,
        separate_editions=editions[2:] if random.random() < 0.6 else (),
        key_files=keys,
        shorthand=maybe(random, 0.2, "5.5"),
        cumulative=random.random() < 0.2,
        stated_without=random.choice(((), (), (), ("SP",), ("HRP",), ("CU",))),
        other_names=("Contoso Mail Server * Tools",),
        shows_updates=_shows_updates(random, keys),
        free_builds=random.random() < 0.15,
    )


def _shows_updates(random: Random, keys: tuple[str, ...]) -> tuple[BuildFactKind, ...]:
    if random.random() < 0.4:
        return BUILD_FACT_KINDS
    return ("build",) if not keys or random.random() < 0.5 else ("key_files",)


def _host(random: Random) -> ProductDefinition:
    return ProductDefinition(
        product="host",
        name="Contoso Host",
        levels=_levels(random, _HOST, 2),
        editions=random.choice(((), EDITIONS[:1])),
        key_files=random.choice(((), (SHARED_KEY,), ("Host.exe",))),
        shorthand=None,
    )


def _levels(random: Random, known: Any, least: int) -> tuple[LevelDefinition, ...]:  # noqa: ANN401 - pairs of texts
    found = []
    for text, build in some(random, known, len(known), least):
        first = Version(build) if build is not None and random.random() < 0.9 else None
        labels = {"2000": "5.0", "SE": "Subscription Edition"}
        also = tuple(level(text.replace(own, new)) for own, new in labels.items() if text.startswith(own))
        until = None
        if first is not None and random.random() < 0.15:
            until = Version(".".join([*map(str, first.release[:2]), str(first.release[2] + 60)]))
        supported_until = maybe(random, 0.3, *ENDS_OF_SUPPORT)
        found.append(LevelDefinition(level(text), first, also, until, None, supported_until))
    return tuple(found)


def by_years(build: str) -> str:
    """A version of a key file with a numbering of its own, for a build: 2005.50.300.7 for 5.5.300.7."""
    first, second, *others = build.split(".")
    return ".".join((f"20{first:0>2}", f"{second}0", *others))


def _by_years(
    random: Random, levels: tuple[LevelDefinition, ...], keys: tuple[str, ...]
) -> tuple[LevelDefinition, ...]:
    """The levels, which in some definitions list the versions of the first key file themselves."""
    if not keys or random.random() < 0.75:
        return levels
    return tuple(
        entry._replace(files=ReadOnlyDict({keys[0]: Version(by_years(str(entry.build)))}))
        if entry.build is not None and random.random() < 0.9
        else entry
        for entry in levels
    )


# ---- rules


def _rule(random: Random, rule_id: str, products: tuple[ProductDefinition, ...]) -> Rule:
    mail, host = products
    affects = [_entry(random, mail) for _ in range(random.choice((1, 1, 1, 2)))]
    if random.random() < 0.2:
        affects[0] = replace(affects[0], beside=(_entry(random, host),))
    if random.random() < 0.15:
        affects.append(Affects("host", frozenset(some(random, _texts(host), 3))))
    return Rule(
        id=rule_id,
        title="A rule",
        affects=tuple(affects),
        fixes=_with_levels_required(random, _of_free_builds(mail, _fixes(random, mail, affects)), products),
        symptoms=_symptoms(random),
        requires=(required := _requires(random, products)),
        needs_nothing=not required and random.random() < 0.15,
        corrected_in=_corrected_in(random, products),
        apply=random.choice(("always", "if-symptoms")),
        if_missing=random.choice(("not-affected", "not-affected", "fix-required")),
        also_needed=maybe(random, 0.2, "Turn it on"),
        severity=maybe(random, 0.4, *SEVERITIES),
        advisories=tuple(some(random, ("CVE-2024-1", "CVE-2024-2", "ADV3"), 2, 0)),
    )


def _texts(product: ProductDefinition) -> list[Level]:
    return [entry.level for entry in product.levels]


def _entry(random: Random, product: ProductDefinition) -> Affects:
    levels = _texts(product)
    named = None if random.random() < 0.25 else frozenset(some(random, levels, len(levels)))
    edition = maybe(random, 0.25, *product.editions) if product.editions else None
    entry = Affects(product.product, named, edition)
    if random.random() < 0.6:
        return entry
    return replace(
        entry,
        builds=_range(random, is_free=product.free_builds) if random.random() < 0.5 else None,
        platform=maybe(random, 0.3, *PLATFORMS[:2]),
        language=maybe(random, 0.3, *LANGUAGES[:2]),
        registry=_values(random) if random.random() < 0.35 else (),
    )


REGISTRY_KEYS = ("HKLM\\SOFTWARE\\Mail", "HKLM\\SOFTWARE\\Wow6432Node\\Mail", "HKEY_CURRENT_USER\\Mail")
REGISTRY_VERSIONS = ("2.0", "2.0.1.5", "2.1")


def _values(random: Random) -> tuple[Minimum, ...]:
    """One or two values of the registry, each of another name."""
    return tuple(_value(random, name) for name in some(random, ("Limit", "Version"), 2))


def _value(random: Random, name: str) -> Minimum:
    written = random.choice(REGISTRY_KEYS[:2] if random.random() < 0.9 else REGISTRY_KEYS)
    key = registry_key(written)
    assert key is not None
    view = key.view or registry_view(maybe(random, 0.3, "32", "64") or "")
    asked = RegistryAsked(key.compared, name.casefold(), view)
    minimum = Minimum(f"{written}\\{name}", registry=asked)
    if random.random() < 0.3:
        present = random.random() < 0.5
        own, text = replace(asked, present=present), "present" if present else "absent"
        return replace(minimum, registry=own, text=text)
    if name == "Version":
        text = random.choice(REGISTRY_VERSIONS)
        return replace(minimum, version=Version(text), text=text)
    text = random.choice(("1", "0"))
    return replace(minimum, registry=replace(asked, equals=text), text=text)


DAYS = ("20220601", "20230101")
"""Free builds that are dates."""


def _range(random: Random, *, is_free: bool) -> BuildRange:
    """A range of builds, with one end open in some."""
    days = is_free and random.random() < 0.3
    ends = sorted(map(Version, DAYS if days else random.sample(KEY_MINIMA, 2)))
    least, beyond = (
        replace(_version("", str(one)), version=None, above=one, text=f"above {one}")
        if random.random() < 0.4
        else _version("", str(one))
        for one in ends
    )
    least, beyond = replace(least, is_free=is_free), replace(beyond, is_free=is_free)
    open_end = random.random()
    return BuildRange(None if open_end < 0.3 else least, None if open_end > 0.7 else beyond)


def _of_free_builds(mail: ProductDefinition, fixes: tuple[Fix, ...]) -> tuple[Fix, ...]:
    """The fixes with minima of builds as the product has them."""
    return tuple(
        fix if fix.build is None else replace(fix, build=replace(fix.build, is_free=mail.free_builds))
        for fix in fixes
    )


def _with_levels_required(
    random: Random, fixes: tuple[Fix, ...], products: tuple[ProductDefinition, ...]
) -> tuple[Fix, ...]:
    """The fixes, some of which require a level, or say that nothing is needed."""
    if random.random() < 0.6:
        return fixes
    found = []
    for fix in fixes:
        levels = _requires(random, products)
        several = (AnyOf((*levels, *_requires(random, products))),) if levels else ()
        required = several if random.random() < 0.3 else levels
        found.append(replace(fix, requires=required, needs_nothing=not required and random.random() < 0.2))
    return tuple(found)


def _fixes(random: Random, mail: ProductDefinition, affects: list[Affects]) -> tuple[Fix, ...]:
    if random.random() < 0.4:
        components = random.choice((1, 1, 2))
        return tuple(
            _with_build(random, Fix(_minima(random, mail), component=f"Part {number}"))
            for number in range(components)
        )
    return tuple(_branch(random, mail, affects) for _ in range(random.randint(1, 3)))


def _branch(random: Random, mail: ProductDefinition, affects: list[Affects]) -> Fix:
    levels = frozenset(some(random, _texts(mail), 3)) if random.random() < 0.5 else None
    fix = Fix(
        _minima(random, mail),
        product=maybe(random, 0.1, *dict.fromkeys(entry.product for entry in affects)),
        levels=levels,
        edition=maybe(random, 0.25, *mail.editions) if mail.editions else None,
        platform=maybe(random, 0.4, *PLATFORMS[:2]),
        language=maybe(random, 0.3, *LANGUAGES[:2]),
    )
    return _with_build(random, fix)


def _with_build(random: Random, fix: Fix) -> Fix:
    """A fix with a minimum for the build, or values of the registry, in a share of all draws.

    They are beside its files or instead of them.
    """
    if random.random() < 0.25:
        values = _values(random)
        fix = replace(fix, registry=values, files=() if random.random() < 0.4 else fix.files)
    if random.random() < 0.7:
        return fix
    build = _in_a_form(random, _version("", random.choice(KEY_MINIMA)), KEY_MINIMA)
    return replace(fix, build=build, files=() if random.random() < 0.5 else fix.files)


def _in_a_form(random: Random, minimum: Minimum, known: tuple[str, ...]) -> Minimum:
    """A minimum as it is, in lines, or above its version."""
    chance = random.random()
    if chance < 0.15:
        return replace(minimum, version=None, above=minimum.version, text=f"above {minimum.text}")
    if chance > 0.4:
        return minimum
    lowest, *others = sorted(some(random, map(Version, known[:4]), 4, 3))
    lines = [MinimumLine(lowest)]
    lines += [MinimumLine(own, since) for since, own in zip(others[::2], others[1::2], strict=False)]
    return replace(
        minimum, version=None, lines=tuple(lines), text="; ".join(str(own.version) for own in lines)
    )


def _minima(random: Random, product: ProductDefinition) -> tuple[Minimum, ...]:
    found = [_minimum(random, name) for name in some(random, LIBRARIES, 2, 0)]
    known = tuple(map(by_years, KEY_MINIMA)) if product.numberings else KEY_MINIMA
    if product.key_files and (not found or random.random() < 0.4):
        found.append(_in_a_form(random, _version(product.key_files[0], random.choice(known)), known))
    return tuple(found) or (_minimum(random, LIBRARIES[0]),)


KEY_MINIMA = ("5.5.200.9", "5.5.250", "5.5.300.7", "5.5.400.1", "5.5.410", "6.0.60.2", "4.0.95")


def _minimum(random: Random, name: str) -> Minimum:
    if random.random() < 0.1:
        return Minimum(name)
    if random.random() < 0.25:
        text = random.choice(TIMES)
        return Minimum(name, modified=parse_moment(text), path=maybe(random, 0.15, *_FOLDERS), text=text)
    found = _version(
        name, random.choice(VERSIONS[:4]) if random.random() < 0.9 else random.choice(VERSIONS[4:])
    )
    return replace(_in_a_form(random, found, VERSIONS), path=maybe(random, 0.15, *_FOLDERS))


def _version(name: str, text: str) -> Minimum:
    return Minimum(name, version=Version(text), text=text)


def _symptoms(random: Random) -> tuple[Symptom, ...]:
    ids = some(random, ("mail-waits", "store-hangs"), 2, 0)
    return tuple(
        Symptom(one, "A symptom", tuple(_observation(random) for _ in range(random.choice((0, 1, 1, 2)))))
        for one in ids
    )


def _observation(random: Random) -> Observation:
    kind = random.randrange(3)
    if kind == 0:
        return EventSeen(
            "MSMail", random.choice((1, 1, None)), random.choice(("dead lock", None, "full")) or "full"
        )
    if kind == 1:
        return ServiceSeen("Store", random.choice(("stopping", "stopped")))
    return CounterSeen("queue", 10.0, random.choice((0.0, 60.0)))


def _requires(random: Random, products: tuple[ProductDefinition, ...]) -> tuple[SingleRequirement, ...]:
    if random.random() < 0.6:
        return ()
    mail, host = products
    one = random.choice((mail, mail, host))
    # A level of any of several versions, or of one.
    levels = some(random, _texts(one), random.choice((1, 1, 2)))
    return (tuple(ProductLevel(one.product, own) for own in levels),)


def _corrected_in(random: Random, products: tuple[ProductDefinition, ...]) -> tuple[Correction, ...]:
    found = []
    mail, host = products
    if random.random() < 0.35:
        edition = maybe(random, 0.3, *mail.editions) if mail.editions else None
        found.append(Correction("mail", random.choice(_texts(mail)), edition))
    if random.random() < 0.2:
        found.append(Correction("host", random.choice(_texts(host)), None))
    return tuple(found)
