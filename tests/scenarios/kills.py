"""The hub is killed with SIGKILL at random moments while three departments refer, withdraw and a recipient takes.

    kills.py BUILD_FOLDER      needs the cluster that deployment/postgres/cluster started there
KESHER_KILLS kills (10 unless given); KESHER_SEED repeats the moments of an earlier run.
What is held to it: nothing that had a receipt is lost, nothing is doubled, nothing is released after a withdrawal that
had a receipt, and every log that was ever shown is a beginning of the last one.
"""
import json
import os
import random
import secrets
import subprocess
import sys
import threading
import time
import uuid

from harness import Exchange, run, wait_until

KILLS = int(os.environ.get("KESHER_KILLS", "10"))
SEED = os.environ.get("KESHER_SEED") or secrets.token_hex(4)
UNDECIDED = {"unreachable", "unavailable", "busy"}
began = time.monotonic()


def holds(sentence):
    print(f"{time.monotonic() - began:5.1f} s  {sentence}", flush=True)


class Department(threading.Thread):
    """Refers again and again under consents of two cases, and withdraws one of them now and then.

    What it does not know the end of it says again, word for word, until the hub decides.
    """

    def __init__(self, body, folder, stop):
        super().__init__(name=body.name)
        self.body = body
        self.folder = folder
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
                                   "--json", *actor, *map(str, words)], stdout=subprocess.PIPE, timeout=60)
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

    def __init__(self, body, folder, stop):
        super().__init__(name=body.name)
        self.body = body
        self.folder = folder
        self.stop = stop
        self.failure = None

    def take(self):
        actor = ["--actor", self.body.officer, "--role", self.body.role]
        done = subprocess.run([str(self.body.exchange.programs / "kesherctl"), "--dir", str(self.body.directory),
                               "--json", *actor, "inbox", "take", "--once", "--save", str(self.folder)],
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
    def __init__(self, exchange):
        self.exchange = exchange
        self.stop = threading.Event()
        self.checkpoints = []

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
            self.departments.append(Department(body, folder, self.stop))
        self.recipient = Recipient(health, self.exchange.folder / "save" / "health", self.stop)
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
                self.exchange.kill()
                self.exchange.start()
                if number % 10 == 9:
                    holds(f"{number + 1} kills, {sum(len(each.sent) for each in self.departments)} referrals sent")
        finally:
            self.stop.set()
            for worker in workers:
                worker.join()
        assert not [each.failure for each in workers if each.failure]
        for _ in range(200):
            if not self.recipient.take()["deliveries"]:
                break
        # A release that a kill cut off is leased for a minute, and then released again.
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline and self.missing():
            time.sleep(2)
            self.recipient.take()

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
        records = self.auditor.log_records()
        sent = {message: saved for each in self.departments for message, saved in each.sent.items()}
        assert len(sent) >= KILLS, f"only {len(sent)} referrals in {KILLS} kills prove little"
        accepted = [each["message"] for each in records if each["event"] == "accepted" and "message" in each]
        assert len(accepted) == len(set(accepted)), "a message was accepted twice"
        assert set(sent) <= set(accepted), set(sent) - set(accepted)
        for message, saved in sent.items():
            record = json.loads((saved / "leaf").read_text().split("\n")[1])
            assert record in records, f"the receipt of {message} names a leaf that is not in the log"
        for saved in random.Random(SEED).sample(list(sent.values()), min(10, len(sent))):
            self.exchange.verify_receipt(saved, self.auditor)
        holds(f"{len(sent)} referrals: each with a receipt that is in the log, none accepted twice; "
              f"{sum(each.repeats for each in self.departments)} times a sender had to ask again")
        assert not self.missing(), self.missing()
        holds("everything that was not withdrawn arrived")
        ended = {consent: index for each in self.departments for consent, index in each.withdrawn.items()}
        referrals = {referral: consent for each in self.departments
                     for consent, listed in each.under.items() for referral in listed}
        late = [index for index, each in enumerate(records) if each["event"] == "released"
                and each.get("operation") == "referral.submitted.v1"
                and ended.get(referrals.get(each.get("referral")), index) < index]
        assert not late, f"released after she withdrew: leaves {late}"
        holds(f"{len(ended)} consents were withdrawn, and no referral under them was released after that leaf")

    def compare_histories(self):
        copy = self.exchange.folder / "copy"
        copy_log(self.auditor, copy)
        log = json.loads((self.auditor.directory / "hub.json").read_text())["log"]
        for earlier in self.checkpoints:
            run([self.exchange.programs / "kesher-verify", "log", "--dir", copy, "--log-key", log, "--old", earlier])
        holds(f"all {len(self.checkpoints)} checkpoints that were shown between the kills are beginnings of the last log")


def tile_path(level, tile, width):
    """tile/<L>/x001/234 and .p/<W> where it is partial (C2SP tlog-tiles)."""
    digits = f"{tile % 1000:03d}"
    while tile := tile // 1000:
        digits = f"x{tile % 1000:03d}/{digits}"
    return f"tile/{level}/{digits}" + ("" if width == 256 else f".p/{width}")


def copy_log(body, folder):
    """The whole log as any organisation may fetch it: checkpoint, entries, tiles."""
    def fetch(name):
        status, content = body.request("GET", f"/log/{name}")
        assert status == 200, (name, status)
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
        return content
    left = int(fetch("checkpoint").decode().split("\n")[1])
    level = 0
    while left:
        for tile in range((left + 255) // 256):
            width = min(256, left - tile * 256)
            fetch(tile_path(level, tile, width))
            if level == 0:
                fetch(tile_path("entries", tile, width))
        left //= 256
        level += 1


def main():
    with Exchange(sys.argv[1]) as exchange:
        holds(f"a hub runs; KESHER_SEED={SEED}")
        story = Story(exchange)
        for step in (story.raise_stage, story.kill_again_and_again, story.judge, story.compare_histories):
            step()
        exchange.stop()
        holds("the hub ends in order")


if __name__ == "__main__":
    main()
