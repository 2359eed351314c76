"""The address of the web server, and whether it is free."""

import os
import socket

from launch.errors import LaunchError

# Each open tab holds a connection for its live stream: the web server, which by itself takes 1,024 divided by its
# processes and lets all others wait, takes as many as there are descriptors.
CONNECTIONS = ("--backlog", "4096", "--backpressure", "16384")


def web_address() -> tuple[str, int]:
    """HOST and PORT of the environment, or 127.0.0.1 and 8000."""
    host = os.environ.get("HOST") or "127.0.0.1"
    port = os.environ.get("PORT") or "8000"
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise LaunchError(f"PORT={port} is not a port number.", "use a number from 1 to 65535: PORT=8001 make run")
    return host, int(port)


def check_port() -> None:
    """Raise LaunchError when somebody listens on the web server's port, with the remedy."""
    host, port = web_address()
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError:
        raise LaunchError(f"HOST={host} is not an address of this machine.", "use HOST=127.0.0.1 or 0.0.0.0") from None
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except PermissionError:
            raise LaunchError(
                f"Port {port} may not be used by this user.",
                f"use a port above 1023: PORT={8000 + port % 1000} make run",
            ) from None
        except OSError as error:
            other = port + 1 if port < 65535 else 8000
            raise LaunchError(
                f"Port {port} of {host} is taken by another program ({error.strerror}).",
                f"stop that program, or choose another port: PORT={other} make run",
            ) from None


def free_port() -> int:
    """A TCP port of the loopback interface that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def neighbour_port(port: int) -> int:
    """The next port of the loopback interface after the web server's that is free, so that it is easily found."""
    for number in range(port + 1, min(port + 20, 65536)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", number))
            except OSError:
                continue
            return number
    return free_port()
