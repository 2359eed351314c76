"""What `test_bridge` has Granian serve: one thread of pages that tell what they were sent."""

from config.bridge import Cut, Pages

# What came to pages: path and number of bytes, or the exception.
SEEN: list[str] = []


def page(environ, start_response):
    """Read what was sent, note it down; `/seen` tells the notes."""
    path = environ["PATH_INFO"]
    if path != "/seen":
        SEEN.append(f"{path} {_read(environ)}")
    start_response("200 OK", [])
    if path == "/endless":
        return _endless()
    return Whole(["\n".join(SEEN).encode()])


class Whole(list):
    streaming = False


def _read(environ):
    try:
        return len(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
    except Cut as error:
        return f"{type(error).__name__}: {error}"


def _endless():
    try:
        while True:
            yield b"x" * 1000
    finally:
        SEEN.append("/endless closed")


pages = Pages(page, threads=1)
hasty = Pages(page, threads=1, patience=0.5)


async def application(scope, receive, send):
    """The ASGI application, without Django."""
    if scope["type"] == "http":
        await (hasty if scope["path"].startswith("/hasty/") else pages)(scope, receive, send)
