"""What was logged cannot be taken back: not by who may write to the database, not by an older copy of it, not by a
second hub; and it stands when the payload is gone (audit-log.md 3.6: 2, 3, 4 and 7).

    kept_log.py BUILD_FOLDER      needs the cluster that deployment/postgres/cluster started there
"""
import json
import subprocess
import sys
import time

from harness import PATIENCE, SOURCE, Exchange, free_ports, run

sys.path.append(str(SOURCE / "deployment/demo"))
from copy_log import copy_log  # noqa: E402

began = time.monotonic()


def holds(sentence):
    print(f"{time.monotonic() - began:5.1f} s  {sentence}", flush=True)


class Story:
    def __init__(self, exchange):
        self.exchange = exchange
        self.copies = 0
        self.forms = 0

    def begin(self):
        self.department, self.health, self.auditor = self.exchange.enrol(
            ("ssd-5000", "PUBLIC_BODY", "W1", "SOCIAL_WORKER"), ("health", "PUBLIC_BODY", "C1", "CASEWORKER"),
            ("auditor", "AUDITOR", None, None))
        self.exchange.agree(self.department, self.health, "referral.submitted.v1,referral.event.v1",
                            "TREATMENT,STATUS_FEEDBACK", "HEALTH")
        self.need = self.exchange.folder / "need"
        self.need.write_text("שיחה ראשונה\n", encoding="utf-8")
        self.sent = self.send("first")
        self.exchange.verify_receipt(self.sent, self.department)
        holds("a referral has a receipt that kesher-verify and openssl believe")

    def send(self, name):
        case = self.department.ctl("case", "open")["pseudonym"]
        self.forms += 1
        consent = self.department.ctl(
            "consent", "give", "--case", case, "--recipient", "health", "--purposes", "TREATMENT,STATUS_FEEDBACK",
            "--groups", "HEALTH", "--services", "HLT-TRAUMA", "--notice-language", "he", "--form-sha256",
            f"{self.forms:064x}")["consent"]
        saved = self.exchange.folder / "save" / name
        self.department.ctl("message", "send", "--case", case, "--to", "health", "--service", "HLT-TRAUMA",
                            "--consent", consent, "--known-by", "presents", "--need-file", self.need, "--save", saved)
        return saved

    # ---- what an outsider and the hub say of the log as it stands in the database ----
    def verify_copy(self, expect=0):
        """An auditor's copy, judged without the hub: what kesher-verify says."""
        self.copies += 1
        copy = self.exchange.folder / f"copy-{self.copies}"
        copy_log(lambda path: self.auditor.request("GET", path), copy)
        return run([self.exchange.programs / "kesher-verify", "log", "--dir", copy, "--log-key",
                    self.auditor.pinned_log()], expect)

    def does_not_start(self):
        """Its last words; it must have ended by itself."""
        return refused_start([self.exchange.programs / "kesher-hub", "--config", self.exchange.config])

    def as_superuser(self, text):
        run(["psql", "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--dbname",
             self.exchange.conninfo("postgres"), "--command", text])

    def change_a_byte(self):
        assert "HOLDS" in self.verify_copy()
        while len(self.auditor.log_entries()) < 258:  # a full tile: each reading of entries has a leaf
            pass
        last = len(self.auditor.log_entries()) - 1
        for table, column, where, at, told_outside, told_by_hub in (
                ("log_entry", "data", "idx = 17", 60, "entry 17 ", "Entry 17 "),
                ("log_entry", "data", f"idx = {last}", 60, f"entry {last} ", f"Entry {last} "),
                ("log_tile", "hashes", "level = 0 AND n = 0", 100 * 32 + 5, "tile/0/000", "Tile 0 of level 0 does not hold entry 100 ")):
            flip = f"UPDATE {table} SET {column} = set_byte({column}, {at}, get_byte({column}, {at}) # 1) WHERE {where}"
            self.as_superuser(flip)
            said = self.verify_copy(expect=1)
            assert "REFUSED" in said and told_outside in said.lower(), said
            self.exchange.stop()
            said = self.does_not_start()
            assert told_by_hub in said, said
            self.as_superuser(flip)  # the same bit once more is the true byte again
            self.exchange.start()
        assert "HOLDS" in self.verify_copy()
        holds("one byte of a leaf or a tile changed by the superuser: kesher-verify names it, and the hub does not start")

    def put_yesterday_back(self):
        yesterday = self.exchange.folder / "yesterday"
        run(["pg_dump", "--format", "custom", "--file", yesterday, "--dbname", self.exchange.conninfo("postgres")])
        today = self.send("today")
        self.exchange.stop()
        now = self.exchange.folder / "now"
        run(["pg_dump", "--format", "custom", "--file", now, "--dbname", self.exchange.conninfo("postgres")])
        checkpoint = self.exchange.folder / "state" / "checkpoint"
        kept = checkpoint.read_text()
        self.restore(yesterday)
        said = self.does_not_start()
        assert "older database" in said and "log recover" in said, said
        assert kept.split("\n")[1] in said, f"it does not say what was promised: {said}"
        assert checkpoint.read_text() == kept, "the file that proves it was written over"
        self.restore(now)
        self.exchange.start()
        self.exchange.verify_receipt(today, self.department)
        holds("yesterday's dump put back: the hub does not start and says why; with today's it goes on")

    def restore(self, dump):
        run(["pg_restore", "--clean", "--if-exists", "--exit-on-error", "--dbname", self.exchange.conninfo("postgres"), dump])

    def run_two(self):
        """The same database and keys, listeners of its own: what a second service would be."""
        text = self.exchange.config.read_text()
        for old, new in zip(self.exchange.ports.values(), free_ports(len(self.exchange.ports))):
            text = text.replace(f"port = {old}\n", f"port = {new}\n")
        other = self.exchange.folder / "other.toml"
        other.write_text(text)
        command = [self.exchange.programs / "kesher-hub", "--config", other]
        said = refused_start(command)
        assert "only one may sequence" in said, said
        self.send("with-two")
        self.exchange.kill()
        first, self.exchange.config = self.exchange.config, other
        self.exchange.start()  # tried again, as a service manager does, it takes over
        said = refused_start([self.exchange.programs / "kesher-hub", "--config", first])
        assert "only one may sequence" in said, said
        self.exchange.stop()
        self.exchange.config = first
        self.exchange.start()
        self.send("with-one-again")
        assert "HOLDS" in self.verify_copy()
        indexes = [index for index, in self.exchange.rows("SELECT idx FROM log_entry ORDER BY idx")]
        assert indexes == [str(each) for each in range(len(indexes))], "an index twice, or none"
        holds("two hubs on one database: one sequences, the other takes over when it is gone, and no index is there twice")

    def delete_the_payload(self):
        """As the hub does it 72 hours after each was taken."""
        for body in (self.health, self.department):  # the department hears of each that it was delivered
            while body.ctl("inbox", "take", "--once", "--save", self.exchange.folder / "save" / body.name)["deliveries"]:
                pass
        run(["psql", "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--dbname",
             self.exchange.conninfo("kesher_hub"), "--command", "DELETE FROM payload"])
        assert self.exchange.rows("SELECT count(*) FROM payload") == [["0"]]
        self.exchange.verify_receipt(self.sent, self.department)
        claims = self.exchange.verify_statement(self.sent)
        run([self.exchange.programs / "kesher-verify", "evidence", "--statement", self.sent / "statement.jws", "--keys",
             self.sent / "signer.pem"])
        index = json.loads((self.sent / "receipt.tlog-proof").read_text().split("\n")[1].removeprefix("index "))
        status, body = self.department.request("GET", f"/log/receipts/{index}")
        again = json.loads(body)
        assert status == 200 and again["leaf"] == (self.sent / "leaf").read_text(), body
        later = self.exchange.folder / "save" / "later"
        later.mkdir()
        (later / "leaf").write_text(again["leaf"])
        (later / "receipt.tlog-proof").write_text(again["receipt"])
        self.exchange.verify_receipt(later, self.department)
        state = self.department.ctl("message", "show", "--referral", claims["referral"])
        assert state["state"] == "DELIVERED", state
        assert "HOLDS" in self.verify_copy()
        self.exchange.stop()
        self.exchange.start()
        holds("the payload deleted: receipt, statement and log still verify, are answered anew, and the hub starts")


def refused_start(command):
    ended = subprocess.run(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=PATIENCE)
    assert ended.returncode == 1, f"it ended with {ended.returncode}"
    assert b"ready" not in ended.stdout, ended.stdout
    return ended.stderr.decode()


def main():
    with Exchange(sys.argv[1]) as exchange:
        holds("a hub runs")
        story = Story(exchange)
        for step in (story.begin, story.run_two, story.put_yesterday_back, story.change_a_byte, story.delete_the_payload):
            step()
        exchange.stop()
        holds("the hub ends in order")


if __name__ == "__main__":
    main()
