from __future__ import annotations

import pytest

from tests.exporting.oval.support import PLAIN, exported, info, refused
from tests.support.catalogues import Document, fix

EDITIONS: Document = {**PLAIN, "editions": ["Hosted Edition", "Standard Edition"]}


@pytest.mark.parametrize(
    ("rule", "product", "what"),
    [
        (
            info(affects=[{"product": "mail-server", "edition": "Hosted Edition"}], product=None),
            EDITIONS,
            "OVAL cannot see the edition Hosted Edition",
        ),
        (
            info(fixes=[fix(edition="Hosted Edition"), fix()]),
            EDITIONS,
            "OVAL cannot see the edition Hosted Edition",
        ),
        (
            info(),
            {**EDITIONS, "separate_editions": ["Hosted Edition"]},
            "Contoso Mail Server has editions with files of their own (Hosted Edition), "
            "which no file distinguishes",
        ),
        (
            info(fixes=[fix({"Read.asp": {"modified": "2000-03-14"}}, language="en")]),
            PLAIN,
            "its modified times are those of the language en, which OVAL cannot see",
        ),
        (
            info(fixes=[fix(platform="pc-98"), fix()]),
            PLAIN,
            "Windows has no processor architecture for the platform pc-98",
        ),
        (
            info(corrected_in=[{"product": "data-server", "level": "1.0 SP1"}]),
            PLAIN,
            "that Contoso Data Server 1.0 SP1 carries the fix of another product",
        ),
        (
            info(affects=[{"builds": {"from": "5.5.2650", "to": "5.5.2652"}}]),
            PLAIN,
            "an entry of affects with builds is not translated",
        ),
        (
            info(affects=[{"levels": ["5.5 SP3"], "platform": "x86"}]),
            PLAIN,
            "an entry of affects with platform is not translated",
        ),
        (
            info(affects=[{"levels": ["5.5 SP3"], "language": "en"}]),
            PLAIN,
            "an entry of affects with language is not translated",
        ),
        (
            info(affects=[{"all": [{"product": "mail-server"}, {"product": "data-server"}]}], product=None),
            PLAIN,
            "an entry of affects with several products together is not translated",
        ),
        (
            info(),
            {**PLAIN, "builds": "free"},
            "the builds of Contoso Mail Server are no versions of Windows, and OVAL orders only these",
        ),
        (
            info(affects=["5.5 SP3"], corrected_in=["5.5 SP3"]),
            PLAIN,
            "no build of its products is at an affected level",
        ),
    ],
)
def test_what_oval_cannot_express_is_refused(rule: Document, product: Document, what: str) -> None:
    assert refused(rule, product=product) == [f"Q100001: {what}"]


def test_a_product_that_only_a_list_shows_is_refused_once_for_all_rules() -> None:
    rules = [info(f"Q10000{number}", product="data-server", affects=["1.0"]) for number in range(1, 6)]
    (problem,) = exported(*rules).problems
    assert problem.what.startswith(
        "Q100001, Q100002, Q100003 and 2 more: no file shows whether Contoso Data Server"
    )
    assert problem.hint.endswith(r"--build-value data-server=KEY\NAME")


def test_a_rule_that_a_refused_one_supersedes_is_refused() -> None:
    newer = info("Q100002", supersedes=["Q100001"], fixes=[fix(platform="pc-98"), fix()])
    assert "Q100001: Q100002, which supersedes it, cannot be expressed" in refused(info(), newer)
    assert exported(info(), newer).chosen == frozenset()


def test_a_build_that_nothing_shows_is_refused() -> None:
    numbered = {
        **PLAIN,
        "levels": [{"level": "5.5 SP3", "build": "5.5.2650", "files": {"Mailsrv.exe": "2001.1.1"}}],
    }
    by_build = info(affects=["5.5 SP3"], fixes=[{"build": "5.5.2650.9"}])
    assert refused(by_build, product=numbered) == [
        "Q100001: no file and no value of the registry shows the build of mail-server"
    ]
