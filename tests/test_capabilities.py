"""docs/capabilities.md says exactly what the tests prove."""

from tests.capabilities import DOCUMENT, document, proofs


def test_the_page_of_capabilities_is_up_to_date():
    assert DOCUMENT.read_text() == document(), "run `.venv/bin/python -m tests.capabilities`"


def test_proofs_are_found():
    """The reader of marks sees at least this room's own proofs."""
    assert {"SEC-07", "SEC-12", "SEC-13"} <= {proof.row for proof in proofs()}
