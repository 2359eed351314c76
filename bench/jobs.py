"""Background jobs: how many a second, against the same queue without the product."""

import asyncio
import os
import time

from django.db import connection, transaction
from procrastinate import App, PsycopgConnector
from procrastinate.contrib.django import app as product
from procrastinate.contrib.django.django_connector import DjangoConnector

from launch.bench import Row

JOBS = 1500
CONCURRENCY = 4
QUEUE = "bench"
ROUNDS = 2


@product.task(name="bench.do_nothing", queue=QUEUE)
def do_nothing() -> None:
    """A job as our rooms write them: an ordinary function, run in a thread."""


def run() -> list[Row]:
    """Alternate the product's queue and the bare one; the best round of each counts, so that noise hits both alike."""
    deferred, executed, bare_deferred, bare_executed = [], [], [], []
    for _ in range(ROUNDS):
        deferred.append(_defer_in_transactions())
        executed.append(_execute())
        bare = asyncio.run(_bare())
        bare_deferred.append(bare[0])
        bare_executed.append(bare[1])
    note = f"{JOBS} jobs, best of {ROUNDS} rounds"
    return [
        Row(
            "Jobs executed by one worker, ordinary functions",
            max(executed),
            "jobs/s",
            limit=max(bare_executed),
            note=f"{note}, {CONCURRENCY} at once; limit: the bare queue with an asynchronous no-op",
        ),
        Row(
            "Jobs deferred, each in the transaction of its action",
            max(deferred),
            "jobs/s",
            limit=max(bare_deferred),
            note=f"{note}; limit: the bare queue on one connection, no transaction",
        ),
    ]


def _defer_in_transactions() -> float:
    started = time.perf_counter()
    for _ in range(JOBS):
        with transaction.atomic():
            do_nothing.defer()
    return JOBS / (time.perf_counter() - started)


def _execute() -> float:
    """The product's worker, as `pavillon worker` runs it, until the queue is empty."""
    assert isinstance(product.connector, DjangoConnector)
    with product.replace_connector(product.connector.get_worker_connector()) as worker:
        started = time.perf_counter()
        worker.run_worker(queues=[QUEUE], concurrency=CONCURRENCY, wait=False, install_signal_handlers=False)
        seconds = time.perf_counter() - started
    _forget_jobs()
    return JOBS / seconds


async def _bare() -> tuple[float, float]:
    """The same library on the same tables, without Django: deferred and executed a second."""
    connector = PsycopgConnector(conninfo=os.environ["DATABASE_URL"])
    bare = App(connector=connector)

    @bare.task(name="bench.do_nothing", queue=QUEUE)
    async def nothing() -> None: ...

    async with bare.open_async():
        started = time.perf_counter()
        for _ in range(JOBS):
            await nothing.defer_async()
        deferred = JOBS / (time.perf_counter() - started)
        started = time.perf_counter()
        await bare.run_worker_async(queues=[QUEUE], concurrency=CONCURRENCY, wait=False, install_signal_handlers=False)
        executed = JOBS / (time.perf_counter() - started)
    await asyncio.to_thread(_forget_jobs)
    return deferred, executed


def _forget_jobs() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE queue_name = %s AND status != 'succeeded'", [QUEUE]
        )
        left = cursor.fetchone()[0]
        if left:
            raise RuntimeError(f"{left} jobs were not executed: the figures would be wrong")
        cursor.execute("DELETE FROM procrastinate_jobs WHERE queue_name = %s", [QUEUE])
    connection.close()
