"""Every code that a reason can have, with what it means."""

from __future__ import annotations

REASON_CODES = {
    "product-not-installed": "none of the rule's products is among the server's products",
    "product-unknown": "the inventory does not show whether the product is installed",
    "product-name-unclear": "a product's name resembles the rule's product, but no definition has it",
    "product-name-unreadable": "a product's name says nothing, and may be any product's",
    "product-contradicted": "the list of products leaves out a product whose key file is there",
    "level-affected": "the rule lists the product's level",
    "level-not-listed": "the rule does not list the product's level",
    "corrected-in-level": "the product's level includes the fix",
    "level-missing": "the level is not stated, and no build or key file shows it",
    "level-unreadable": "the level or build cannot be read",
    "level-unknown": "the build belongs to several levels or to none",
    "level-ambiguous": "the stated level can mean several levels",
    "level-not-defined": "the stated level is not in the product definition",
    "level-contradicted": "facts about the level exclude each other: level, build, name or key files",
    "level-from-build": "the level was derived from the build",
    "level-from-file": "the level was derived from the version of a key file",
    "file-newer-than-level": "a key file belongs to a later level than other facts show; both are possible",
    "key-file-missing": "a list of files that is called complete has no key file of the product",
    "platform-differs": "the product and its key files are for different platforms",
    "platform-unreadable": "a platform is no known one, and counts as not stated",
    "language-unreadable": "a language is no known one, and counts as not stated",
    "edition-unreadable": "an edition is not in the product definition, and counts as not stated",
    "edition-contradicted": "the stated edition is not the one in the product's name",
    "edition-not-listed": "the rule is for another edition",
    "edition-not-stated": "the rule is for one edition only, and the edition is not stated",
    "no-fix-for-level": "the rule's next fix is for a later level, which has to be there first",
    "built-on-later-level": "the fix continues the builds of a later level, which has to be there first",
    "no-branch": "no fix of the rule is for this server's branch",
    "branch-ambiguous": "facts that choose between the fixes of the rule are missing, and the fixes disagree",
    "language-not-listed": "the fix is listed for other languages; versions are compared all the same",
    "nothing-to-compare": "the vendor gives no version or date for any file of the fix",
    "file-below-minimum": "a file is below its minimum",
    "file-reaches-minimum": "a file reaches its minimum",
    "file-missing": "a file is not there, in an inventory that lists all files",
    "file-not-inventoried": "the inventory does not list the file, or not its version",
    "file-unreadable": "the version or the modified time of a file cannot be read or is too coarse",
    "partial": "some files of the fix are installed, but not all",
    "component-not-installed": "none of the files of a component is on the server",
    "superseded-present": "a rule that contains this fix is installed",
    "superseded-by": "another rule contains this fix",
    "claimed-but-files-older": "the hotfix list names the fix, but files are older",
    "claimed-but-files-missing": "the hotfix list names the fix, but its files are missing",
    "claimed-but-unproved": "the hotfix list names the fix, but the facts do not show it",
    "claimed-but-not-affected": "the hotfix list names the fix, but the server is not affected",
    "requires-unmet": "the fix requires something that is not installed",
    "requires-unknown": "the fix requires something that may or may not be installed",
    "symptom-observed": "a symptom of the rule is observed",
    "symptoms-absent": "all symptoms of the rule are reported absent",
    "symptoms-unreported": "the symptoms of the rule are not reported",
    "symptom-contradicted": "a symptom is observed, and reported absent or denied by another complete list",
    "symptom-despite-fix": "the fix is installed, but a symptom is still observed",
    "needs-setting": "the fix is installed, but something has to be set beside its files",
    "records-disagree": "records that were united disagree, and nothing shows which is newer",
    "state-unreadable": "the state of a service is not a known one",
    "restart-pending": "the server reports that a restart is pending",
    "loaded-below-minimum": "the loaded module is older than the fix on disk",
}  # fmt: skip

FACTS_THAT_DISAGREE = (
    "level-contradicted", "product-contradicted", "edition-contradicted", "file-newer-than-level",
    "platform-differs", "key-file-missing", "records-disagree", "symptom-contradicted",
)  # fmt: skip
"""Codes of facts about a server that exclude each other or leave different answers."""

CONTRADICTIONS = frozenset({
    *FACTS_THAT_DISAGREE, "no-branch",
    "symptom-observed", "claimed-but-files-older", "claimed-but-files-missing", "claimed-but-not-affected",
})  # fmt: skip
"""These, and codes of facts that speak against all fixes of a rule, or a decision with nothing to do."""
