"""`pavillon probe`: asks the platform from outside whether it answers, and writes down what it heard.

It needs neither the database nor Django, so that it goes on while they are away. `pavillon serve` runs one beside the
server; one on another machine also sees that a whole machine, or the way to it, is lost.

The platform is down when nobody answers within the time, when the answer is an error, or when the database is away or
not up to date. A worker that is away delays letters and is told by /readyz; it is no downtime.
"""

import argparse
import http.client
import json
import os
import signal
import smtplib
import ssl
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from launch import journal
from launch.given import given_secret

EVERY = 15
# While it is down it asks more often, so that an outage is measured to about two seconds.
EVERY_WHEN_DOWN = 2
PATIENCE = 10.0
ANSWERS_OF_AN_OUTAGE = 2
NEEDED = ("database", "migrations", "reference_data")
KEEP_FILES = 40


def ask(url: str, patience: float = PATIENCE) -> str:
    """Ask once. Returns "" when the platform is up, else why it is not (see `enums.Reason` of the room)."""
    where = urlsplit(url)
    host = where.hostname or "127.0.0.1"
    connection: http.client.HTTPConnection
    if where.scheme == "https":
        connection = http.client.HTTPSConnection(
            host, where.port, timeout=patience, context=ssl.create_default_context()
        )
    else:
        connection = http.client.HTTPConnection(host, where.port, timeout=patience)
    try:
        connection.request("GET", "/readyz", headers={"User-Agent": "pavillon-probe"})
        answer = connection.getresponse()
        body = answer.read(2000)
        state = json.loads(body) if answer.status in (200, 503) else None
    except TimeoutError:
        return "slow"
    except (OSError, http.client.HTTPException):
        return "no_answer"
    except ValueError:
        return "error"
    finally:
        connection.close()
    if not isinstance(state, dict):
        return "error"
    return next((name for name in NEEDED if not state.get(name)), "")


class Probe:
    """Asks until it is told to stop, and writes `probe-<name>-<day>.jsonl`."""

    def __init__(self, url: str, folder: Path, name: str, every: int = EVERY) -> None:
        self.url, self.folder, self.name, self.every = url, folder, name, every
        self.must_stop = False
        self.down = 0
        self.is_told = False

    def run(self) -> None:
        for order in (signal.SIGTERM, signal.SIGINT):
            signal.signal(order, self._ask_to_stop)
        while not self.must_stop:
            started = time.monotonic()
            pause = EVERY_WHEN_DOWN if self.look() else self.every
            while not self.must_stop and time.monotonic() - started < pause:
                time.sleep(0.2)

    def look(self) -> str:
        """Ask once and write the answer down. Returns why it is down, "" when it is up."""
        reason = ask(self.url)
        now = datetime.now(UTC)
        line: dict[str, Any] = {"at": now.isoformat(), "up": not reason, "reason": reason}
        with suppress(OSError):
            journal.append(
                self.folder / f"probe-{self.name}-{now:%Y%m%d}.jsonl",
                line | {"every": EVERY_WHEN_DOWN if reason else self.every},
            )
            self._forget_old()
        self.down = self.down + 1 if reason else 0
        if self.down == ANSWERS_OF_AN_OUTAGE or (not reason and self.is_told):
            self.is_told = bool(reason)
            self._tell(reason, now)
        return reason

    def _ask_to_stop(self, *received: object) -> None:
        self.must_stop = True

    def _forget_old(self) -> None:
        for old in sorted(self.folder.glob(f"probe-{self.name}-*.jsonl"))[:-KEEP_FILES]:
            old.unlink()

    def _tell(self, reason: str, now: datetime) -> None:
        """A mail at once, past the platform, to PAVILLON_ALERT_MAIL. The officers' own alert follows when it is up."""
        to = os.environ.get("PAVILLON_ALERT_MAIL")
        if not to:
            return
        letter = EmailMessage()
        letter["Subject"] = f"Pavillon {self.url}: {f'down ({reason})' if reason else 'up again'}"
        letter["From"] = os.environ.get("MAIL_FROM", "pavillon-probe@localhost")
        letter["To"] = to
        letter.set_content(f"{now.isoformat(timespec='seconds')} {self.url} {reason or 'answers again'}")
        host, port = os.environ.get("SMTP_HOST", "127.0.0.1"), int(os.environ.get("SMTP_PORT", "25"))
        tls, context = os.environ.get("SMTP_TLS", ""), ssl.create_default_context()
        try:
            if tls not in ("1", "implicit") and host not in ("127.0.0.1", "localhost", "::1"):
                raise OSError(f"{host} would be told in clear text: set SMTP_TLS=1 or SMTP_TLS=implicit")
            with (
                smtplib.SMTP_SSL(host, port, timeout=10, context=context)
                if tls == "implicit"
                else smtplib.SMTP(host, port, timeout=10)
            ) as post:
                if tls == "1":
                    post.starttls(context=context)
                if os.environ.get("SMTP_USER"):
                    post.login(os.environ["SMTP_USER"], given_secret("SMTP_PASSWORD"))
                post.send_message(letter)
        except (OSError, smtplib.SMTPException) as error:
            print(f"{now:%Y-%m-%d %H:%M:%S} the alert to {to} could not be sent: {error}", file=sys.stderr, flush=True)


def main(words: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(
        prog="pavillon probe",
        description="Ask a platform from outside whether it answers, until Ctrl-C, and keep a journal that the "
        "platform takes in from the folder continuity/ of its data folder.",
    )
    options.add_argument("--url", required=True, help="the platform's address: https://export.example")
    options.add_argument("--journal", required=True, type=Path, help="the folder of the journal")
    options.add_argument("--name", default="outside", help="its name: PAVILLON_PROBE says whose answers count")
    options.add_argument("--every", type=int, default=EVERY, help=f"seconds between questions ({EVERY})")
    chosen = options.parse_args(words)
    Probe(chosen.url, chosen.journal, chosen.name, chosen.every).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
