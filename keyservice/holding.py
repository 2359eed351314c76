"""What every holder of a master key offers, whichever way it keeps the key."""

from dataclasses import dataclass
from typing import Protocol

from tink import aead


class KeyUnavailable(Exception):
    """The master key is not where it should be, does not answer, or cannot be trusted there."""


class KeyRevoked(KeyUnavailable):
    """The master key was destroyed on purpose."""


@dataclass(frozen=True)
class Facts:
    """What may be told of a master key: the name of its version in use, how many versions it has, and its uses.

    `uses`, `last_use` and `journal` (the head of the holder's own log) are known to holders that keep a log.
    """

    version: str
    versions: int
    uses: int | None = None
    last_use: str = ""
    journal: str = ""


class MasterKey(Protocol):
    """A master key that wraps data keys and is never handed out."""

    place: str
    """Where it is, for people."""

    def wrapping(self) -> aead.Aead:
        """The primitive that wraps and unwraps. Raises KeyUnavailable."""
        ...

    def facts(self) -> Facts:
        """Raises KeyUnavailable."""
        ...

    def create(self) -> None:
        """Make a first version; nothing happens when there is one. Raises KeyRevoked after a revocation."""
        ...

    def replace(self) -> None:
        """Make a new key where the last one was revoked: it opens nothing of before."""
        ...

    def rotate(self) -> None:
        """Make a new version that wraps from now on; earlier ones still unwrap."""
        ...

    def revoke(self) -> None:
        """Destroy every version, for good."""
        ...
