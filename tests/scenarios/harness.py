"""An exchange of our own for one scenario: a fresh database, kesher-hub on free ports of this machine,
organisations enrolled with the programs that an installation has. Python's standard library alone.

Everything started here is ended here, by its own process id; everything lies below one temporary folder.
"""
import http.client
import json
import os
import pathlib
import secrets
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

SOURCE = pathlib.Path(__file__).resolve().parents[2]
PATIENCE = 30  # seconds for any one program
SAFETY_FLAGS = ("contact-prohibited,safe_channel,safe_hours,no_voicemail,neutral_name,do_not_notify_family,"
                "address_confidential")


class Refused(AssertionError):
    """A program said something else than the scenario expects."""


class Overheard:
    """What was said beside the answers that a scenario asks for, kept where its calls are made: what programs wrote to
    standard error, how they said no, and the problems that the hub answered to clients of ours. Searched by stage.py.
    """

    def __init__(self):
        self.texts = []  # (who said it and where, bytes)

    def keep(self, place, said):
        if said:
            self.texts.append((place, said))

    def of(self, *kinds):
        """All that was said at places of these kinds, by its place; parts of one place stand below one another."""
        found = {}
        for place, said in self.texts:
            if place.startswith(kinds):
                found[place] = found.get(place, b"") + said + b"\n"
        return found


overheard = Overheard()  # of all calls of the one scenario that this process plays
STDERR, SAID_NO, PROBLEM = "standard error of ", "a refusal printed by ", "a problem answered to "


def run(command, expect=0, patience=PATIENCE, **more):
    """Runs one program to its end; its standard output. Any other exit code than `expect` is a failure."""
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          timeout=patience, **more)
    name = pathlib.Path(command[0]).name
    overheard.keep(STDERR + name, done.stderr)
    if done.returncode != 0:
        overheard.keep(SAID_NO + name, done.stdout)
    if done.returncode != expect:
        raise Refused(f"{' '.join(map(str, command))}\n  ended with {done.returncode}, not {expect}\n"
                      f"{done.stdout.decode(errors='replace')}{done.stderr.decode(errors='replace')}")
    return done.stdout.decode()


def ask(connection, method, path, body=None, headers=None):
    """One call by a client that is none of ours: (status, bytes). How it was refused is overheard."""
    try:
        connection.request(method, path, body=body, headers=headers or {})
        answer = connection.getresponse()
        said = answer.read()
    finally:
        connection.close()
    if answer.headers.get_content_type() == "application/problem+json":
        overheard.keep(PROBLEM + method, said)
    return answer.status, said


def free_ports(count):
    """Ports that nobody listens on; bound together, so that no two are the same."""
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in held]
    for each in held:
        each.close()
    return ports


class Organisation:
    """One enrolled body: its key directory and who acts for it."""

    def __init__(self, exchange, name, officer=None, role=None):
        self.exchange = exchange
        self.name = name
        self.directory = exchange.folder / name
        self.officer = officer
        self.role = role
        self.root = None

    def ctl(self, *words, expect=0):
        """kesherctl --json; what it printed, as an object."""
        actor = ["--actor", self.officer, "--role", self.role] if self.officer else []
        text = run([self.exchange.programs / "kesherctl", "--dir", self.directory, "--json", *actor, *words], expect)
        answer = json.loads(text)
        assert answer["holds"] == (expect == 0), answer
        return answer

    def refused(self, code, *words):
        """The same, where it must be refused with this code."""
        answer = self.ctl(*words, expect=1)
        assert answer["refused"] == code, answer
        return answer

    def adapter(self, *words, expect=0):
        return json.loads(run([self.exchange.programs / "kesher-adapter", "--dir", self.directory, "--json", *words],
                              expect))

    def pinned_log(self):
        return json.loads((self.directory / "hub.json").read_text())["log"]

    def _hub(self):
        """How its certificate speaks to the hub, and where that is."""
        pins = json.loads((self.directory / "hub.json").read_text())
        context = ssl.create_default_context(cadata=pins["ca"])
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.load_cert_chain(self.directory / "tls.pem", self.directory / "tls.key")
        host, port = pins["url"].removeprefix("https://").split(":")
        return context, host, int(port)

    def line(self, resumed_from=None):
        """A connection that stays open; `resumed_from` an earlier one's TLS session, without a new handshake."""
        context, host, port = self._hub() if resumed_from is None else resumed_from.made_by
        socket_ = context.wrap_socket(socket.create_connection((host, port), PATIENCE), server_hostname=host,
                                      session=None if resumed_from is None else resumed_from.session)
        connection = http.client.HTTPConnection(host, port)
        connection.sock = socket_
        connection.made_by = context, host, port
        connection.was_resumed = socket_.session_reused
        return connection

    def request(self, method, path, body=None, content_type=None):
        """One call with this body's certificate, by a client that is none of ours: (status, bytes)."""
        context, host, port = self._hub()
        connection = http.client.HTTPSConnection(host, port, context=context, timeout=PATIENCE)
        return ask(connection, method, path, body, {"Content-Type": content_type} if content_type else {})

    def log_records(self):
        """Every leaf's record, as an auditor reads them from the entry bundles."""
        return [json.loads(leaf.split(b"\n")[1]) for leaf in self.log_entries()]

    def log_entries(self):
        """Every leaf as it was hashed, by its index."""
        status, note = self.request("GET", "/log/checkpoint")
        assert status == 200
        size = int(note.decode().split("\n")[1])
        leaves = []
        for bundle in range((size + 255) // 256):
            width = min(256, size - bundle * 256)
            partial = "" if width == 256 else f".p/{width}"
            status, body = self.request("GET", f"/log/tile/entries/{bundle:03d}{partial}")
            assert status == 200, (status, body)
            while body:
                length = int.from_bytes(body[:2], "big")
                leaves.append(body[2:2 + length])
                body = body[2 + length:]
        assert len(leaves) == size
        return leaves


class RunningAdapter:
    """kesher-adapter run for one organisation: a process of its own, killed and started again at will."""

    def __init__(self, organisation, settings):
        self.organisation = organisation
        self.programs = organisation.exchange.programs
        self.config = organisation.directory / "adapter.toml"
        self.config.write_text(settings)
        self.journal = organisation.directory / "journal.sqlite"
        self.log = organisation.exchange.folder / f"{organisation.name}.log"
        self.process = None

    def command(self, *more):
        return [str(self.programs / "kesher-adapter"), "run", "--config", str(self.config), *more]

    def start(self):
        """Starts it and waits until its loop says so."""
        begin = self.log.stat().st_size if self.log.exists() else 0
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(self.command(), stdout=log, stderr=log)
        self.wait_for_line("adapter_started", begin)
        return self

    def wait_for_line(self, event, begin=0):
        def said():
            if self.process.poll() is not None:
                raise Refused(f"the adapter of {self.organisation.name} ended:\n{self.log.read_text()}")
            return f'"event":"{event}"'.encode() in self.log.read_bytes()[begin:]
        wait_until(said, f"{self.organisation.name}: {event}")

    def once(self, expect=0):
        """Turns until nothing is due; what it said."""
        with open(self.log, "ab") as log:
            done = subprocess.run(self.command("--once"), stdout=subprocess.PIPE, stderr=log, timeout=PATIENCE)
        said = done.stdout.decode()
        overheard.keep(STDERR + "kesher-adapter run --once, and its output", done.stdout)
        if done.returncode != expect:
            raise Refused(f"--once of {self.organisation.name} ended with {done.returncode}: {said}"
                          f"{self.log.read_text()[-2000:]}")
        return said

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        """SIGTERM; it must end in order, and soon. How long it took."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=PATIENCE)
        if code != 0:
            raise Refused(f"the adapter of {self.organisation.name} ended with {code}:\n{self.log.read_text()}")
        return time.monotonic() - began

    @property
    def runs(self):
        return self.process is not None and self.process.poll() is None


class OwnCluster:
    """`with OwnCluster() as cluster:` a PostgreSQL of the scenario's own, so that it may be killed."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="kesher-cluster-"))

    def __enter__(self):
        try:
            self.start()
            return self
        except BaseException:
            self.__exit__(None, None, None)
            raise

    def __exit__(self, *_):
        run([SOURCE / "deployment/postgres/cluster", "remove", self.folder])
        shutil.rmtree(self.folder)

    def start(self):
        """Also after a kill: as a service manager does it, again until the last of the old processes is gone."""
        def started():
            done = subprocess.run([SOURCE / "deployment/postgres/cluster", "start", self.folder],
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=PATIENCE)
            return done.stdout.decode().strip() if done.returncode == 0 else None
        self.conninfo = wait_until(started, "PostgreSQL runs")

    def postmaster(self):
        data = pathlib.Path((self.folder / "place").read_text().strip()) / "data"
        return int((data / "postmaster.pid").read_text().split("\n")[0])

    def processes(self):
        """What the postmaster started: one for each session, and those of its own."""
        children = pathlib.Path(f"/proc/{(first := self.postmaster())}/task/{first}/children")
        return [int(each) for each in children.read_text().split()]

    def kill_one(self, choose):
        """SIGKILL to one process of PostgreSQL: the postmaster ends all others and recovers by itself."""
        os.kill(choose(self.processes()), signal.SIGKILL)

    def kill(self, whole):
        """SIGKILL to the postmaster, and with `whole` to all that it started: nothing is written any more."""
        first = self.postmaster()
        doomed = [first, *(self.processes() if whole else [])]
        for each in doomed:
            try:
                os.kill(each, signal.SIGKILL)
            except ProcessLookupError:
                pass  # a session that ended meanwhile
        wait_until(lambda: not pathlib.Path(f"/proc/{first}").exists(), "the postmaster is gone")


class Exchange:
    """`with Exchange(build) as exchange:` a hub that runs, with its operator enrolled.

    On the cluster that all scenarios share, or on `cluster`, the scenario's own.
    """

    def __init__(self, build, cluster=None):
        self.programs = pathlib.Path(build) / "bin"
        self.cluster_folder = cluster.folder if cluster else pathlib.Path(build) / "postgres"
        self.cluster = (self.cluster_folder / "conninfo").read_text().strip()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="kesher-scenario-"))
        self.database = "scenario_" + secrets.token_hex(8)
        self.config = self.folder / "kesher.toml"
        self.hub = None
        self.adapters = []
        self.log = open(self.folder / "hub.log", "ab")

    def __enter__(self):
        try:
            self._write_settings()
            self._initialise()
            self.start()
            self.operator = Organisation(self, "operator")
            self.operator.root = self.operator.ctl("enrol", "--token-file", self.folder / "operator.token")["root"]
            return self
        except BaseException:
            self.__exit__(None, None, None)
            raise

    def __exit__(self, kind, *_):
        for adapter in self.adapters:
            if adapter.runs:
                adapter.kill()
            if kind is not None and adapter.log.exists():
                print(f"--- {adapter.log.name}\n{adapter.log.read_text(errors='replace')[-3000:]}")
        if self.hub is not None and self.hub.poll() is None:
            self.kill()
        self.log.close()
        if kind is not None:
            print(f"--- hub.log\n{(self.folder / 'hub.log').read_text(errors='replace')[-4000:]}")
        self._psql(f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")
        shutil.rmtree(self.folder)

    def _psql(self, text):
        run(["psql", "--no-psqlrc", "--quiet", "--dbname", self.cluster, "--command", text])

    def rows(self, text):
        """What a query answers to the superuser: a list of lists of texts."""
        said = run(["psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--field-separator", "\t",
                    "--dbname", self.conninfo("postgres"), "--command", text])
        return [line.split("\t") for line in said.splitlines()]

    def conninfo(self, role):
        return f"{self.cluster} dbname={self.database} user={role}"

    def _write_settings(self):
        for name in ("state", "save"):
            (self.folder / name).mkdir()
        passphrase = self.folder / "passphrase"
        passphrase.write_text(secrets.token_hex(16) + "\n")
        passphrase.chmod(0o600)
        names = ("organisations", "officers", "newcomers", "person", "local")
        self.ports = dict(zip(names, free_ports(len(names))))
        text = '[hub]\nname = "hub.example"\n'
        for name, port in self.ports.items():
            host = "" if name == "local" else 'host = "localhost"\n'
            text += f'[listeners.{name}]\naddress = "127.0.0.1"\nport = {port}\n{host}'
        text += (f'[database]\nconninfo = "{self.conninfo("kesher_hub")}"\nreaders = 4\n'
                 f'[keys]\ndirectory = "{self.folder}/keys"\npassphrase_file = "{passphrase}"\n'
                 f'[release]\nspread = "0s"\n'
                 f'[state]\ncheckpoint_file = "{self.folder}/state/checkpoint"\n')
        self.config.write_text(text)

    def _initialise(self):
        return run([self.programs / "kesher-hub", "--config", self.config, "--init", "--superuser", self.cluster,
             "--owner", self.conninfo("kesher_owner"), "--database", self.database,
             "--operator-token", self.folder / "operator.token"])

    def start(self):
        """Starts the hub and waits until it says that it is ready."""
        self.hub = subprocess.Popen([str(self.programs / "kesher-hub"), "--config", str(self.config)],
                                    stdout=subprocess.PIPE, stderr=self.log)
        until = time.monotonic() + PATIENCE
        while (line := self.hub.stdout.readline().decode()) != "ready\n":
            if not line or time.monotonic() > until:
                raise Refused(f"the hub did not start:\n{(self.folder / 'hub.log').read_text()}")

    def kill(self):
        """SIGKILL to the hub's own process: nothing of it is put in order."""
        self.hub.kill()
        self.hub.wait()
        self._hear_the_rest()

    def stop(self):
        """Ends the hub in order, and demands that it does."""
        self.hub.send_signal(signal.SIGTERM)
        code = self.hub.wait(timeout=PATIENCE)
        self._hear_the_rest()
        if code != 0:
            raise Refused(f"the hub ended with {code}:\n{(self.folder / 'hub.log').read_text()}")

    def _hear_the_rest(self):
        """What it printed after `ready`; what it said on standard error is hub.log."""
        overheard.keep(STDERR + "kesher-hub, and its output", self.hub.stdout.read())
        self.hub.stdout.close()

    def await_ready(self):
        """The hub itself says that it signs, writes and reads; it was not started again for it."""
        def ready():
            if self.hub.poll() is not None:
                raise Refused(f"the hub ended by itself:\n{(self.folder / 'hub.log').read_text()[-3000:]}")
            try:
                return self.ask_locally("/readyz")[0] == 200
            except OSError:
                return False
        wait_until(ready, "the hub is ready again")

    def enrol(self, *bodies):
        """(name, kind, officer, role)...: each adds itself by a token and is confirmed by its root."""
        def one(body):
            name, kind, officer, role = body
            organisation = Organisation(self, name, officer, role)
            token = self.folder / f"{name}.token"
            self.operator.ctl("org", "add", name, "--kind", kind, "--token-file", token)
            # Read over another channel: printed at the body's own premises, typed in by the operator.
            organisation.root = organisation.adapter("init", "--token-file", token)["root"]
            self.operator.ctl("org", "confirm", name, "--root", organisation.root)
            if officer:
                organisation.ctl("officer", "put", "--id", officer, "--role", role,
                                 "--training-valid-until", day_from_now(365))
                # Until an adapter runs for it and says what its own native side keeps.
                organisation.ctl("profile", "declare", "--honours", SAFETY_FLAGS)
            return organisation
        with ThreadPoolExecutor(2) as at_once:
            return list(at_once.map(one, bodies))

    def agree(self, one, other, types, purposes, groups):
        """An agreement of two bodies with its four approvals, each made in its own directory."""
        def act(body, their, verb, role, *words):
            answer = body.adapter("agreement", verb, "--with", their.name, "--their-root", their.root,
                                  "--root-key", body.directory / "root.key", "--role", role,
                                  "--approver", f"{role[:1]}1", *words)
            return answer["document"]
        terms = ["--types", types, "--purposes", purposes, "--groups", groups,
                 "--from", day_from_now(0), "--to", day_from_now(364)]
        proposal = act(one, other, "propose", "LEGAL_ADVISER", *terms)
        handed_over = self.folder / "proposal.json"
        handed_over.write_bytes(pathlib.Path(proposal).read_bytes())
        for body, their in ((one, other), (other, one)):
            for role in ("LEGAL_ADVISER", "SECURITY_OFFICER"):
                act(body, their, "approve", role, "--proposal", handed_over)

    def adapter(self, organisation, settings):
        """An adapter that is to run for this organisation; `settings` is its file."""
        self.adapters.append(RunningAdapter(organisation, settings))
        return self.adapters[-1]

    def ask_locally(self, path):
        return ask(http.client.HTTPConnection("127.0.0.1", self.ports["local"], timeout=PATIENCE), "GET", path)

    def metrics(self):
        return self.ask_locally("/metrics")[1]

    # ---- judges that are not ours, and kesher-verify ----
    def verify_receipt(self, saved, organisation):
        """kesher-verify and a bash script with openssl say that the saved leaf is in the log."""
        log = json.loads((organisation.directory / "hub.json").read_text())["log"]
        leaf, proof = saved / "leaf", saved / "receipt.tlog-proof"
        run([self.programs / "kesher-verify", "receipt", "--leaf", leaf, "--proof", proof, "--log-key", log])
        run([SOURCE / "tests/referees/check-receipt-with-openssl.sh", leaf, proof, log])
        return json.loads(leaf.read_text().split("\n")[1])

    def verify_statement(self, saved):
        """npm jose reads the statement with the signer's certificate; its claims."""
        node = SOURCE / "tests/referees/node_modules/.bin/node"
        return json.loads(run([node, SOURCE / "tests/referees/statement.mjs", saved / "statement.jws",
                               saved / "signer.pem"]))

    def dump(self):
        """The whole database as an operator with all rights would copy it."""
        return run(["pg_dump", "--dbname", self.conninfo("postgres")])


def wait_until(holds, what, patience=PATIENCE):
    """Looks every tenth of a second until it holds, and gives what it gave."""
    until = time.monotonic() + patience
    while not (found := holds()):
        if time.monotonic() > until:
            raise Refused(f"within {patience} s it did not come to: {what}")
        time.sleep(0.1)
    return found


def day_from_now(days):
    return time.strftime("%Y-%m-%d", time.gmtime(time.time() + days * 86_400))
