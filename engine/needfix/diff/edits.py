"""Single changes between two versions of a rule or a product definition, each ready to be made."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from needfix.errors import Position
from needfix.model.difference import CatalogueChange, Scope

KeyPath = tuple[str | int, ...]
Locate = Callable[[Position], Position]
"""The text of a position: one in a revision has the revision before the file."""


class Placed(Protocol):
    """A rule or a product definition: it has the positions of its keys' values."""

    @property
    def at(self) -> Position | None:
        """Where it begins."""

    @property
    def places(self) -> Mapping[KeyPath, Position]:
        """The positions of the values of its keys."""


T = TypeVar("T", bound=Placed)
Item = TypeVar("Item")
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Edit(Generic[T]):
    """A change, and how it is made. Edits are made in the order in which they were found."""

    change: CatalogueChange
    make: Callable[[T], T]


@dataclass(frozen=True, slots=True)
class StatedValue:
    """A value in the words of a change, and its position."""

    text: str
    at: Position | None


@dataclass(frozen=True, slots=True)
class Pair(Generic[T]):
    """The two versions of a rule or a product definition."""

    scope: Scope
    subject: str
    old: T
    new: T
    locate_old: Locate
    locate_new: Locate

    def change(self, what: str, before: StatedValue | None, after: StatedValue | None) -> CatalogueChange:
        """A change of this subject."""
        return CatalogueChange(
            scope=self.scope,
            subject=self.subject,
            what=what,
            before=before.text if before else None,
            after=after.text if after else None,
            old=self.locate_old(before.at) if before and before.at else None,
            new=self.locate_new(after.at) if after and after.at else None,
        )

    def value(self, key: str, read: Callable[[T], str | None], put: Callable[[T, T], T]) -> Iterator[Edit[T]]:
        """The edit of a single value; `put` takes what is changed and where its value comes from."""
        new = self.new
        before, after = read(self.old), read(new)
        if before != after:
            values = [
                StatedValue(text, side.places.get((key,))) if text is not None else None
                for text, side in ((before, self.old), (after, new))
            ]
            yield Edit(self.change(key, *values), lambda one: put(one, new))

    def listed(self, request: Listed[T, Item, Key]) -> Iterator[Edit[T]]:
        """The edits of a list whose order means nothing."""
        old, new = request.by_key(self.old), request.by_key(self.new)
        for key, (number, item) in old.items():
            if key not in new:
                stated = StatedValue(request.text(item), request.place(self.old, number))
                yield Edit(self.change(request.key, stated, None), request.without(key))
        for key, (number, item) in new.items():
            if key not in old:
                stated = StatedValue(request.text(item), request.place(self.new, number))
                yield Edit(self.change(request.key, None, stated), request.with_item(item))


@dataclass(frozen=True, slots=True)
class Listed(Generic[T, Item, Key]):
    """A key that holds a list: how to read and to put it, and what distinguishes its items."""

    key: str
    read: Callable[[T], Sequence[Item]]
    put: Callable[[T, tuple[Item, ...]], T]
    identity: Callable[[Item], Key]
    text: Callable[[Item], str]

    def by_key(self, side: T) -> dict[Key, tuple[int, Item]]:
        """The items by what distinguishes them, with their numbers."""
        return {self.identity(item): (number, item) for number, item in enumerate(self.read(side))}

    def place(self, side: T, number: int) -> Position | None:
        """The position of an item; that of the list where several items can come from one entry."""
        entries = sum(len(place) == 2 and place[0] == self.key for place in side.places)  # noqa: PLR2004 - the key and a number
        one_to_one = entries == len(self.read(side))
        return side.places.get((self.key, number) if one_to_one else (self.key,))

    def without(self, key: Key) -> Callable[[T], T]:
        """Takes an item out."""
        return lambda one: self.put(one, tuple(i for i in self.read(one) if self.identity(i) != key))

    def with_item(self, item: Item) -> Callable[[T], T]:
        """Puts an item in."""
        return lambda one: self.put(one, (*self.read(one), item))
