"""The running house of a story, and its people's browsers."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.story.house import House, open_house
from tests.story.people import Person


@pytest.fixture(scope="session")
def house() -> Iterator[House]:
    with open_house() as opened:
        yield opened


@pytest.fixture
def arrive(browser: Any, house: House) -> Iterator[Callable[..., Person]]:
    """`arrive(width=390, language="en-GB", theme="dark")`: a person before an empty browser."""
    people: list[Person] = []

    def one(**options: Any) -> Person:
        person = Person(browser, house, **options)
        people.append(person)
        return person

    yield one
    for person in people:
        person.close()
