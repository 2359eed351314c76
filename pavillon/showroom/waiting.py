"""What a visitor without an account wrote waits in his session, encrypted like every message."""

import base64
import json
from typing import Any

from pavillon.core.encryption import cipher

# What binds the sealed words to their place, as a column does for its values.
PLACE = "django_session.enquiry_waiting"


def seal_waiting(asked: dict[str, Any]) -> str:
    """What a visitor without an account wrote, as his session may hold it: encrypted like every message."""
    return base64.b64encode(cipher().encrypt(json.dumps(asked).encode(), PLACE)).decode()


def open_waiting(sealed: str | None) -> dict[str, Any] | None:
    """What `seal_waiting` closed; None when nothing waits."""
    if not sealed:
        return None
    found: dict[str, Any] = json.loads(cipher().decrypt(base64.b64decode(sealed), PLACE))
    return found
