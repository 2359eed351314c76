"""Of what a request told the read log already: panels that are answered together show one record together."""

from contextvars import ContextVar

Told = set[tuple[object, ...]]
_told: ContextVar[Told | None] = ContextVar("told", default=None)


def told_already() -> Told | None:
    """What the running request told of, to be added to; None outside of requests."""
    return _told.get()


def begin_telling() -> None:
    _told.set(set())


def end_telling() -> None:
    _told.set(None)
