"""deploy/nftables.conf in the kernel: two networks that exist for the test alone, one behind the shipped rules."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from tests.house import ROOT

NFT = os.environ.get("NFT_PATH") or shutil.which("nft", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
IP = shutil.which("ip", path=f"{os.environ.get('PATH', '')}:/usr/sbin")

# Runs as the first process of a network of its own. Its neighbour, another network, has the addresses of the database,
# of an administrator, and of a stranger.
PROGRAM = """
import json, socket, subprocess, sys
nft, ip, rules = sys.argv[1:]

def run(*words):
    subprocess.run(words, check=True)

far = subprocess.Popen(["unshare", "--net", sys.executable, "-c", '''
import socket, subprocess, sys
ip = sys.argv[1]
print("here", flush=True)
sys.stdin.readline()
for address in ("192.0.2.20", "192.0.2.10", "192.0.2.99"):
    subprocess.run([ip, "address", "add", address + "/24", "dev", "far"], check=True)
subprocess.run([ip, "link", "set", "far", "up"], check=True)
def listen(address, port):
    door = socket.socket()
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    door.bind((address, port))
    door.listen()
    return door
doors = [listen("192.0.2.20", 5432), listen("192.0.2.99", 5432), listen("192.0.2.99", 443)]
print("ready", flush=True)
for line in sys.stdin:
    source, port = line.split()
    caller = socket.socket()
    caller.settimeout(0.7)
    caller.bind((source, 0))
    try:
        caller.connect(("192.0.2.15", int(port)))
        print("in", flush=True)
    except OSError:
        print("out", flush=True)
    caller.close()
''', ip], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
assert far.stdout.readline() == "here\\n"
run(ip, "link", "set", "lo", "up")
run(ip, "link", "add", "near", "type", "veth", "peer", "name", "far", "netns", str(far.pid))
run(ip, "address", "add", "192.0.2.15/24", "dev", "near")
run(ip, "link", "set", "near", "up")
run(nft, "-f", rules)
doors = []
for port in (443, 22, 8000):
    door = socket.socket()
    door.bind(("0.0.0.0", port))
    door.listen()
    doors.append(door)
far.stdin.write("go\\n")
far.stdin.flush()
assert far.stdout.readline() == "ready\\n"

def comes_in(source, port):
    far.stdin.write(f"{source} {port}\\n")
    far.stdin.flush()
    return far.stdout.readline().strip() == "in"

def goes_out(address, port):
    caller = socket.socket()
    caller.settimeout(0.7)
    try:
        caller.connect((address, port))
        return True
    except OSError:
        return False
    finally:
        caller.close()

told = {
    "a stranger, https": comes_in("192.0.2.99", 443),
    "a stranger, ssh": comes_in("192.0.2.99", 22),
    "a stranger, the server itself": comes_in("192.0.2.99", 8000),
    "an administrator, ssh": comes_in("192.0.2.10", 22),
    "to the database": goes_out("192.0.2.20", 5432),
    "to another database": goes_out("192.0.2.99", 5432),
    "to an unknown host": goes_out("192.0.2.99", 443),
    "to oneself": goes_out("127.0.0.1", 8000),
}
far.kill()
print(json.dumps(told))
"""


def may_make_networks():
    if not (NFT and IP and shutil.which("unshare")) or os.getuid() != 0:
        return False
    asked = ["unshare", "--net", NFT, "list", "ruleset"]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not may_make_networks(), reason="needs root, nft, ip and networks of one's own")
def test_the_firewall_lets_in_and_out_what_it_says():
    rules = str(ROOT / "deploy" / "nftables.conf")
    command = ["unshare", "--net", sys.executable, "-c", PROGRAM, NFT, IP, rules]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "a stranger, https": True,
        "a stranger, ssh": False,
        "a stranger, the server itself": False,
        "an administrator, ssh": True,
        "to the database": True,
        "to another database": False,
        "to an unknown host": False,
        "to oneself": True,
    }
