"""From pairs to clusters: best pairs first, and no cluster ever holds two different identities."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Pair:
    """Two records by number, `left` < `right`, with their probability and weight (log odds)."""

    left: int
    right: int
    probability: float
    weight: float
    conflict: bool = False


@dataclass(frozen=True)
class Clusters:
    """`of`: each record's cluster, named by its smallest number; records alone are in none. `refused`: for review."""

    of: dict[int, int]
    refused: list[Pair]


class Forest:
    """Sets of numbers that can be joined, unless both hold an identity of one scheme and these differ."""

    def __init__(self, identities: Mapping[int, str] | None = None) -> None:
        self._parent: dict[int, int] = {}
        self._identities: dict[int, dict[str, str]] = {}
        first: dict[str, int] = {}
        for number in sorted(identities or ()):
            text = (identities or {})[number]
            scheme, _, value = text.partition(":")
            self._identities.setdefault(self.root(number), {})[scheme] = value
            # Equal identities are one thing, whether or not anything else agrees.
            self.join(first.setdefault(text, number), number)

    def root(self, number: int) -> int:
        """The smallest number of the set."""
        parent = self._parent
        top = number
        while (above := parent.get(top, top)) != top:
            top = above
        while number != top:
            parent[number], number = top, parent.get(number, number)
        return top

    def join(self, one: int, two: int) -> bool:
        """Make one set of two. False, and nothing happens, when that would join two identities."""
        one, two = self.root(one), self.root(two)
        if one == two:
            self._parent.setdefault(one, one)
            return True
        mine, its = self._identities.get(one), self._identities.get(two)
        if mine and its and any(its.get(scheme, value) != value for scheme, value in mine.items()):
            return False
        low, high = (one, two) if one < two else (two, one)
        self._parent[high] = low
        self._parent.setdefault(low, low)
        if mine or its:
            self._identities[low] = {**(mine or {}), **(its or {})}
        return True

    def sets(self) -> dict[int, int]:
        """Number -> smallest number of its set, for every number that was ever joined with another."""
        found = {number: self.root(number) for number in sorted(self._parent)}
        sizes: dict[int, int] = {}
        for root in found.values():
            sizes[root] = sizes.get(root, 0) + 1
        return {number: root for number, root in found.items() if sizes[root] > 1}


def cluster(pairs: Iterable[Pair], identities: Mapping[int, str], *, threshold: float) -> Clusters:
    """Join the pairs whose probability is at least `threshold`, the heaviest first.

    The order in which pairs come does not matter. A pair that would bring two different valid identities together is
    refused and returned for review.
    """
    forest = Forest(identities)
    refused = []
    chosen = [pair for pair in pairs if pair.probability >= threshold and not pair.conflict]
    for pair in sorted(chosen, key=lambda pair: (-pair.weight, pair.left, pair.right)):
        if not forest.join(pair.left, pair.right):
            refused.append(pair)
    return Clusters(forest.sets(), refused)
