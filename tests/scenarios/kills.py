"""The hub and PostgreSQL are killed with SIGKILL at random moments while three departments refer and withdraw and a
recipient takes.

    kills.py BUILD_FOLDER      starts a PostgreSQL of its own
KESHER_KILLS kills (10 unless given); KESHER_SEED repeats the moments of an earlier run.
What is held to it (audit-log.md 3.6, 1): every receipt ever answered is verified by two programs that are not ours;
every checkpoint ever shown, in receipts too, is a beginning of the last log; no message is stored without its leaf and no
leaf permits one that is not stored; nothing is lost or doubled, nothing is released after a withdrawal.
"""
import base64
import functools
import hashlib
import json
import os
import random
import secrets
import subprocess
import sys
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

from harness import SOURCE, Exchange, OwnCluster, run, wait_until

sys.path.append(str(SOURCE / "deployment/demo"))
from copy_log import copy_log  # noqa: E402

KILLS = int(os.environ.get("KESHER_KILLS", "10"))
SEED = os.environ.get("KESHER_SEED") or secrets.token_hex(4)
# The hub alone; one process of PostgreSQL; its postmaster alone; all of PostgreSQL; hub and PostgreSQL at once.
STRIKES = ("hub", "session", "postmaster", "database", "everything")
UNDECIDED = {"unreachable", "unavailable", "busy"}
began = time.monotonic()


def holds(sentence):
    print(f"{time.monotonic() - began:5.1f} s  {sentence}", flush=True)


class Department(threading.Thread):
    """Refers again and again under consents of two cases, and withdraws one of them now and then.

    What it does not know the end of it says again, word for word, until the hub decides.
    """

    def __init__(self, body, folder, stop, evidence):
        super().__init__(name=body.name)
        self.body = body
        self.folder = folder
        self.evidence = evidence
        self.stop = stop
        self.failure = None
        self.sent = {}       # message id -> folder of its evidence
        self.withdrawn = {}  # consent id -> index of the leaf that ended it
        self.under = {}      # consent id -> referrals
        self.repeats = 0
        self.decisions = 0

    def run(self):
        try:
            while not self.stop.is_set():
                self._one_consent()
        except BaseException as failure:  # the scenario's own thread says it
            self.failure = failure

    def _decided(self, *words):
        """The answer of a command that is given again until the hub has decided; None at the end."""
        while True:
            actor = ["--actor", self.body.officer, "--role", self.body.role]
            done = subprocess.run([str(self.body.exchange.programs / "kesherctl"), "--dir", str(self.body.directory),
                                   "--json", "--evidence", str(self.evidence), *actor, *map(str, words)], stdout=subprocess.PIPE, timeout=60)
            answer = json.loads(done.stdout)
            if answer["holds"]:
                self.decisions += 1
                return answer
            if answer["refused"] not in UNDECIDED:
                raise AssertionError(f"{self.name}: {words[:2]} was refused: {answer}")
            self.repeats += 1
            time.sleep(0.2)

    def _one_consent(self):
        case = self._decided("case", "open", "--id", uuid.uuid4())["pseudonym"]
        consent = str(uuid.uuid4())
        self._decided("consent", "give", "--case", case, "--consent", consent, "--id", uuid.uuid4(), "--recipient",
                      "health", "--purposes", "TREATMENT,STATUS_FEEDBACK", "--groups", "HEALTH", "--services",
                      "HLT-TRAUMA", "--notice-language", "he", "--form-sha256", secrets.token_hex(32))
        self.under[consent] = []
        for _ in range(random.randint(1, 3)):
            message, referral = str(uuid.uuid4()), str(uuid.uuid4())
            saved = self.folder / message
            self._decided("message", "send", "--id", message, "--referral", referral, "--case", case, "--to", "health",
                          "--service", "HLT-TRAUMA", "--consent", consent, "--known-by", "presents", "--need-file",
                          self.folder / "need", "--save", saved)
            self.sent[message] = saved
            self.under[consent].append(referral)
        if random.random() < 0.5:
            ended = self._decided("consent", "revoke", "--case", case, "--consent", consent, "--id", uuid.uuid4())
            self.withdrawn[consent] = int(ended["index"])


class Recipient(threading.Thread):
    """Takes what comes, again and again; a batch that a kill cut off comes again."""

    def __init__(self, body, folder, stop, evidence):
        super().__init__(name=body.name)
        self.body = body
        self.folder = folder
        self.evidence = evidence
        self.stop = stop
        self.failure = None

    def take(self):
        actor = ["--actor", self.body.officer, "--role", self.body.role]
        done = subprocess.run([str(self.body.exchange.programs / "kesherctl"), "--dir", str(self.body.directory),
                               "--json", "--evidence", str(self.evidence), *actor, "inbox", "take", "--once", "--save", str(self.folder)],
                              stdout=subprocess.PIPE, timeout=60)
        answer = json.loads(done.stdout)
        if not answer["holds"] and answer["refused"] not in UNDECIDED:
            raise AssertionError(f"the inbox was refused: {answer}")
        return answer

    def run(self):
        try:
            while not self.stop.is_set():
                self.take()
        except BaseException as failure:
            self.failure = failure


class Story:
    def __init__(self, exchange, cluster):
        self.exchange = exchange
        self.cluster = cluster
        self.stop = threading.Event()
        self.checkpoints = []
        self.evidence = exchange.folder / "evidence"  # every answer with a receipt, as it arrived

    def raise_stage(self):
        *departments, health, self.auditor = self.exchange.enrol(
            *((name, "PUBLIC_BODY", "W1", "SOCIAL_WORKER") for name in ("ssd-5000", "ssd-4000", "ssd-3000")),
            ("health", "PUBLIC_BODY", "C1", "CASEWORKER"), ("auditor", "AUDITOR", None, None))
        for department in departments:
            self.exchange.agree(department, health, "referral.submitted.v1,referral.event.v1",
                                "TREATMENT,STATUS_FEEDBACK", "HEALTH")
        self.departments = []
        for body in departments:
            folder = self.exchange.folder / "save" / body.name
            folder.mkdir()
            (folder / "need").write_text("שיחה ראשונה\n")
            self.departments.append(Department(body, folder, self.stop, self.evidence))
        self.recipient = Recipient(health, self.exchange.folder / "save" / "health", self.stop, self.evidence)
        holds("three departments and a recipient have agreements")

    def checkpoint(self):
        status, note = self.auditor.request("GET", "/log/checkpoint")
        assert status == 200
        file = self.exchange.folder / f"checkpoint-{len(self.checkpoints)}"
        file.write_bytes(note)
        self.checkpoints.append(file)

    def kill_again_and_again(self):
        at = random.Random(SEED)
        workers = [*self.departments, self.recipient]
        for worker in workers:
            worker.start()
        try:
            for number in range(KILLS):
                # After some more decisions, and then at any moment: a slow machine is killed as often in the middle.
                self.await_decisions(workers, at.randint(2, 6))
                self.checkpoint()
                time.sleep(at.uniform(0.0, 0.3))
                if number % len(STRIKES) == 0:
                    order = at.sample(STRIKES, len(STRIKES))
                self.strike(order[number % len(STRIKES)], at)
                if number % 10 == 9:
                    holds(f"{number + 1} kills, {sum(len(each.sent) for each in self.departments)} referrals sent")
        finally:
            self.stop.set()
            for worker in workers:
                worker.join()
        broken = [each.failure for each in workers if each.failure]
        assert not broken, broken
        for _ in range(200):
            if not self.recipient.take()["deliveries"]:
                break
        # A release that a kill cut off is leased for a minute, and then released again.
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline and self.missing():
            time.sleep(2)
            self.recipient.take()

    def strike(self, what, at):
        """Kills it and has it back: PostgreSQL as a service manager starts it, the hub only where it was killed."""
        if what in ("hub", "everything"):
            self.exchange.kill()
        if what == "session":
            self.cluster.kill_one(at.choice)
        elif what != "hub":
            self.cluster.kill(whole=what != "postmaster")
            self.cluster.start()
        if what in ("hub", "everything"):
            self.exchange.start()
        self.exchange.await_ready()

    def await_decisions(self, workers, more):
        def decided():
            broken = [each.failure for each in workers if each.failure]
            assert not broken, broken
            return sum(each.decisions for each in self.departments)
        until = decided() + more
        wait_until(lambda: decided() >= until, f"{more} more decisions", patience=120)

    def missing(self):
        """Referrals that must have arrived: sent, and not under a consent that was withdrawn."""
        taken = {each.name for each in self.recipient.folder.iterdir()} if self.recipient.folder.exists() else set()
        return [message for department in self.departments for message, saved in department.sent.items()
                if message not in taken and self.consent_of(saved) not in department.withdrawn]

    @staticmethod
    def consent_of(saved):
        return json.loads((saved / "leaf").read_text().split("\n")[1])["consent"]

    def judge(self):
        sent = {message: saved for each in self.departments for message, saved in each.sent.items()}
        assert len(sent) >= KILLS, f"only {len(sent)} referrals in {KILLS} kills prove little"
        self.entries = self.auditor.log_entries()
        records = [json.loads(each.split(b"\n")[1]) for each in self.entries]
        accepted = [each["message"] for each in records if each["event"] == "accepted" and "message" in each]
        assert len(accepted) == len(set(accepted)), "a message was accepted twice"
        assert set(sent) <= set(accepted), set(sent) - set(accepted)
        holds(f"{len(sent)} referrals: each is in the log, none accepted twice; "
              f"{sum(each.repeats for each in self.departments)} times a sender had to ask again")
        assert not self.missing(), self.missing()
        holds("everything that was not withdrawn arrived")
        ended = {consent: index for each in self.departments for consent, index in each.withdrawn.items()}
        referrals = {referral: consent for each in self.departments
                     for consent, listed in each.under.items() for referral in listed}
        late = [(index, each) for index, each in enumerate(records) if each["event"] == "released"
                and each["decision"] == "permit" and each.get("operation") == "referral.submitted.v1"
                and ended.get(referrals.get(each.get("referral")), index) < index]
        assert not late, f"released after she withdrew: {late}"
        holds(f"{len(ended)} consents were withdrawn, and no referral under them was released after that leaf")

    def verify_receipts(self):
        """All that was ever answered: an acceptance, a consent, a withdrawal, a release, an acknowledgement."""
        answered = [each.parent for each in self.evidence.rglob("receipt.tlog-proof")]
        stock = self.exchange.folder / "stock"
        stock.mkdir()
        log = self.auditor.pinned_log()
        (stock / "log.vkey").write_text(log)
        self.shown = set()
        for number, folder in enumerate(answered):
            proof, leaf = (folder / "receipt.tlog-proof").read_text(), (folder / "leaf").read_bytes()
            index = int(proof.split("\n")[1].removeprefix("index "))
            assert self.entries[index] == leaf, f"a receipt was answered for another leaf than {index}"
            self.shown.add(proof.split("\n\n", 1)[1])
            (stock / f"leaf.{index}").write_bytes(leaf)
            (stock / f"proof.{index}.{number}.tlog-proof").write_text(proof)

        def by_openssl(folder):
            run([SOURCE / "tests/referees/check-receipt-with-openssl.sh", folder / "leaf",
                 folder / "receipt.tlog-proof", log])
        with ThreadPoolExecutor(2) as at_once:
            list(at_once.map(by_openssl, answered))
        said = run([SOURCE / "tests/referees/node_modules/.bin/node", SOURCE / "tests/referees/tlog.mjs", stock],
                   patience=600)
        assert f" {len(answered)} receipts hold" in said, said
        holds(f"all {len(answered)} receipts that were ever answered hold, by openssl and by npm @sigstore/verify")

    def compare_histories(self):
        copy = self.exchange.folder / "copy"
        copy_log(lambda path: self.auditor.request("GET", path), copy)
        log = self.auditor.pinned_log()
        for earlier in self.checkpoints:
            run([self.exchange.programs / "kesher-verify", "log", "--dir", copy, "--log-key", log, "--old", earlier])
        self.shown |= {each.read_text() for each in self.checkpoints}
        root = root_over(self.auditor.log_entries())
        for note in self.shown:
            _, size, stated, *_ = note.split("\n")
            assert base64.b64decode(stated) == root(0, int(size)), f"another history at {size}"
        holds(f"all {len(self.shown)} checkpoints that were shown, in receipts or between the kills, are beginnings of "
              "the last log")

    def compare_tables(self):
        """What stands in the database beside the log, and what the log permitted: the same messages."""
        stored = {(sender, message): (int(index), code) for sender, message, index, code in
                  self.exchange.rows("SELECT sender, id, idx, coalesce(code, '') FROM message")}
        permitted = {}
        for index, entry in enumerate(self.entries):
            statement, record = entry.split(b"\n")[:2]
            if statement != b"-" and json.loads(record)["decision"] == "permit":
                claims = json.loads(base64.urlsafe_b64decode(statement.split(b".")[1] + b"=="))
                permitted[(claims["from"], claims["id"])] = (index, "")
        records = [json.loads(each.split(b"\n")[1]) for each in self.entries]
        accepted = {key: where for key, where in stored.items() if where[1] == ""}
        assert accepted == permitted, sorted(accepted.items() ^ permitted.items())
        payloads = {(sender, message) for sender, message in self.exchange.rows("SELECT sender, id FROM payload")}
        assert payloads <= set(accepted), payloads - set(accepted)
        # What waited when she withdrew is wiped at once; everything else is kept until 72 h after it was taken.
        ended = {consent for each in self.departments for consent in each.withdrawn}
        wiped = {records[accepted[key][0]]["consent"] for key in set(accepted) - payloads}
        assert wiped <= ended, f"lost under consents that are in force: {wiped - ended}"
        holds(f"{len(accepted)} messages are stored, each under the leaf that permits it, and no leaf permits another")


def root_over(entries):
    """RFC 6962, section 2.1, as it stands there: the root over entries[low:high]."""
    @functools.lru_cache(maxsize=None)
    def root(low, high):
        if high - low == 1:
            return hashlib.sha256(b"\0" + entries[low]).digest()
        left = 1 << (high - low - 1).bit_length() - 1
        return hashlib.sha256(b"\1" + root(low, low + left) + root(low + left, high)).digest()
    return root


def main():
    with OwnCluster() as cluster, Exchange(sys.argv[1], cluster) as exchange:
        holds(f"a hub runs; KESHER_SEED={SEED}")
        story = Story(exchange, cluster)
        for step in (story.raise_stage, story.kill_again_and_again, story.judge, story.verify_receipts,
                     story.compare_tables, story.compare_histories):
            step()
        exchange.stop()
        holds("the hub ends in order")


if __name__ == "__main__":
    main()
