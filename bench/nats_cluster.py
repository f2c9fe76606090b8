"""A cluster of NATS servers on loopback, each a process of its own that can be killed and started again."""

import json
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

STARTING_S = 60

CONFIGURATION = """\
server_name: n{number}
listen: "127.0.0.1:{client}"
http: "127.0.0.1:{monitor}"
jetstream {{ store_dir: "{folder}/n{number}" }}
cluster {{ name: corridor, listen: "127.0.0.1:{route}", routes: [{routes}] }}
"""


class NatsCluster:
    """Servers by number, from 0.

    Attributes
    ----------
    addresses : what clients connect to
    """

    def __init__(self, folder: Path, servers: int) -> None:
        ports = _free_ports(3 * servers)
        self._monitors = ports[:servers]
        self.addresses = [f"nats://127.0.0.1:{port}" for port in ports[servers : 2 * servers]]
        routes = ports[2 * servers :]
        self._configurations = []
        for number in range(servers):
            text = CONFIGURATION.format(
                number=number,
                client=ports[servers + number],
                monitor=self._monitors[number],
                route=routes[number],
                routes=", ".join(f'"nats://127.0.0.1:{port}"' for port in routes),
                folder=folder,
            )
            path = folder / f"n{number}.conf"
            path.write_text(text, encoding="utf-8")
            self._configurations.append(path)
        self._processes: dict[int, subprocess.Popen[bytes]] = {}

    def start(self, number: int) -> None:
        """Start a server; its store is as it was left."""
        path = self._configurations[number]
        with path.with_suffix(".log").open("ab") as log:
            command = ["nats-server", "-c", str(path)]
            self._processes[number] = subprocess.Popen(command, stdout=log, stderr=log)

    def kill(self, number: int) -> None:
        """End a server at once, as a power switch does to a process."""
        self._processes[number].send_signal(signal.SIGKILL)
        self._processes[number].wait()

    def close(self) -> None:
        """End all servers."""
        for number in self._processes:
            self.kill(number)

    def wait_until_current(self, number: int) -> None:
        """Wait until a server answers that it is well and has caught up.

        Raises
        ------
        TimeoutError
            It has not within `STARTING_S`.
        """
        address = f"http://127.0.0.1:{self._monitors[number]}/healthz"
        until = time.monotonic() + STARTING_S
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(address, timeout=5) as answer:
                    if json.load(answer)["status"] == "ok":
                        return
            except OSError:
                pass
            time.sleep(0.1)
        raise TimeoutError(f"server {number} is not well after {STARTING_S} s")


@contextmanager
def started_cluster(folder: Path, servers: int = 3) -> Iterator[NatsCluster]:
    """A cluster whose servers have found each other; their files stay in the folder."""
    cluster = NatsCluster(folder, servers)
    try:
        for number in range(servers):
            cluster.start(number)
        for number in range(servers):
            cluster.wait_until_current(number)
        yield cluster
    finally:
        cluster.close()


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports: list[int] = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports
