"""The live stream to browsers: server-sent events over one LISTEN connection a process."""


class LiveStream:
    """ASGI application for `/live/`."""

    async def lifespan(self, receive, send):  # noqa: ANN001, ANN201
        while True:
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return

    async def __call__(self, scope, receive, send):  # noqa: ANN001, ANN204
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})
