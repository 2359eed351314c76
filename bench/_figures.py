"""Samples of one thing, told as the table wants them."""

from statistics import median, quantiles

from launch.bench import Row


def milliseconds(
    what: str, seconds: list[float], limit: list[float] | None = None, note: str = "", most: float | None = None
) -> Row:
    """p50 and p95 of samples in milliseconds; the value is p50, and the limit the p50 of its samples.

    `most` (in milliseconds) is what p95 must keep to: beyond, the bench fails.
    """
    p50, p95 = median(seconds) * 1000, quantiles(seconds, n=20)[-1] * 1000
    return Row(what, p50, "ms", p50=p50, p95=p95, limit=median(limit) * 1000 if limit else None, note=note, most=most)
