"""Raises a hub and the floor beside it over one database server, and lets kesher-bench-exchange measure both.

    exchange.py BUILD_FOLDER [ROUNDS]      needs the cluster that deployment/postgres/cluster started there
Prints one table; the last line is `hub/floor at 32 connections: R`.
"""
import pathlib
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "scenarios"))
from harness import Exchange, run  # noqa: E402

THREADS = 360  # of which one body's 128 callers are under three quarters of its half


class BenchExchange(Exchange):
    """Like a scenario's, with as many threads as callers."""

    def _write_settings(self):
        super()._write_settings()
        listener = "[listeners.organisations]\n"
        self.config.write_text(self.config.read_text().replace(listener, 
            f"{listener}threads = {THREADS}\nconnections_each = {THREADS // 2}\n"))

    def __enter__(self):
        self.floor = None
        return super().__enter__()

    def start_floor(self, signer):
        """The floor in a database of its own, in the same server with the same settings."""
        self.floor_database = self.database + "_floor"
        self._psql(f"CREATE DATABASE {self.floor_database}")
        conninfo = f"{self.cluster} dbname={self.floor_database}"
        run(["psql", "--no-psqlrc", "--quiet", "--dbname", conninfo, "--command",
             "CREATE TABLE message (id bigint PRIMARY KEY, body bytea NOT NULL)"])
        self.floor = subprocess.Popen(
            [str(self.programs / "kesher-bench-floor"), "--config", str(self.config), "--signer", str(signer),
             "--database", conninfo, "--threads", str(THREADS)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log)
        ports = {}
        while (line := self.floor.stdout.readline().decode()) != "ready\n":
            assert line, "the floor did not start"
            name, port = line.split()
            ports[name] = port
        return f"{self.floor.pid}:{ports['messages']}:{ports['local']}"

    def __exit__(self, *how):
        if self.floor is not None:
            self.floor.stdin.close()
            self.floor.wait(timeout=30)
            self._psql(f"DROP DATABASE IF EXISTS {self.floor_database} WITH (FORCE)")
        super().__exit__(*how)

    def setting(self, name):
        return run(["psql", "--no-psqlrc", "--tuples-only", "--no-align", "--dbname", self.conninfo("kesher_hub"),
                    "--command", f"SHOW {name}"]).strip()

    def database_pid(self):
        data = run(["psql", "--no-psqlrc", "--tuples-only", "--no-align", "--dbname", self.cluster, "--command",
                    "SHOW data_directory"]).strip()
        return (pathlib.Path(data) / "postmaster.pid").read_text().split("\n")[0]


def machine():
    cpu = pathlib.Path("/proc/cpuinfo").read_text()
    model = next((line.split(":")[1].strip() for line in cpu.split("\n") if line.startswith("model name")), "unknown")
    load = pathlib.Path("/proc/loadavg").read_text().split()[0]
    return f"{cpu.count('processor' + chr(9))} cores of {model}; load before: {load}"


def main():
    build, rounds = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "3"
    before = machine()
    with BenchExchange(build) as exchange:
        department, health = exchange.enrol(("ssd-5000", "PUBLIC_BODY", "W1", "SOCIAL_WORKER"),
                                            ("health", "PUBLIC_BODY", "C1", "CASEWORKER"))
        exchange.agree(department, health, "referral.submitted.v1,referral.event.v1", "TREATMENT,STATUS_FEEDBACK",
                       "HEALTH")
        floor = exchange.start_floor(department.directory / "signing.pem")
        hub = f"{exchange.hub.pid}:{exchange.ports['organisations']}:{exchange.ports['local']}"
        settings = {name: exchange.setting(name) for name in ("fsync", "synchronous_commit", "full_page_writes")}
        assert set(settings.values()) == {"on"}, settings
        print(time.strftime("%Y-%m-%d"), "·", before, "· PostgreSQL with", ", ".join(f"{k} on" for k in settings),
              flush=True)
        subprocess.run([str(exchange.programs / "kesher-bench-exchange"), "--folder", str(department.directory),
                        "--officer", "W1", "--recipient", "health", "--floor", floor, "--hub", hub,
                        "--database-pid", exchange.database_pid(), "--rounds", rounds], check=True)
        exchange.stop()


if __name__ == "__main__":
    main()
