"""What the stories share of a body whose own system is called and calls back, from a department's file to its people and back:
what it is given, what its people decide, what she withdraws, and kills and silence in between.

A far side offers settings(organisation, hub), freeze(), thaw(), referrals(): number -> {takes, updates, …}, and
say(number, word, taken=True): what its people say; anything but what is expected of the answer ends the scenario.
"""
import time

from department import referral
from harness import wait_until
from stage import HER_IDENTITY, HER_PHONE, TYPES, Stage, holds


class FarSide:
    """A system that a process of its own is; `with` ends it."""

    def __init__(self):
        self.process = None

    def open(self):
        """What it can begin with only once the adapter runs."""

    def await_referral(self, known=()):
        """Number and record of the one that is not among the known."""
        found = wait_until(lambda: [each for each in self.referrals().items() if each[0] not in known], "a referral at the far side")
        assert len(found) == 1, [number for number, _ in found]
        return found[0]

    def await_update(self, number, event):
        wait_until(lambda: event in [each["event"] for each in self.referrals()[number]["updates"]], f"{number}: {event}")


class NativeBodyStory(Stage):
    # Of each story: the body, its people as the story calls them, and what it is referred to for.
    body = service = purpose = letter = ""
    groups = "CONTACT,IDENTITY"
    need = "מעדיפה בוקר"
    identity = HER_IDENTITY
    ledger = ""
    # What its people say, and the state that the department's file then shows.
    working, deciding = "", ()
    too_late = ""  # what they would say of what is over

    def begin(self, far):
        self.far = far
        self.known = []
        body, = self.enrol((self.body, "PUBLIC_BODY", "N1", "CASEWORKER"))
        self.exchange.agree(self.tel_aviv, body, TYPES, f"{self.purpose},STATUS_FEEDBACK", self.groups)
        self.start_departments({self.service: self.body})
        self.native = self.exchange.adapter(body, far.settings(body, "hub.example"))
        self.start_native()
        self.plant(self.need, "what she asks for")

    def start_native(self):
        self.native.start()
        self.far.open()

    def number(self, sequence):
        return f"{self.letter}-2026-{sequence:02}"

    def refer(self, sequence, form, case):
        self.department.drop(sequence, referral(self.number(sequence), self.service, form, [self.need], case, self.identity))

    def refer_new(self, sequence):
        """A woman's case, her consent and one referral: case, form, the far side's number and record."""
        case, form = self.open_case(), f"{self.letter}-FORM-{sequence:02}"
        self.consent(case, form, self.body, "CONTACT,IDENTITY", self.purpose, self.service)
        self.refer(sequence, form, case)
        number, record = self.far.await_referral(self.known)
        self.known.append(number)
        return case, form, number, record

    def decide(self):
        for word, state in self.deciding:
            self.far.say(self.first, word)
            told = self.department.await_state(self.number(1), state)
        assert told.outcome == 1, told
        self.far.say(self.first, self.working, taken=False)
        holds(f"{', '.join(state for _, state in self.deciding)}: each word of their people is answered at once and stands in a file "
              "of the department; behind the end no word is taken")

    def withdraw(self):
        case, form, number, _ = self.refer_new(3)
        self.revoke(case, form, self.body)
        self.far.await_update(number, "revoke")
        self.department.await_state(self.number(3), "WITHDRAWN")
        self.far.say(number, self.too_late, taken=False)
        wait_until(lambda: self.records(event="accepted", operation="consent.revocation-acked.v1"),
                   f"{self.body}'s adapter says that it stopped")
        holds("she withdraws: the service is told, the hub hears that it was, and what is said afterwards goes nowhere")

    def be_away(self):
        self.far.freeze()
        case, form = self.open_case(), f"{self.letter}-FORM-04"
        self.consent(case, form, self.body, "CONTACT,IDENTITY", self.purpose, self.service)
        self.refer(4, form, case)
        time.sleep(3)
        self.native.kill()
        self.far.thaw()
        self.native.start()
        self.department.await_state(self.number(4), "DELIVERED", patience=90)
        number, _ = self.far.await_referral(self.known)
        self.known.append(number)
        holds("a service that hangs and an adapter that is killed meanwhile: it is there once, and known to be")

    def kill_all(self):
        case, form = self.open_case(), f"{self.letter}-FORM-10"
        self.consent(case, form, self.body, "CONTACT,IDENTITY", self.purpose, self.service)
        numbers = []
        points = [("adapter", 0.3), ("adapter", 0.9), ("hub", 0.5), ("adapter", 1.4), ("department", 0.2)]
        for sequence, (what, after) in enumerate(points, start=20):
            numbers.append(self.number(sequence))
            self.refer(sequence, form, case)
            time.sleep(after)
            killed = {"adapter": self.native, "hub": self.exchange, "department": self.sending}[what]
            killed.kill()
            killed.start()
        for number in numbers:
            # What was handed to an adapter that was killed comes again when its lease of 60 s is over.
            self.department.await_state(number, "DELIVERED", patience=90)
            assert self.department.states(number).count("DELIVERED") == 1
        given = self.far.referrals()
        new = [each for each in given if each not in self.known]
        assert len(new) == len(numbers), new
        assert {each["takes"] for each in given.values()} == {1}
        for number in new:
            self.far.say(number, self.working)
        for number in numbers:
            self.department.await_state(number, "ACCEPTED")
        holds(f"adapters and hub killed at {len(points)} points: one call's worth for each referral, and each answer comes back")

    def audit(self):
        self.end()
        self.plant_ids()
        assert self.verify_journal(self.sending) == {}
        self.verify_journal(self.native)
        for row in self.journal_rows(self.native, "SELECT id, pseudonym FROM referral"):
            self.plant(row["id"], "a referral")
            self.plant(row["pseudonym"], "a pseudonym")
        assert HER_PHONE not in (self.native.organisation.directory / self.ledger).read_text()
        holds("every decision has a receipt that holds")
        self.search_logs()
