"""How often a page may be sent to: said on its view, counted by `accounts` for all processes together."""

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

_SECONDS = {"m": 60, "h": 3600, "d": 86400}


@dataclass(frozen=True)
class Rate:
    """`amount` times at once; then one more each time that the `amount`-th part of `seconds` went by."""

    amount: int
    seconds: int

    @classmethod
    def read(cls, text: str) -> "Rate":
        """ "10/h" or "20/15m": so many in that time. Raises ValueError for anything else."""
        found = re.fullmatch(r"([1-9]\d*)/(\d*)([mhd])", text)
        if not found:
            raise ValueError(f"{text!r} is no rate: write 10/h, 20/15m or 5/d")
        return cls(int(found[1]), int(found[2] or 1) * _SECONDS[found[3]])

    @property
    def step(self) -> timedelta:
        return timedelta(seconds=self.seconds / self.amount)

    @property
    def window(self) -> timedelta:
        return timedelta(seconds=self.seconds)


@dataclass(frozen=True)
class Limit:
    """What a page takes: by address of the network from strangers, and by person.

    The person is whoever signed in; of a stranger, the e-mail address that the form names, known here or not.
    """

    address: Rate
    person: Rate

    @classmethod
    def read(cls, address: str, person: str) -> "Limit":
        return cls(Rate.read(address), Rate.read(person))


def limited(address: str, *, person: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Say how often a page may be sent to: `@limited("30/h", person="10/h")`; beyond, it answers 429 and what to do."""
    limit = Limit.read(address, person)

    def declare(view: Callable[..., Any]) -> Callable[..., Any]:
        view.limit = limit  # type: ignore[attr-defined]
        return view

    return declare


def too_many(request: HttpRequest, wait: timedelta) -> HttpResponse:
    """429: how long to wait, and what to do meanwhile."""
    seconds = max(1, round(wait.total_seconds()))
    response = render(request, "429.html", {"minutes": -(-seconds // 60)}, status=429)
    response.headers["Retry-After"] = str(seconds)
    return response


def network_of(address: str) -> str:
    """The address, or what a provider gives one household of IPv6: the first 64 bits."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return address if found.version == 4 else str(ipaddress.ip_network(f"{found}/64", strict=False))
