"""A standalone Spark cluster: a master and two workers of one core each, with what pyspark ships."""

import importlib.util
import os
import shutil
import signal
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

STARTING_S = 60
SETTINGS = """\
spark.executor.memory 512m
spark.driver.memory 512m
spark.driver.extraJavaOptions -XX:TieredStopAtLevel=1 -XX:+UseSerialGC
spark.executor.extraJavaOptions -XX:TieredStopAtLevel=1 -XX:+UseSerialGC
spark.sql.shuffle.partitions 2
spark.sql.codegen.wholeStage false
spark.sql.codegen.factoryMode NO_CODEGEN
spark.sql.adaptive.enabled false
spark.sql.autoBroadcastJoinThreshold -1
"""
"""For a table of some thousand rows: compiling a plan takes longer than running it."""


@pytest.fixture(scope="module")
def spark_master(
    require: Callable[[bool, str], None], free_port: Callable[[], int], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of the cluster's master; the environment is that of a machine on which Spark is configured."""
    require(shutil.which("java") is not None, "needs Java 17: java is not on the PATH (Debian: default-jre-headless)")
    found = importlib.util.find_spec("pyspark")
    require(found is not None, "needs pyspark: pip install 'h2corridor[spark]'")
    assert found is not None
    assert found.origin is not None
    spark_class = Path(found.origin).parent / "bin" / "spark-class"
    folder = tmp_path_factory.mktemp("spark")
    (folder / "spark-defaults.conf").write_text(SETTINGS)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SPARK_CONF_DIR", str(folder))
        environment.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        environment.setenv("SPARK_DAEMON_MEMORY", "128m")
        port, pages = free_port(), free_port()
        address = f"spark://127.0.0.1:{port}"
        own = "org.apache.spark.deploy"
        at = ("--host", "127.0.0.1", "--webui-port")
        commands = [[f"{own}.master.Master", *at, str(pages), "--port", str(port)]]
        for number in (1, 2):
            work = ("--work-dir", str(folder / f"work-{number}"))
            commands.append([f"{own}.worker.Worker", *at, "0", "--cores", "1", "--memory", "640m", *work, address])
        with (folder / "log").open("wb") as log:
            servers = [
                subprocess.Popen([spark_class, *command], stdout=log, stderr=log, start_new_session=True)
                for command in commands
            ]
            try:
                _wait_for_workers(f"http://127.0.0.1:{pages}/json/", folder / "log")
                yield address
            finally:
                for server in servers:
                    os.killpg(server.pid, signal.SIGKILL)
                    server.wait()


def _wait_for_workers(page: str, log: Path) -> None:
    until = time.monotonic() + STARTING_S
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(page, timeout=5) as answer:
                if answer.read().count(b'"state" : "ALIVE"') == 2:
                    return
        except OSError:
            pass
        time.sleep(0.2)
    pytest.fail(f"no cluster after {STARTING_S} s: {log.read_text()[-2000:]}")
