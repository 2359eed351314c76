"""`pavillon keyservice`: what a key-holder does on his own machine."""

import argparse
import signal
import sys
from pathlib import Path

from keyservice.certificates import make_certificates
from keyservice.holding import KeyUnavailable, MasterKey
from keyservice.journal import Journal
from keyservice.keyfile import FileKey
from keyservice.server import ORDERS, KeyServer, tls_context
from keyservice.token import TokenKey

HERE = "the key-holder"


def main(words: list[str] | None = None) -> int:
    options = _options()
    chosen = options.parse_args(words)
    try:
        code: int = chosen.run(chosen)
    except (KeyUnavailable, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return code


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(
        prog="pavillon keyservice",
        description="Hold the master key of a platform on your own machine. The platform reaches it over HTTPS with "
        "certificates on both sides; it never gets the key. Stop this program and the platform is locked once what its "
        "memory holds has run out (minutes); start it again and it opens.",
    )
    parts = options.add_subparsers(metavar="COMMAND", required=True)

    def part(name: str, run: object, text: str) -> argparse.ArgumentParser:
        found = parts.add_parser(name, help=text, description=text)
        found.set_defaults(run=run)
        return found

    def holding(found: argparse.ArgumentParser) -> None:
        found.add_argument("--store", type=Path, required=True, help="folder of the key and of the journal")
        found.add_argument("--module", type=Path, help="PKCS#11 library: the key is in a hardware module instead")
        found.add_argument("--token", default="pavillon", help="label of the token in the module (pavillon)")
        found.add_argument("--pin-file", type=Path, help="file with the token's PIN (STORE/pin)")

    made = part(
        "certificates", _certificates, "Make an authority, the service's certificate and those of the platform."
    )
    made.add_argument("--out", type=Path, required=True, help="folder for the files")
    made.add_argument("--host", required=True, help="name or address by which the platform reaches this machine")
    made.add_argument("--client", action="append", help="name of a machine of the platform (platform); repeatable")
    made.add_argument("--years", type=int, default=2, help="how long they hold (2)")

    holding(part("init", _init, "Make the master key. An existing one is never replaced."))
    serve = part("serve", _serve, "Answer the platform until Ctrl-C.")
    holding(serve)
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    serve.add_argument("--port", type=int, default=8443, help="port (8443; 0 takes a free one)")
    serve.add_argument("--certificate", type=Path, required=True, help="server.pem")
    serve.add_argument("--private-key", type=Path, required=True, help="server.key")
    serve.add_argument("--clients", type=Path, required=True, help="authority.pem of those who may connect")
    serve.add_argument(
        "--forbid", action="append", choices=ORDERS, default=[], help="an order that is given at this machine only"
    )
    holding(part("state", _state, "Tell the key's version, how often it was used and when last."))
    holding(part("rotate", _rotate, "Make a new version of the key; earlier ones still open what they closed."))
    revoke = part("revoke", _revoke, "Destroy the key. What it closed opens by the recovery shares only, or never.")
    holding(revoke)
    revoke.add_argument("--yes", action="store_true", help="do not ask")
    log = part("log", _log, "Print the journal; status 1 when a line was changed, taken away or slipped in.")
    holding(log)
    return options


def _key(chosen: argparse.Namespace) -> MasterKey:
    if chosen.module:
        return TokenKey(module=chosen.module, token=chosen.token, pin_file=chosen.pin_file or chosen.store / "pin")
    return FileKey(chosen.store / "master.key", remedy="Make it: pavillon keyservice init --store …")


def _journal(chosen: argparse.Namespace) -> Journal:
    chosen.store.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Journal(chosen.store / "journal.jsonl")


def _certificates(chosen: argparse.Namespace) -> int:
    for path in make_certificates(
        chosen.out, host=chosen.host, clients=chosen.client or ["platform"], years=chosen.years
    ):
        print(path)
    return 0


def _init(chosen: argparse.Namespace) -> int:
    key, journal = _key(chosen), _journal(chosen)
    key.create()
    journal.write(HERE, "create")
    print(f"The master key is in {key.place}. Keep its recovery shares apart (pavillon keys split).")
    return 0


def _serve(chosen: argparse.Namespace) -> int:
    key, journal = _key(chosen), _journal(chosen)
    tls = tls_context(certificate=chosen.certificate, private_key=chosen.private_key, clients=chosen.clients)
    server = KeyServer((chosen.host, chosen.port), key, journal, tls, frozenset(chosen.forbid))
    journal.write(HERE, "serve")
    host, port = server.server_address[:2]
    print(f"https://{host!s}:{port}", flush=True)

    def stop(*_signal: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        journal.write(HERE, "stop")
    return 0


def _state(chosen: argparse.Namespace) -> int:
    key, journal = _key(chosen), _journal(chosen)
    facts = key.facts()
    print(
        f"{key.place}: version {facts.version} of {facts.versions}, {journal.uses} uses, last {journal.last_use or '-'}"
    )
    return 0


def _rotate(chosen: argparse.Namespace) -> int:
    key, journal = _key(chosen), _journal(chosen)
    key.rotate()
    journal.write(HERE, "rotate")
    print(
        "A new version wraps from now on. Wrap the data keys with it: pavillon keys rotate (or the key-holders' page)."
    )
    return 0


def _revoke(chosen: argparse.Namespace) -> int:
    key, journal = _key(chosen), _journal(chosen)
    if not chosen.yes and input("Destroy the key? Write REVOKE: ") != "REVOKE":
        return 1
    key.revoke()
    journal.write(HERE, "revoke")
    print("The key is destroyed.")
    return 0


def _log(chosen: argparse.Namespace) -> int:
    journal = _journal(chosen)
    for line in journal.read():
        done = "" if line["done"] else " REFUSED"
        print(f"{line['n']:6} {line['at']} {line['who']:20} {line['what']:10} {line['about']}{done}")
    fault = journal.first_fault()
    if fault:
        print(f"Line {fault} is not as it was written.", file=sys.stderr)
    return int(fault is not None)
