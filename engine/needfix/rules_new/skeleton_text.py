"""The parts of a skeleton of a rule: pieces of YAML, each with the record of its keys.

Behind each of those keys comes what it means, from the format itself.
"""

from __future__ import annotations

import json

from needfix.catalogue.case_format import CASE, GIVEN_FACTS
from needfix.catalogue.minimum_shapes import MINIMUM
from needfix.catalogue.records import Record
from needfix.catalogue.rule_format import FIX, RULE, SYMPTOM
from needfix.intake.fields import PRODUCT, RECORD

Block = tuple[Record | None, str]

_HEAD: Block = (
    None,
    """\
# yaml-language-server: $$schema=$schema
# A rule to start from. Replace what says TODO, and the versions and levels beside it; uncomment the keys
# that you need and remove the others. needfix lint reports mistakes, needfix test runs the cases at the end.

""",
)
_IDENTITY: Block = (
    RULE,
    """\
needfix: 1
id: $id
title: "TODO: what goes wrong, and where"
# severity: important
# released: "2024-03-12"
# advisories: [CVE-2024-26198]
# updates: [KB5036386]
product: $product
# The levels of the product: $levels.
# A range is {from: $level, to: $level}; several products are a list of {product: …, levels: […], edition: …}.
affects: [$level]

symptoms:
""",
)
_SYMPTOM: Block = (
    SYMPTOM,
    """\
  - id: TODO-symptom
    text: "TODO: what one sees of it"
    # observe:
""",
)
_OBSERVATIONS: Block = (
    None,
    """\
    #   - {source: MSExchangeIS, id: 1234, contains: deadlock}  # an event; id or contains may be left out
    #   - {service: MSExchangeIS, state: stopping}  # a service in a state
    #   - {counter: imc-queue-length, above: 100, for: 10m}  # a counter; for may be left out

""",
)
_FIXES: Block = (
    RULE,
    """\
fixes:
""",
)
_FIX: Block = (
    FIX,
    """\
  - files:
""",
)
_MINIMUM: Block = (
    MINIMUM,
    """\
      TODO.dll:
        version: "1.0.0.2"
        # above: "1.0.0.1"
        # modified: "2000-03-14T18:00"
        # path: 'exchsrvr\\bin'
""",
)
_BRANCH: Block = (
    FIX,
    """\
    # build: "1.0.0.2"
    # component: Information Store
    # product: $product
    # level: [$level]
    # edition: $edition
    # platform: x86
    # language: en
    # requires: [$level]
    # registry: {'HKLM\\SOFTWARE\\TODO\\Name': {equals: "1"}}

""",
)
_FURTHER: Block = (
    RULE,
    """\
# requires: [$level, Q100001]
# supersedes: [Q100002]
# corrected_in: [$level]
apply: always
# if_missing: fix-required
# also_needed: "TODO: what has to be set beside the files"
# references: ["https://example.com/TODO"]
# source: {title: "TODO: the article's own title", revised: "2002-05-09"}
# review: [{line: 12, read: SP3 and earlier, why: no first level is stated, about: affects}]
# lint: {ignore: [{code: NF305, reason: TODO why it may stay}]}
# mutation: {accept: [{change: "TODO as needfix test --mutate reports it", reason: TODO why it may stay}]}

cases:
""",
)
_FIRST_CASE: Block = (
    CASE,
    """\
  - name: one below the minimum
    # skip: TODO why it does not run
    # review: TODO what is to be looked at
    expect: fix-required
    action: apply
    reasons: [file-below-minimum]
    given:
""",
)


def _further_facts(text: str) -> str:
    """The facts that the text does not show yet, with their examples."""
    facts = {key: field.fact for key, field in (*RECORD.fields.items(), *PRODUCT.fields.items())}
    missing = [key for key in GIVEN_FACTS.fields if f" {key}: " not in text]
    return "".join(f"      # {key}: {json.dumps(facts[key].example)}\n" for key in missing)


_GIVEN = """\
      level: $level
      # A file with more than a version is {version: …, modified: …, path: …, platform: …, loaded: …}.
      files: {TODO.dll: "1.0.0.1"}
      # product: $product
      # build: "5.5.2653.23"
      # edition: $edition
      # language: en
      # platform: x86
      # products: [{name: $product, level: $level}]
      # complete: [files, hotfixes]
      # symptoms: {observed: [TODO-symptom], absent: []}
      # events: [{source: MSExchangeIS, id: 1234, message: deadlock}]
      # services: [{name: MSExchangeIS, state: stopping}]
      # counters: [{name: imc-queue-length, value: 140, for: 15m}]
      # registry: [{path: 'HKLM\\SOFTWARE\\TODO', name: Name, value: "1"}]
      # hotfixes: [$id]
      # restart_pending: true
"""
_FIRST_GIVEN: Block = (GIVEN_FACTS, _GIVEN + _further_facts(_GIVEN))
_FURTHER_CASES: Block = (
    None,
    """\
  - name: exactly the minimum
    given: {level: $level, files: {TODO.dll: "1.0.0.2"}}
    expect: fix-present
    action: none
  - name: one above the minimum
    given: {level: $level, files: {TODO.dll: "1.0.0.3"}}
    expect: fix-present
  - name: the file is not in the inventory
    given: {level: $level}
    expect: undetermined
    reasons: [file-not-inventoried]
  - name: the product is not installed
    given: {products: [], complete: [products]}
    expect: not-affected
    reasons: [product-not-installed]
""",
)
CASE_OF_ANOTHER_LEVEL: Block = (
    None,
    """\
  - name: a level that is not listed
    given: {level: $other_level, files: {TODO.dll: "1.0.0.1"}}
    expect: not-affected
    reasons: [level-not-listed]
""",
)
BLOCKS: tuple[Block, ...] = (
    _HEAD,
    _IDENTITY,
    _SYMPTOM,
    _OBSERVATIONS,
    _FIXES,
    _FIX,
    _MINIMUM,
    _BRANCH,
    _FURTHER,
    _FIRST_CASE,
    _FIRST_GIVEN,
    _FURTHER_CASES,
)
