"""The demonstration's SMTP server, on loopback only."""

import asyncio
import itertools
import signal
from typing import Any

from aiosmtpd.controller import UnthreadedController
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from pavillon.activity.mailbox import keep


class Keep:
    """Accepts every message and keeps it."""

    def __init__(self) -> None:
        self.numbers = itertools.count()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        keep(envelope.content, next(self.numbers))
        return "250 Kept"


class Command(BaseCommand):
    help = "Receive the demonstration's mail on 127.0.0.1:SMTP_PORT and keep it in the data folder."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo mailbox runs only with PAVILLON_DEMO: it shows everybody's mail.")
        asyncio.run(self.serve())

    async def serve(self) -> None:
        loop = asyncio.get_running_loop()
        controller = UnthreadedController(Keep(), hostname="127.0.0.1", port=settings.EMAIL_PORT, loop=loop)
        controller.server_coro = controller._create_server()
        controller.server = await controller.server_coro
        self.stdout.write(f"Mail is received on 127.0.0.1:{settings.EMAIL_PORT}")
        stop = asyncio.Event()
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, stop.set)
        await stop.wait()
        controller.server.close()
        await controller.server.wait_closed()
