"""Nour copies mail in Bretagne; Nina works beside her, Theo elsewhere; Alan and Vera answer for two companies."""

import asyncio
import queue
import threading
from concurrent.futures import Executor, Future
from contextlib import suppress

import pytest

from pavillon.correspondence import receiver
from pavillon.correspondence.tests import factories


@pytest.fixture(autouse=True)
def copies(settings, tmp_path):
    settings.MAIL_COPY_DOMAIN = factories.DOMAIN
    settings.MAIL_COPY_TRUSTS_LOOPBACK = True
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def cast(db):
    return factories.stage()


@pytest.fixture
def sign_in(client):
    """The client as one person: `sign_in(cast.nour).get(…)`."""

    def enter(user):
        client.force_login(factories.fresh(user))
        return client

    return enter


class Here(Executor):
    """Hands the work of the receiver's threads to the test's own, whose transaction it shares."""

    def __init__(self):
        self.waiting = queue.SimpleQueue()

    def submit(self, call, /, *arguments, **more):
        done = Future()
        self.waiting.put((done, lambda: call(*arguments, **more)))
        return done

    def work_until(self, is_over):
        while not is_over.is_set() or not self.waiting.empty():
            with suppress(queue.Empty):
                done, call = self.waiting.get(timeout=0.02)
                try:
                    done.set_result(call())
                except BaseException as error:
                    done.set_exception(error)


@pytest.fixture
def over_smtp(db, monkeypatch):
    """`over_smtp(talk)`: the receiver answers on a port of loopback while `talk(port)` runs; what it returned."""

    monkeypatch.setattr("django.db.close_old_connections", lambda: None)

    async def run(door, talk):
        server = await receiver.listen("127.0.0.1", 0, door)
        try:
            return await asyncio.to_thread(talk, server.sockets[0].getsockname()[1])
        finally:
            server.close()

    def talk_to_it(talk):
        door, is_over, told = receiver.Door(), threading.Event(), Future()
        door.pool = Here()

        def live():
            try:
                told.set_result(asyncio.run(run(door, talk)))
            except BaseException as error:
                told.set_exception(error)
            finally:
                is_over.set()

        thread = threading.Thread(target=live)
        thread.start()
        door.pool.work_until(is_over)
        thread.join()
        return told.result()

    return talk_to_it
