"""One process answers pages and holds the live stream.

Pages run as WSGI in a bounded thread pool (Django's sync views cost a third under its own ASGI handler);
only `/live/` is asynchronous: thousands of quiet connections, one LISTEN connection a process.
"""

import gc
import os
from pathlib import Path

from django.core.wsgi import get_wsgi_application

from config.bridge import Pages

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
# Nobody waits longer for a page; jobs and commands, which are other processes, may take their time.
os.environ.setdefault("PAVILLON_STATEMENT_SECONDS", "60")
pages = Pages(
    get_wsgi_application(),
    threads=int(os.environ.get("PAGE_THREADS", "8")),
    lanes=int(os.environ.get("PAGE_LANES", "3")),
)

from pavillon.activity.stream import LiveStream  # noqa: E402  needs the settings above

live = LiveStream()


def told_when_ready(send):  # noqa: ANN001, ANN201
    """Leave a sign once this process answers: `pavillon reload` then ends the one before it."""

    async def told(message):  # noqa: ANN001, ANN202
        await send(message)
        folder = os.environ.get("PAVILLON_READY_FOLDER")
        if folder and message["type"] == "lifespan.startup.complete":
            Path(folder, str(os.getpid())).touch()

    return told


async def application(scope, receive, send):  # noqa: ANN001, ANN201
    """Route one ASGI scope: the stream is ours, all else is a page."""
    if scope["type"] == "lifespan":
        await live.lifespan(receive, told_when_ready(send))
    elif scope["type"] == "http" and scope["path"] == "/live/":
        await live(scope, receive, send)
    else:
        await pages(scope, receive, send)


# What is loaded stays. The collector of garbage need not look through it again, which stopped all pages of a process
# for a quarter of a second now and then.
gc.collect()
gc.freeze()
