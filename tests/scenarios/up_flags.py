"""deployment/up before and beside the story: what it refuses, what it asks an administrator for, what --reset takes away and
what --database leaves alone. The story itself is story.sh's.

    up_flags.py BUILD_FOLDER      needs no cluster: it makes its own
Each step says in a line what now holds; the first that does not ends the scenario with exit code 1.
"""
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse

from harness import PATIENCE, SOURCE, OwnCluster, run

UP = SOURCE / "deployment/up"
OURS = {"kesher_owner", "kesher_hub", "kesher_retention"}
began = time.monotonic()


def holds(sentence):
    print(f"{time.monotonic() - began:5.1f} s  {sentence}", flush=True)


def script(path, text):
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(0o755)


def free_row(count):
    """The first of so many ports in a row that nobody listens on."""
    for base in range(30_000 + os.getpid() % 300 * count, 32_700, count):
        try:
            for each in [socket.create_server(("127.0.0.1", base + n)) for n in range(count)]:
                each.close()
            return base
        except OSError:
            continue
    raise AssertionError("no ports are free")


class Demo:
    """deployment/up with a folder, ports and programs of its own."""

    def __init__(self, build):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="kesher-up-"))
        self.var = self.folder / "var של הדגמה, ב"  # as somebody may call a folder
        self.programs = pathlib.Path(build).resolve() / "bin"
        self.base = free_row(8)
        # Programs that do nothing but fail: what is judged comes before the first of them, and it ends there.
        self.no_programs = self.folder / "no-programs"
        self.no_programs.mkdir()
        for name in ("kesher-hub", "kesher-adapter", "kesherctl", "kesher-verify"):
            script(self.no_programs / name, "echo a program that does nothing >&2; exit 1\n")

    def end(self):
        for var in self.folder.glob("var*"):
            if (var / "postgres/place").exists():
                run([SOURCE / "deployment/postgres/cluster", "remove", var / "postgres"])
        shutil.rmtree(self.folder)

    def command(self, *flags):
        return [str(each) for each in (UP, "--no-install", "--port-base", self.base, *flags)]

    def environment(self, var=None):
        return os.environ | {"KESHER_VAR": str(var or self.var)}

    def ends(self, code, *flags, var=None, plain=False):
        """It ends with this code; what it said. Without `plain`, with the programs that fail."""
        flags = flags if plain else ("--programs", self.no_programs, *flags)
        done = subprocess.run(self.command(*flags), env=self.environment(var), stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=PATIENCE)
        said = done.stdout.decode()
        assert done.returncode == code, f"{flags} ended with {done.returncode}, not {code}:\n{said}"
        return said

    def refuses(self, sentence, *flags, var=None):
        said = self.ends(1, *flags, var=var)
        assert "STOPPED: " in said and sentence in said, said

    def stops_at_the_first_program(self, *flags):
        said = self.ends(1, *flags)
        assert "a program that does nothing" in said and "the hub could not be initialised" in said, said

    def raise_until_bodies_stand(self, *flags):
        """With true programs, until the first body is there; then it is told to end."""
        with open(self.folder / "told", "wb") as told:
            up = subprocess.Popen(self.command("--programs", self.programs, *flags), env=self.environment(), stdout=told,
                                  stderr=told)
        try:
            until = time.monotonic() + PATIENCE
            while "operator enrolled" not in (said := (self.folder / "told").read_text()):
                assert up.poll() is None and time.monotonic() < until, said
                time.sleep(0.05)
            for more in ((), ("--reset",)):
                self.refuses(f"already works in {self.var}, as process {up.pid}", *more, *flags)
            assert up.poll() is None, said
        finally:
            up.send_signal(signal.SIGTERM)
            code = up.wait(PATIENCE)
        assert code == 128 + signal.SIGTERM, code
        self.nobody_listens()

    def nobody_listens(self):
        for port in range(self.base, self.base + 10):
            with socket.socket() as caller:
                assert caller.connect_ex(("127.0.0.1", port)) != 0, f"somebody still listens on port {port}"


# ---- flags ----
def refuse_flags(demo):
    wrong = (["--never"], ["once"], ["--evidence"], ["--database"], ["--programs"], ["--programs", demo.folder / "nowhere"],
             ["--port-base"], ["--port-base", "443"], ["--port-base", "08440"], ["--port-base", "65527"],
             ["--port-base", "99999"], ["--once", "--port-base", "a"])
    for flags in wrong:
        said = demo.ends(2, *flags, plain=True)
        for flag in ("--once", "--evidence", "--port-base", "--database", "--reset", "--no-install", "--programs"):
            assert flag in said, said
    assert not demo.var.exists()
    holds(f"{len(wrong)} command lines that say nothing clear end with the list of flags, and nothing is made")


def refuse_what_is_not_there(demo):
    (demo.no_programs / "kesher-verify").rename(demo.folder / "aside")
    demo.refuses(f"there is no kesher-verify in {demo.no_programs}")
    (demo.folder / "aside").rename(demo.no_programs / "kesher-verify")
    for secret in ("postgresql://postgres:swordfish@localhost/postgres", "host=localhost password=swordfish"):
        said = demo.ends(1, "--reset", "--database", secret)
        assert "no password in --database" in said and "swordfish" not in said, said
    assert not demo.var.exists()
    demo.refuses("cannot be entered", "--database", f"host={demo.folder} user=postgres")
    assert not (demo.var / "pgpass").exists()
    shutil.rmtree(demo.var)
    demo.nobody_listens()
    holds("missing programs, a password on the command line and a server that is not there are named, and nothing is left running")


def leave_a_strangers_folder(demo):
    strange = demo.folder / "var-of-somebody"
    strange.mkdir()
    strange.chmod(0o755)
    (strange / "letter").write_text("not the demo's\n")
    (strange / "postgres").mkdir()
    cluster = SOURCE / "deployment/postgres/cluster"
    conninfo = run([cluster, "start", strange / "postgres"]).strip()
    before = sorted(strange.rglob("*"))
    for flags in ((), ("--reset",)):
        demo.refuses("holds what this command did not make", *flags, var=strange)
    assert (strange / "letter").read_text() == "not the demo's\n" and strange.stat().st_mode & 0o777 == 0o755
    assert run(["psql", "--no-psqlrc", "--tuples-only", "--no-align", "--dbname", conninfo, "--command", "SELECT 1"]).strip() == "1"
    assert sorted(strange.rglob("*")) == before
    run([cluster, "remove", strange / "postgres"])
    shutil.rmtree(strange / "postgres")
    (strange / "postgres").mkdir()  # one that is no cluster
    demo.refuses("holds what this command did not make", var=strange)
    assert not any((strange / "postgres").iterdir()), list((strange / "postgres").iterdir())
    holds("a folder that holds something of somebody else is neither shut, used nor thrown away, with --reset or without, "
          "and a PostgreSQL in it runs on")


def leave_what_is_no_evidence(demo):
    """What --evidence names is judged before anything is made, so nothing here gets as far as a program."""
    def refuses(sentence, folder, var=None):
        said = demo.ends(2, "--evidence", folder, var=var)
        assert sentence in said, said

    strange = demo.folder / "photographs"
    strange.mkdir()
    for names in (["letter"], ["letter", "SHA256SUMS"], ["letter", "SHA256SUMS", "log.vkey"]):
        for name in names:
            (strange / name).write_text("" if name == "log.vkey" else "not the demo's\n")
        refuses("no evidence of an earlier play", strange)
        assert sorted(each.name for each in strange.iterdir()) == sorted(names)
    refuses("no evidence of an earlier play", strange / "letter")
    for folder in ("/", SOURCE.parent, SOURCE, SOURCE / "deployment/.."):
        refuses("that is, or holds, ", folder)
    refuses("no evidence of an earlier play", SOURCE / "gateway")
    refuses("where the stage is", demo.var / "postgres")
    for folder in (demo.folder, demo.var):
        refuses("that is, or holds, ", folder)
    shortcut = demo.folder / "shortcut"
    shortcut.symlink_to(SOURCE)
    refuses("that is, or holds, ", shortcut)
    # The record of the play under way looks like evidence.
    record = demo.folder / "var-with-record/record"
    record.mkdir(parents=True)
    earlier = demo.folder / "earlier"
    earlier.mkdir()
    for place in (record, earlier):
        for name in ("SHA256SUMS", "log.vkey"):
            (place / name).write_text("of an earlier play\n")
    refuses("where the stage is", record, var=record.parent)
    assert not demo.var.exists() and not (SOURCE / "evidence-of-today").exists()
    assert not [each for each in (*demo.folder.iterdir(), *SOURCE.parent.iterdir()) if each.name.startswith(
        ("photographs.", f"{SOURCE.name}.2"))]
    (demo.no_programs / "kesher-verify").rename(demo.folder / "aside")
    empty = demo.folder / "empty"
    empty.mkdir()
    for folder in (empty, demo.folder / "new", earlier, SOURCE / "evidence-of-today",
                   demo.var / "evidence"):  # as far as the programs
        demo.refuses(f"there is no kesher-verify in {demo.no_programs}", "--evidence", folder)
    (demo.folder / "aside").rename(demo.no_programs / "kesher-verify")
    assert len(list(earlier.iterdir())) == 2
    holds("--evidence takes a new folder, an empty one or an earlier play's; any other, the repository, and what holds it or is of "
          "the stage, is named and stays as it is")


def stand_in_a_deep_folder(demo):
    """A socket's path may have 107 bytes; a Hebrew letter has two."""
    deep = pathlib.Path(tempfile.mkdtemp(prefix="kesher-up-")) / ("מסד הנתונים " + "א" * 25)
    deep.parent.chmod(0o711)
    deep.mkdir()
    cluster = SOURCE / "deployment/postgres/cluster"
    try:
        for folder in (deep, deep.parent / "מסד ב", deep.parent / "מסד, ג"):
            folder.mkdir(exist_ok=True)
            conninfo = run([cluster, "start", folder]).strip()
            short = conninfo.split("'")[1]
            assert len(os.fsencode(f"{short}/.s.PGSQL.5432")) <= 107, short
            said = run(["psql", "--no-psqlrc", "--tuples-only", "--no-align", "--dbname", conninfo, "--command", "SELECT 1"])
            assert said.strip() == "1"
            run([cluster, "remove", folder])
            assert not os.path.exists(short)
    finally:
        for folder in deep.parent.iterdir():
            run([cluster, "remove", folder])
        shutil.rmtree(deep.parent)
    holds("a PostgreSQL stands in folders with Hebrew letters, blanks and commas, however long, and leaves no socket behind")


def number_the_plays(demo):
    """story.sh's own counting: the files of a day, and the forms of all days."""
    var = demo.folder / "var-of-plays"
    var.mkdir()
    today = time.strftime("%Y%m%d", time.gmtime())

    def counted():
        said = subprocess.run(["bash", "-euc", '. deployment/demo/story.sh; fail() { echo "$*"; exit 1; }; count_play; '
                               'echo "$runs $first"'], cwd=SOURCE, env=os.environ | {"var": str(var)}, stdout=subprocess.PIPE)
        return said.stdout.decode().strip()

    assert [counted() for _ in range(3)] == ["1 0", "2 20", "3 40"]
    (var / "runs-of-the-day").unlink()
    assert counted() == "4 60", "a stage of before, played today"
    (var / "runs-of-the-day").write_text("20260101 21\n")
    (var / "runs").write_text("90\n")
    assert [counted() for _ in range(2)] == ["91 0", "92 20"]
    for plays, said in ((20, "93 400"), (21, "the demo was played twenty-one times today")):
        (var / "runs-of-the-day").write_text(f"{today} {plays}\n")
        assert counted().startswith(said), said
    (var / "runs-of-the-day").unlink()
    os.utime(var / "runs", (1e9, 1e9))
    assert counted() == "94 0", "a stage of before, played on another day"
    holds("a day's files begin anew with each day, and the forms' numbers go on")


# ---- packages, without root ----
def ask_an_administrator(demo):
    """A copy of deployment/ that nobody owns; Debian's database and sudo as they are where two packages are wanting."""
    place = demo.folder / "of-nobody"
    commands = place / "commands"
    commands.mkdir(parents=True)
    shutil.copytree(SOURCE / "deployment", place / "deployment")
    script(commands / "dpkg-query", 'for package; do :; done\ncase $package in openssl) exit 1 ;;\n'
           'libssl3) printf "installed 3.0.2" ;; *) printf "installed 1:999" ;; esac\n')
    for name, answer in (("sudo", 1), ("npm", 0), ("apt-get", 0)):
        script(commands / name, f'echo "{name} $*" >>"{place}/called"\nexit {answer}\n')
    as_nobody = []
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        for path in (place, *place.rglob("*")):
            os.chown(path, nobody.pw_uid, nobody.pw_gid)
        demo.folder.chmod(0o711)
        as_nobody = ["setpriv", "--reuid", "nobody", "--regid", str(nobody.pw_gid), "--clear-groups"]
    environment = os.environ | {"PATH": f"{commands}:{os.environ['PATH']}", "TMPDIR": str(place), "HOME": str(place)}
    environment.pop("KESHER_VAR", None)
    done = subprocess.run([*as_nobody, str(place / "deployment/up"), "--once"], env=environment, cwd=place,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=PATIENCE)
    said = done.stderr.decode()
    assert done.returncode == 1, said
    assert ("These packages are missing or too old. An administrator runs:\n"
            "  apt-get update && apt-get install -y --no-install-recommends openssl libssl3\n") in said, said
    assert "STOPPED: Debian did not succeed" in said, said
    assert (place / "called").read_text() == "sudo -n true\n", (place / "called").read_text()
    assert not (place / "var").exists()
    holds("without root it prints the exact line for an administrator, of what is missing and what is too old, and stops")


def install_what_is_safe(demo):
    """As root, of a mirror that has one package, but no newer one of another, and a third not at all."""
    place = demo.folder / "of-a-mirror"
    commands = place / "commands"
    commands.mkdir(parents=True)
    shutil.copytree(SOURCE / "deployment", place / "deployment")
    (place / "deployment/packages.some").write_text("had\nold 3.0.11\ngone\nnew 2.0\n")
    for name in ("id", "mkdir", "tee", "sudo"):
        script(commands / name, "cat >/dev/null 2>&1 </dev/null; echo 0\n")
    script(commands / "apt-get", f'[ "$1" = update ] || touch "{place}/installed"\n')

    def installs(code, *sentences, gone, old):
        script(commands / "dpkg-query", 'for package; do :; done\n'
               f'[ -e "{place}/installed" ] && after=1 || after=0\n'
               'case $package in had) printf "installed 1" ;;\n'
               f'old) [ ${{after}}{old} = 1newer ] && printf "installed 1:3.0.11-1" || printf "installed 3.0.2" ;;\n'
               f'gone) [ ${{after}}{gone} = 1there ] && printf "installed 1" || exit 1 ;;\n'
               'new) [ $after = 1 ] && printf "installed 2.0" || exit 1 ;; esac\n')
        (place / "installed").unlink(missing_ok=True)
        done = subprocess.run([str(place / "deployment/install"), "some"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              env=os.environ | {"PATH": f"{commands}:{os.environ['PATH']}"}, timeout=PATIENCE)
        said = done.stderr.decode()
        assert done.returncode == code and said == "".join(f"{each}\n" for each in sentences), (done.returncode, said)

    too_old = "older than is safe, and nothing newer is to be had: old"
    installs(0, gone="there", old="newer")
    installs(1, too_old, gone="there", old="same")
    installs(1, "could not install: gone", gone="never", old="newer")
    installs(1, "could not install: gone", too_old, gone="never", old="same")
    holds("what is missing or older than is safe after the installing is named, and the installer fails")


# ---- tests/run, of which up_flags.py tells what holds when it is ended ----
def end_a_measurement(demo):
    """Ctrl-C at tests/run bench, and a fault in it: a copy with programs that do nothing, and a cluster that notes its orders."""
    place = demo.folder / "of-a-bench"
    for folder in ("commands", "tests", "deployment/postgres"):
        (place / folder).mkdir(parents=True)
    shutil.copy(SOURCE / "tests/run", place / "tests/run")
    script(place / "deployment/postgres/cluster", f'echo "$*" >>"{place}/called"\n'
           'case $1 in start) mkdir -p "$2"; touch "$2/conninfo" ;; stop) rm "$2/conninfo" ;; esac\n')
    script(place / "commands/cmake", "exit 0\n")
    environment = os.environ | {"PATH": f"{place}/commands:{os.environ['PATH']}", "KESHER_NO_INSTALL": "1"}
    for told, code, measures in ((signal.SIGINT, 130, "exec sleep 60"), (signal.SIGTERM, 143, "exec sleep 60"),
                                 (None, 3, "exit 3")):
        (place / "called").unlink(missing_ok=True)
        script(place / "commands/python3", f'touch "{place}/measuring"\n{measures}\n')
        bench = subprocess.Popen([str(place / "tests/run"), "bench"], env=environment, cwd=place, start_new_session=True,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + PATIENCE
        while not (place / "measuring").exists():
            assert time.monotonic() < until
            time.sleep(0.02)
        if told:
            os.killpg(bench.pid, told)
        assert bench.wait(PATIENCE) == code, bench.returncode
        assert (place / "called").read_text() == "start build/release/postgres\nstop build/release/postgres\n"
        (place / "measuring").unlink()
    holds("a measurement that is ended by Ctrl-C, SIGTERM or its own fault leaves no PostgreSQL running")


# ---- --reset ----
def reset(demo):
    shutil.rmtree(demo.var, ignore_errors=True)
    demo.stops_at_the_first_program()
    place = pathlib.Path((demo.var / "postgres/place").read_text().strip())
    assert (place / "data/PG_VERSION").exists() and not (place / "data/postmaster.pid").exists()
    (demo.folder / "beside").write_text("not the demo's\n")
    nowhere = ("--database", "host=/nowhere user=postgres")
    demo.refuses("stands on a PostgreSQL of its own", *nowhere)
    assert (demo.var / "hub.toml").exists() and (place / "data/PG_VERSION").exists(), "what was there is gone without --reset"
    # A server that is not there ends it as soon as the old is gone.
    demo.refuses("cannot be entered", "--reset", *nowhere)
    assert not (demo.var / "postgres").exists() and not (demo.var / "hub.toml").exists()
    assert not (place / "data").exists(), "the old database is still there"
    assert (demo.folder / "beside").read_text() == "not the demo's\n"
    demo.nobody_listens()
    holds("--reset takes away the demo's own PostgreSQL with its folder and nothing beside it; without it all of that stays")


# ---- --database ----
class Server:
    """A server of somebody else's, with a database of his, whose superuser the demo is told."""

    def __init__(self, cluster):
        self.superuser = cluster.conninfo
        place = urllib.parse.quote(self.superuser.split("'")[1], safe="")
        self.url = f"postgresql:///registry?host={place}&user=postgres"
        self.sql("CREATE ROLE registrar LOGIN")
        self.sql("CREATE DATABASE registry OWNER registrar")
        self.sql("CREATE TABLE permit (number int PRIMARY KEY, holder text); ALTER TABLE permit OWNER TO registrar; "
                 "INSERT INTO permit SELECT each, md5(each::text) FROM generate_series(1, 500) each", "registry")
        self.before = self.contents()

    def sql(self, text, database="postgres"):
        said = run(["psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1", "--dbname",
                    self.superuser.replace("dbname=postgres", f"dbname={database}"), "--command", text])
        return set(said.split())

    def databases(self):
        return self.sql("SELECT datname FROM pg_database")

    def roles(self):
        return self.sql("SELECT rolname FROM pg_roles")

    def contents(self):
        """His database as he would copy it, who may do what in it and on the server, without what is the demo's."""
        # A line of newer pg_dumps is a number drawn at random.
        lines = [line for line in run(["pg_dump", "--dbname", self.url]).splitlines() if "restrict " not in line]
        assert sum("CREATE TABLE" in line for line in lines) == 1 and len(lines) > 500, lines[:50]
        return {"dump": lines, "databases": self.databases() - {"kesher_demo"},
                "roles": self.sql("SELECT rolname, rolsuper, rolcreatedb, rolconfig::text FROM pg_roles "
                                  "WHERE rolname NOT LIKE 'kesher%'"),
                "rights": self.sql("SELECT datname, datacl::text FROM pg_database WHERE datname <> 'kesher_demo'")}

    def is_as_before(self):
        now = self.contents()
        for what, before in self.before.items():
            assert now[what] == before, f"{what} of somebody else's server changed"


def use_anothers_server(demo, server):
    shutil.rmtree(demo.var)
    demo.raise_until_bodies_stand("--database", server.url)
    server.is_as_before()
    assert "kesher_demo" in server.databases() and OURS <= server.roles()
    assert server.sql("SELECT count(*) > 0 FROM log_entry", "kesher_demo") == {"t"}
    assert not (demo.var / "postgres").exists() and (demo.var / "pgpass").stat().st_mode & 0o777 == 0o600
    holds("--database makes a database and three roles on somebody else's server, and changes nothing that is his; told to end, "
          "it leaves nobody listening")


def reset_on_anothers_server(demo, server):
    demo.refuses("ended while it raised its bodies; --reset begins anew", "--database", server.url)
    assert (demo.var / "hub-keys").is_dir()
    for flags in (["--reset"], []):
        shutil.rmtree(demo.var / "bodies", ignore_errors=True)  # as a run leaves it that was ended a moment sooner
        demo.refuses("stands on another server: give its --database", *flags)
    ours = (demo.var / "server").read_text()
    for flags in (["--reset"], []):
        (demo.var / "server").write_text("1\n")
        demo.refuses("another server than the one that --database names", *flags, "--database", server.url)
    (demo.var / "server").write_text(ours)
    assert "kesher_demo" in server.databases() and OURS <= server.roles(), "a refused command threw something away"
    demo.stops_at_the_first_program("--reset", "--database", server.url)
    assert not (demo.var / "hub-keys").exists()
    assert "kesher_demo" not in server.databases(), "the demo's database is still there"
    server.is_as_before()
    holds("a run that was ended halfway is named so; --reset drops the demo's database on the one server that its folder stands "
          "on, where --database names it, and nothing else there")


def leave_what_is_called_so(demo, server):
    shutil.rmtree(demo.var)
    demo.refuses("roles of another Kesher", "--database", server.url)
    for role in OURS:
        server.sql(f"DROP ROLE {role}")
    server.sql("CREATE DATABASE kesher_demo OWNER registrar")
    for flags in ([], ["--reset"]):
        demo.refuses("a database kesher_demo that this command did not make", *flags, "--database", server.url)
    assert "kesher_demo" in server.databases() and not OURS & server.roles()
    server.is_as_before()
    holds("roles of another installation, or a database that somebody else calls so, are neither used nor dropped")


def main():
    demo = Demo(sys.argv[1])
    try:
        for step in (refuse_flags, refuse_what_is_not_there, leave_a_strangers_folder, leave_what_is_no_evidence,
                     stand_in_a_deep_folder, number_the_plays, ask_an_administrator, install_what_is_safe, end_a_measurement, reset):
            step(demo)
        with OwnCluster() as cluster:
            server = Server(cluster)
            for step in (use_anothers_server, reset_on_anothers_server, leave_what_is_called_so):
                step(demo, server)
    finally:
        demo.end()


if __name__ == "__main__":
    main()
