"""The hub and PostgreSQL are killed with SIGKILL at random moments while three departments refer and withdraw and a
recipient takes, accepts and schedules.

    kills.py BUILD_FOLDER      starts a PostgreSQL of its own
KESHER_KILLS kills (10 unless given); KESHER_SEED repeats the choices of an earlier run.
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
TOO_LATE = {"event_not_allowed", "consent_revoked"}  # what is told of a referral that she has withdrawn
# What a department does once it has referred: withdraw while an update waits, after one has come, at once; or not at all.
COURSES = ("overtake", "hear", "withdraw", "go on", "go on", "go on")
began = time.monotonic()


def holds(sentence):
    print(f"{time.monotonic() - began:5.1f} s  {sentence}", flush=True)


class Worker(threading.Thread):
    """One body's worker with kesherctl. What it does by chance it does by KESHER_SEED and its own name.

    What it does not know the end of it says again, word for word, until the hub decides.
    """

    def __init__(self, body, folder, stop, evidence):
        super().__init__(name=body.name)
        self.body = body
        self.folder = folder
        self.evidence = evidence
        self.stop = stop
        self.chance = random.Random(f"{SEED} {body.name}")
        self.failure = None
        self.repeats = 0
        self.decisions = 0

    def run(self):
        try:
            while not self.stop.is_set():
                self.turn()
        except BaseException as failure:  # the scenario's own thread says it
            self.failure = failure

    def ctl(self, *words):
        actor = ["--actor", self.body.officer, "--role", self.body.role]
        done = subprocess.run([str(self.body.exchange.programs / "kesherctl"), "--dir", str(self.body.directory),
                               "--json", "--evidence", str(self.evidence), *actor, *map(str, words)],
                              stdout=subprocess.PIPE, timeout=60)
        return json.loads(done.stdout)

    def decided(self, *words, refusals=()):
        """The answer of a command that is given again until the hub has decided."""
        while True:
            answer = self.ctl(*words)
            if answer["holds"] or answer["refused"] in refusals:
                self.decisions += 1
                return answer
            if answer["refused"] not in UNDECIDED:
                raise AssertionError(f"{self.name}: {words[:2]} was refused: {answer}")
            self.repeats += 1
            time.sleep(0.2)

    @property
    def taken(self):
        return self.folder / "taken"

    def take(self):
        """One batch of the inbox; what a kill cut off comes again."""
        answer = self.ctl("inbox", "take", "--once", "--save", self.taken)
        if not answer["holds"] and answer["refused"] not in UNDECIDED:
            raise AssertionError(f"{self.name}: the inbox was refused: {answer}")
        return answer.get("deliveries", [])

    def has_taken(self):
        """Ids of the messages that arrived here."""
        return {each.name for each in self.taken.iterdir()} if self.taken.exists() else set()


class Department(Worker):
    """Refers again and again, under a consent of a new case each time, and withdraws half of them: some while an update
    waits for it at the hub, which then must not go out any more."""

    def __init__(self, body, folder, stop, evidence, recipient):
        super().__init__(body, folder, stop, evidence)
        self.recipient = recipient
        self.sent = {}       # message id -> folder of its evidence
        self.withdrawn = {}  # consent id -> index of the leaf that ended it
        self.overtaken = 0   # withdrawals while an update waited at the hub
        self.heard = 0       # updates that arrived
        self.under = {}      # consent id -> referrals

    def turn(self):
        case = self.decided("case", "open", "--id", uuid.uuid4())["pseudonym"]
        consent = str(uuid.uuid4())
        self.decided("consent", "give", "--case", case, "--consent", consent, "--id", uuid.uuid4(), "--recipient",
                     "health", "--purposes", "TREATMENT,STATUS_FEEDBACK", "--groups", "HEALTH", "--services",
                     "HLT-TRAUMA", "--notice-language", "he", "--form-sha256", secrets.token_hex(32))
        self.under[consent] = []
        for _ in range(self.chance.randint(1, 3)):
            self.refer(case, consent)
        course = self.chance.choice(COURSES)
        # Each department has done both by the end: without them nothing would be proven about updates.
        course = "overtake" if not self.overtaken else "hear" if not self.heard else course
        told = course in ("overtake", "hear") and self.await_update(consent)
        if course in ("hear", "go on"):
            self.take_what_waits()
        if course == "go on":
            return
        ended = self.decided("consent", "revoke", "--case", case, "--consent", consent, "--id", uuid.uuid4())
        self.withdrawn[consent] = int(ended["index"])
        self.overtaken += course == "overtake" and told
        self.take_what_waits()

    def take_what_waits(self):
        """A batch holds one message of each referral: an update comes after the hub's word that it was delivered."""
        for _ in range(4):
            if not self.take():
                break

    def take(self):
        came = super().take()
        self.heard += sum(each["type"] == "referral.event.v1" and each["from"] == "health" for each in came)
        return came

    def refer(self, case, consent):
        message, referral = str(uuid.uuid4()), str(uuid.uuid4())
        saved = self.folder / message
        self.decided("message", "send", "--id", message, "--referral", referral, "--case", case, "--to", "health",
                     "--service", "HLT-TRAUMA", "--consent", consent, "--known-by", "presents", "--need-file",
                     self.folder / "need", "--save", saved)
        self.sent[message] = saved
        self.under[consent].append(referral)

    def await_update(self, consent):
        """Whether the recipient has told something that waits at the hub: nobody takes this inbox meanwhile."""
        until = time.monotonic() + 20
        while time.monotonic() < until and not self.stop.is_set():
            if set(self.under[consent]) & set(self.recipient.updates.values()):
                return True
            time.sleep(0.1)
        return False


class Recipient(Worker):
    """Takes what comes, again and again, and tells of some of it that it was accepted and scheduled."""

    def __init__(self, body, folder, stop, evidence):
        super().__init__(body, folder, stop, evidence)
        self.updates = {}  # message id -> referral, of what the hub accepted
        self.ended = set()  # referrals of which nothing could be told any more

    def turn(self):
        came = [each["referral"] for each in self.take() if each["type"] == "referral.submitted.v1"]
        for referral in came[:-4:-1]:  # the newest, for which a department may be waiting
            for event in ("accept", "schedule")[:self.chance.randint(1, 2)]:
                self.tell(referral, event)

    def tell(self, referral, event):
        message = str(uuid.uuid4())
        answer = self.decided("message", "event", "--id", message, "--referral", referral, "--event", event,
                              refusals=TOO_LATE)
        if answer["holds"]:
            self.updates[message] = referral
        else:
            self.ended.add(referral)


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
        save = self.exchange.folder / "save"
        self.recipient = Recipient(health, save / "health", self.stop, self.evidence)
        for body in departments:
            folder = save / body.name
            folder.mkdir()
            (folder / "need").write_text("שיחה ראשונה\n", encoding="utf-8")
            self.departments.append(Department(body, folder, self.stop, self.evidence, self.recipient))
        holds("three departments and a recipient have agreements")

    def checkpoint(self):
        # A session that is killed under a reading is `unavailable` to it, as to any call: ask again.
        until = time.monotonic() + 20
        while (answer := self.auditor.request("GET", "/log/checkpoint"))[0] == 503 and time.monotonic() < until:
            time.sleep(0.1)
        status, note = answer
        assert status == 200, (status, note)
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
            # On a fast machine the kills are over before every department has seen a withdrawal through.
            self.await_workers(workers, lambda: all(each.overtaken and each.heard for each in self.departments),
                               "each department has heard an update, and withdrawn where one waited")
        finally:
            self.stop.set()
            for worker in workers:
                worker.join()
        self.look_at(workers)
        # A release that a kill cut off is leased for a minute, and then released again.
        deadline = time.monotonic() + 90
        for worker in workers:
            for _ in range(200):
                if not worker.take():
                    break
        while time.monotonic() < deadline and self.missing():
            time.sleep(2)
            for worker in workers:
                worker.take()

    @staticmethod
    def look_at(workers):
        broken = [each.failure for each in workers if each.failure]
        assert not broken, broken

    def await_workers(self, workers, reached, what):
        def looked_at():
            self.look_at(workers)
            return reached()
        wait_until(looked_at, what, patience=180)

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
        decided = lambda: sum(each.decisions for each in self.departments)
        until = decided() + more
        self.await_workers(workers, lambda: decided() >= until, f"{more} more decisions")

    def missing(self):
        """Messages that must have arrived: sent, and not under a consent that was withdrawn. Updates too."""
        ended, under = self.ended(), self.consents()
        came = self.recipient.has_taken()
        missing = [message for department in self.departments for message, saved in department.sent.items()
                   if message not in came and self.consent_of(saved) not in ended]
        came = set().union(*(each.has_taken() for each in self.departments))
        return missing + [message for message, referral in self.recipient.updates.items()
                          if message not in came and under[referral] not in ended]

    def ended(self):
        """Consent -> index of the leaf with which she withdrew it."""
        return {consent: index for each in self.departments for consent, index in each.withdrawn.items()}

    def consents(self):
        """Referral -> the consent it was sent under."""
        return {referral: consent for each in self.departments
                for consent, listed in each.under.items() for referral in listed}

    @staticmethod
    def consent_of(saved):
        return json.loads((saved / "leaf").read_text(encoding="utf-8").split("\n")[1])["consent"]

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
        self.judge_withdrawals(records)

    def released_after(self, records, ends):
        """Releases of a body's own words under a consent at an index after its end, by kind of message. The hub's own
        notices, which tell the bodies to stop, are another matter."""
        under = self.consents()
        found = {}
        for index, each in enumerate(records):
            if each["event"] == "released" and each["decision"] == "permit" and each["org"] != "hub":
                consent = each.get("consent") or under[each["referral"]]
                if index > ends.get(consent, index):
                    found.setdefault(each["operation"], []).append((index, each))
        return found

    def judge_withdrawals(self, records):
        ended, under = self.ended(), self.consents()
        assert all(each.overtaken for each in self.departments), "a department withdrew nothing while an update waited"
        for consent, index in ended.items():
            assert (records[index]["event"], records[index]["consent"]) == ("consent", consent), records[index]
        late = self.released_after(records, ended)
        assert not late, f"released after she withdrew: {late}"
        # The same search sees both kinds where it is told that every consent ended before it began.
        seen = self.released_after(records, dict.fromkeys(under.values(), -1))
        assert set(seen) == {"referral.submitted.v1", "referral.event.v1"}, set(seen)
        released = {each["message"] for _, each in seen["referral.event.v1"]}
        stopped = [message for message, referral in self.recipient.updates.items()
                   if under[referral] in ended and message not in released]
        assert len(stopped) >= len(self.departments), f"only {len(stopped)} updates were stopped"
        assert {under[each] for each in self.recipient.ended} <= set(ended), "an update was refused though she had not withdrawn"
        holds(f"{len(ended)} consents were withdrawn: under them neither a referral nor an update was released after that "
              f"leaf, and {len(stopped)} of {len(self.recipient.updates)} updates stayed at the hub")

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
        ended, under = self.ended(), self.consents()
        leaves = [records[accepted[key][0]] for key in set(accepted) - payloads]
        wiped = {each.get("consent") or under[each["referral"]] for each in leaves}
        assert wiped <= set(ended), f"lost under consents that are in force: {wiped - set(ended)}"
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
