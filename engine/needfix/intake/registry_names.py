r"""Names and values of the registry: keys by the usual names of their roots, texts as they are compared.

`HKLM\X`, `HKLM:\X`, `HKEY_LOCAL_MACHINE\X`, `Computer\HKEY_LOCAL_MACHINE\X` and
`Microsoft.PowerShell.Core\Registry::HKEY_LOCAL_MACHINE\X` are one key. Of a key with Wow6432Node the rest is
a key in the view of 32 bits, whatever view is stated beside it: there, 64-bit programs see that view.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from needfix.intake.known_names import REGISTRY_ROOTS, VIEWS_OF_REGISTRY
from needfix.intake.vocabularies import says_nothing
from needfix.model.registry import REGISTRY_VIEWS, RegistryView

_SHORT = {name.casefold(): short for short, long in REGISTRY_ROOTS.items() for name in (short, long)}
_BEFORE_ROOT = re.compile(
    r"^(?:(?:microsoft\.powershell\.core\\)?registry::|(?:my )?computer\\)", re.IGNORECASE
)
_OF_32_BITS = "wow6432node"
_WHOLE = re.compile("0|[1-9][0-9]{0,19}", re.ASCII)
_HEXADECIMAL = re.compile("(?:0x([0-9a-f]{1,16})|dword:([0-9a-f]{1,8}))", re.ASCII)
_TWICE = re.compile(
    r"(?:(0x[0-9a-f]{1,16}) ?\(([0-9]{1,20})\)|([0-9]{1,20}) ?\((0x[0-9a-f]{1,16})\))", re.ASCII
)
_PADDED_DIGIT = re.compile("0{7}([0-9])", re.ASCII)
_NEGATIVE = re.compile("-([1-9][0-9]{0,9})", re.ASCII)
_MAY_BE_NUMBER = re.compile(r".*[0-9].*|[a-f]{1,16}|(?:hex|[dq]word)[(:].*", re.ASCII | re.DOTALL)
_BITS_OF_DWORD = 32
_HIGHEST_SIGNED = (1 << 63) - 1


class RegistryKey(NamedTuple):
    """A key: its root by its short name and the rest as written, and the view that the text itself names."""

    root: str
    rest: str
    view: RegistryView | None = None

    @property
    def written(self) -> str:
        """The key as it is shown."""
        return f"{self.root}\\{self.rest}"

    @property
    def compared(self) -> str:
        """The key as it is compared."""
        parts = (part for part in self.rest.casefold().split("\\") if part != _OF_32_BITS)
        return "\\".join((self.root.casefold(), *parts))


@lru_cache(maxsize=1 << 14)
def registry_key(text: str) -> RegistryKey | None:
    """The key that a text names; None where it begins with no known root, or names only that."""
    plain = _BEFORE_ROOT.sub("", text.strip().replace("/", "\\"))
    root, *parts = (part.strip() for part in plain.split("\\"))
    known = _SHORT.get(root.casefold().removesuffix(":"))
    named = [part for part in parts if part]
    if known is None or not named:
        return None
    view: RegistryView | None = "32" if _OF_32_BITS in map(str.casefold, named) else None
    return RegistryKey(known, "\\".join(named), view)


class RegistryPlace(NamedTuple):
    """A value as it is compared: its key, its name, and its view; None for both views."""

    key: str
    name: str
    view: RegistryView | None = None

    def covers(self, key: str, name: str, view: RegistryView | None) -> bool:
        """Whether whoever looked this value up looked up that of another key, name and view."""
        return (self.key, self.name) == (key, name) and self.view in (None, view)


@lru_cache(maxsize=1 << 14)
def registry_place(text: str) -> RegistryPlace | None:
    """The value that a key and a name behind it mean; None where the key is not understood."""
    path, _, name = text.strip().replace("/", "\\").rpartition("\\")
    key = registry_key(path)
    return None if key is None else RegistryPlace(key.compared, name.strip().casefold(), key.view)


@lru_cache(maxsize=64)
def registry_view(text: str) -> RegistryView | None:
    """The view that a word means; None for one that is not understood."""
    found = VIEWS_OF_REGISTRY.get(text.strip().casefold())
    return next((view for view in REGISTRY_VIEWS if view == found), None)


@lru_cache(maxsize=1 << 14)
def registry_text(text: str) -> str | None:
    """A value as it is compared: without case, a number as it is in decimal; None where it says nothing.

    A number is what a usual tool writes of a DWORD: `0x1`, `dword:00000001`, `0x00000001 (1)`, and -1 for
    0xffffffff.
    """
    if says_nothing(text):
        return None
    folded = text.strip().casefold()
    number = _number(folded)
    return folded if number is None else str(number)


def _number(text: str) -> int | None:
    if (found := _HEXADECIMAL.fullmatch(text)) is not None:
        return int(found[1] or found[2], 16)
    if (found := _TWICE.fullmatch(text)) is not None:
        number = int(found[1] or found[4], 16)
        return number if number == int(found[2] or found[3]) else None
    if (found := _PADDED_DIGIT.fullmatch(text)) is not None:
        return int(found[1])
    found = _NEGATIVE.fullmatch(text)
    if found is None or int(found[1]) > 1 << (_BITS_OF_DWORD - 1):
        return None
    return (1 << _BITS_OF_DWORD) - int(found[1])


@lru_cache(maxsize=1 << 14)
def registry_equals(text: str, asked: str) -> bool | None:
    """Whether a value is one as it is compared; None where it may be another way to write that number."""
    found = registry_text(text)
    if found is None or found == asked:
        return None if found is None else True
    if not (asked.isascii() and asked.isdecimal()):
        return False
    if _WHOLE.fullmatch(found) is None:
        return None if _MAY_BE_NUMBER.fullmatch(found) else False
    is_wider = int(asked) > _HIGHEST_SIGNED and text.strip().startswith("-")
    return None if is_wider or int(found) == int(asked) else False
