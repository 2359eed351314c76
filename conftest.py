"""What every test of the repository shares."""

from collections.abc import Iterator

import pytest

pytest_plugins = ["tests.browser"]


@pytest.fixture(autouse=True)
def fresh_keys_after_a_flush(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that truncates tables also loses the data keys: begin it, and what follows, with an empty ring."""
    marker = request.node.get_closest_marker("django_db")
    truncates = "transactional_db" in request.fixturenames or (marker and marker.kwargs.get("transaction"))
    if not truncates:
        yield
        return
    from pavillon.security.keys import keyring

    keyring.forget()
    yield
    keyring.forget()
