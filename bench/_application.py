"""What the measured server runs: the product's own application; one address more is answered by bare Django.

Both share the process, the threads, the database pool and the line of waiting requests.
"""

from collections.abc import Iterable
from typing import Any

from config import asgi

product = asgi.pages.app

from bench._bare import ADDRESS, BareDjango  # noqa: E402  Django stands once the product does

bare = BareDjango()


def either(environ: Any, start_response: Any) -> Iterable[bytes]:
    """One WSGI request to whom it concerns."""
    answer = bare if environ["PATH_INFO"] == ADDRESS else product
    return answer(environ, start_response)


asgi.pages.app = either
application = asgi.application
