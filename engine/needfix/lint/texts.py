"""Titles and symptoms in the vendor's words or too long, missing titles, and placeholders."""

from __future__ import annotations

import re
from collections.abc import Iterator

from needfix.catalogue.places import position_of
from needfix.lint.check import Check, Detection, in_each_rule
from needfix.model.rule import KeyPath, Rule

_LONGEST_TITLE = 120
_LONGEST_SYMPTOM = 240
_PLACEHOLDER = "TODO"

_PREFIX = re.compile(
    r"(?:(?:ACC|BUG|DOC|DOCERR|FILE|FIX|FP|HOTFIX|HOWTO|IIS|INFO|MAPI|MHS|OL|OLEXP|PPT|PRB|PSS|SAMPLE|SFM|SMS|SNA"
    r"|TSE|UPD|VSS|WD|X400)[0-9.]*|MS[0-9]{2}-[0-9]{3}|Err Msg|Error Message|PC [A-Z]\w*"
    r"|(?i:X(?:ADM|CCC|CLN|CON|FOR|GEN|IMS|SRV|WEB)))\s*:\s*"
)
"""Prefixes of the titles of the vendor's articles, such as `XADM: `."""

_PHRASES = re.compile(
    r"this article (?:describes|discusses|contains|explains|lists|provides|applies)"
    r"|(?:in|of|to|see) this article|the information in this article"
    r"|microsoft has confirmed|has confirmed (?:this to be|that this is) a problem|this is a problem in the"
    r"|supported (?:fix|hotfix|feature|update)\b[^.]{0,60}\bis (?:now )?available"
    r"|may (?:receive|see) (?:the following|an|one of the following) (?:error|message|event|stop)"
    r"|the following (?:error|event|stop|warning|message)s?(?: id)? (?:message|error|id|is|are|may|appears?)"
    r"|(?:one or more|any|either) of the following (?:symptom|behaviou?r|problem|issue|condition|event)s?"
    r"|the following (?:symptom|behaviou?r|problem|issue|condition)s? (?:may|can|occurs?|is|are)"
    r"|you may (?:experience|encounter|notice|observe|find)\b"
    r"|microsoft (?:product support services|knowledge base|technical support)"
    r"|for (?:additional|more) information(?: about [^.]{1,80})?, (?:click|see|view|visit)"
    r"|to (?:resolve|work around) this problem|was (?:first )?corrected in|latest service pack for"
    r"|the english version of this fix",
    re.IGNORECASE,
)
"""Phrases that recur in the vendor's articles."""


def _texts(rule: Rule) -> Iterator[tuple[str, KeyPath, str]]:
    """The prose of a rule: the name, place and text of each."""
    if ("title",) in rule.places:
        yield "the title", ("title",), rule.title
    for number, symptom in enumerate(rule.symptoms):
        yield f"the text of {symptom.id}", ("symptoms", number, "text"), symptom.text
    if rule.also_needed is not None:
        yield "'also_needed'", ("also_needed",), rule.also_needed


def _vendor(rule: Rule) -> Iterator[Detection]:
    for name, at, text in _texts(rule):
        if sign := _vendors_words(rule, text):
            what = f"{name} reads like the vendor's text: {sign}"
            yield Detection(rule, position_of(rule, at), what, "write it in your own words")


def _vendors_words(rule: Rule, text: str) -> str:
    if rule.source is not None and rule.source.title and _folded(text) == _folded(rule.source.title):
        return "it is the article's title"
    if prefix := _PREFIX.match(text):
        return f"it begins with {prefix[0].strip()!r}"
    phrase = _PHRASES.search(" ".join(text.split()))
    return f"it says {phrase[0]!r}" if phrase else ""


def _folded(text: str) -> str:
    words = re.findall(r"\w+", _PREFIX.sub("", text, count=1).casefold())
    return " ".join(words)


def _long(rule: Rule) -> Iterator[Detection]:
    for name, at, text in _texts(rule):
        most = _LONGEST_TITLE if at == ("title",) else _LONGEST_SYMPTOM
        if len(text) > most:
            what = f"{name} has {len(text)} characters, more than {most}"
            yield Detection(rule, position_of(rule, at), what, "describe in one sentence what can be seen")


def _untitled(rule: Rule) -> Iterator[Detection]:
    if ("title",) not in rule.places:
        hint = "add 'title' with a few words on what the fix is about"
        yield Detection(rule, position_of(rule, ("id",)), "the rule has no title", hint)


def _left_over(rule: Rule) -> Iterator[Detection]:
    names: list[tuple[str, KeyPath, str]] = [
        (f"the symptom {symptom.id}", ("symptoms", number, "id"), symptom.id)
        for number, symptom in enumerate(rule.symptoms)
    ]
    names += [
        (f"the file {minimum.name}", ("fixes", number, "files", minimum.name), minimum.name)
        for number, fix in enumerate(rule.fixes)
        for minimum in fix.files
    ]
    for name, at, text in (*_texts(rule), *names):
        if _PLACEHOLDER in text:
            what = f"{name} still says {_PLACEHOLDER}"
            yield Detection(rule, position_of(rule, at), what, "replace it with what belongs there")


VENDORS_WORDS = Check(
    "NF501",
    "warning",
    "a title or a symptom reads like the vendor's own words",
    "the vendor's prose belongs to the vendor; rules contain facts in their author's own words",
    in_each_rule(_vendor),
)
UNTITLED = Check(
    "NF502",
    "note",
    "the rule has no title",
    "reports then show only the id of the rule",
    in_each_rule(_untitled),
)
TOO_LONG = Check(
    "NF503",
    "note",
    "a title or a symptom is long",
    "reports print it on one line, and long prose is often the vendor's",
    in_each_rule(_long),
)
LEFT_OVER = Check(
    "NF504",
    "note",
    "a placeholder is left in the rule",
    "the rule is not finished, even if its cases pass",
    in_each_rule(_left_over),
)
