"""A department's file: what a worker wrote in her own system crosses to another department and comes back, step by step.

    department_file.py BUILD_FOLDER      needs the cluster that deployment/postgres/cluster started there
The hub and every adapter are processes, as an installation runs them; the departments' systems are python3's codecs.
Each step says in a line what now holds; the first that does not ends the scenario with exit code 1.
"""
import base64
import hashlib
import sys
import time

from department import referral, status, today
from harness import Exchange, run, wait_until
from stage import HER_IDENTITY, Stage, holds

NEED = ["מבקשת דירת חירום לשבוע", "תגיע לבדה ותציג את מספר ההפניה"]
CONSENT_GROUPS = 46  # the flaw's number in an M100
SERVICE = "HOUS-EMERG"


class Story(Stage):
    def begin(self):
        self.enrol()
        self.start_departments({SERVICE: "ssd-4000"})
        for line in NEED:
            self.plant(line, "what she asks for")
        second = run(self.sending.command(), expect=1)
        assert "another kesher-adapter runs" in second, second
        holds("two departments with an agreement run their adapters; a second one for a directory is told so and ends")

    def refer(self):
        self.first_file = self.department.drop(1, referral("TLV-2026-01", SERVICE, "FORM-2026-01", NEED))
        answer = self.department.answer(1)
        assert [each[3] for each in answer] == ["A"], answer
        waiting = self.department.await_state("TLV-2026-01", "AWAITING_CONSENT")
        holds("a file is taken whole; the referral waits for her consent, and its case has a name")
        self.consent(waiting.pseudonym, "FORM-2026-01")
        self.department.await_state("TLV-2026-01", "DELIVERED")
        given = self.neighbour.await_given()
        assert (given.service, given.need, given.identity) == (SERVICE, NEED, []), given
        assert given.pseudonym != waiting.pseudonym and given.number != "TLV-2026-01"
        self.first = given
        holds("her consent is recorded by hand, and the other department finds the referral in its folder")

    def treat(self):
        steps = (("ACCEPTED", {}), ("SCHEDULED", {"date": "20301130", "hour": "093000"}), ("IN_PROGRESS", {}),
                 ("COMPLETED", {"outcome": 1}))
        for sequence, (state, more) in enumerate(steps, start=101):
            self.neighbour.drop(sequence, status(self.first.number, state, pseudonym=self.first.pseudonym, **more), "MSV")
            told = self.department.await_state("TLV-2026-01", state)
            if state == "SCHEDULED":
                assert (told.date, told.time) == ("20301130", "093000"), told
        assert told.outcome == 1, told
        assert self.department.states("TLV-2026-01") == [
            "AWAITING_CONSENT", "REQUESTED", "DELIVERED", *[each for each, _ in steps]]
        holds("accepted, scheduled with its hour, started, completed: each step is in a file of her department")

    def all_is_acknowledged(self):
        """What was handed out before is still being acknowledged where the machine is busy."""
        facts = {event: {each["facts"]["delivery"] for each in self.auditor.log_records() if each["event"] == event}
                 for event in ("released", "acknowledged")}
        return facts["released"] <= facts["acknowledged"]

    def drop_twice(self):
        wait_until(self.all_is_acknowledged, "every delivery is acknowledged")
        before = len(self.auditor.log_records())
        for sequence in (1, 2):
            self.department.drop(sequence, None, text=self.first_file)
            assert [each[3] for each in self.department.answer(sequence)] == ["A"]
        time.sleep(2)  # what it would do it does in the next second
        self.neighbour.collect()
        assert list(self.neighbour.given) == [self.first.number]
        new = [each for each in self.auditor.log_records()[before:] if each["event"] not in ("read", "counted")]
        assert new == [], new
        holds("the same file once more, and once more under another name, is answered and changes nothing")

    def refuse_without_consent(self):
        hers, another = self.open_case(), self.open_case()
        self.consent(hers, "FORM-2026-02")
        self.department.drop(3, referral("TLV-2026-02", SERVICE, "FORM-2026-02", NEED, pseudonym=another))
        told = self.department.await_state("TLV-2026-02", "DECLINED")
        assert told.reason == "consent-missing", told
        self.hers = hers
        holds("a referral on another woman's consent is refused by the hub, and the file says why")

    def refuse_identified(self):
        self.department.drop(4, referral("TLV-2026-03", SERVICE, "FORM-2026-02", NEED, self.hers, HER_IDENTITY))
        answer = self.department.answer(4)
        assert [(each[3], int(each[4]), int(each[5])) for each in answer] == [("R", CONSENT_GROUPS, 2)], answer
        assert "TLV-2026-03" not in self.department.told
        holds("identified on a consent without IDENTITY refuses the file whole: consent_groups, at its line")

    def cross_identified(self):
        case = self.open_case()
        self.consent(case, "FORM-2026-04", groups="CONTACT,IDENTITY")
        self.department.drop(5, referral("TLV-2026-04", SERVICE, "FORM-2026-04", NEED, case, HER_IDENTITY))
        given = self.neighbour.await_given([self.first.number])
        assert given.identity == [list(HER_IDENTITY)], given
        self.identified = given
        self.identified_case = case
        self.department.await_state("TLV-2026-04", "DELIVERED")
        holds("with her consent to IDENTITY the other department also gets her name and number")

    def withdraw_while_waiting(self):
        self.receiving.stop()
        case = self.open_case()
        self.consent(case, "FORM-2026-05")
        accepted = len(self.accepted())
        self.department.drop(6, referral("TLV-2026-05", SERVICE, "FORM-2026-05", NEED, case))
        self.await_accepted(accepted + 1)
        self.revoke(case, "FORM-2026-05")
        self.department.await_state("TLV-2026-05", "WITHDRAWN")
        holds("she withdraws while it waits, and her department reads it in a file")

    def withdraw_after_release(self):
        case = self.open_case()
        self.consent(case, "FORM-2026-06")
        accepted = len(self.accepted())
        self.department.drop(7, referral("TLV-2026-06", SERVICE, "FORM-2026-06", NEED, case))
        self.await_accepted(accepted + 1)
        self.revoke(self.identified_case, "FORM-2026-04")
        self.receiving.start()
        self.neighbour.await_state(self.identified.number, "WITHDRAWN")
        self.department.await_state("TLV-2026-04", "WITHDRAWN")
        later = self.neighbour.await_given([self.first.number, self.identified.number])
        # The reply that a department gives when it has stopped.
        self.neighbour.drop(120, status(self.identified.number, "WITHDRAWN", pseudonym=self.identified.pseudonym), "MSV")
        wait_until(lambda: self.records(event="accepted", operation="consent.revocation-acked.v1"),
                   "the other department says that it stopped")
        self.department.await_state("TLV-2026-06", "DELIVERED")
        released = [each for each in self.records(event="released", recipient="ssd-4000", decision="permit")][-3:]
        assert released[0]["operation"] == "consent.revoked.v1", released
        assert "referral.submitted.v1" in [each["operation"] for each in released[1:]], released
        assert later.need == NEED
        holds("she withdraws after its release: the notice heads the inbox, and the other department says that it stopped")

    def withdraw_by_file(self):
        before = self.neighbour.states(self.identified.number).count("WITHDRAWN")
        self.department.drop(110, status("TLV-2026-06", "WITHDRAWN"), "MSV")
        number = list(self.neighbour.given)[-1]
        told = self.neighbour.await_state(number, "WITHDRAWN")
        assert told.pseudonym == self.neighbour.given[number].pseudonym
        assert self.neighbour.states(self.identified.number).count("WITHDRAWN") == before
        holds("her worker writes that she withdraws in a file of her own system, and the other department reads it")

    def withdraw_on_a_full_day(self):
        """As after 749 steps of other bodies, each of which took a name of the day."""
        self.receiving.stop()
        with open(self.haifa.directory / "department.ledger", "a") as ledger:
            for sequence in range(251, 1000):
                ledger.write(f"wrote nii/{sequence} {'0' * 64} IHUB_4000_{today()}_{sequence}.MSV\n")
        self.receiving.start()
        case = self.open_case()
        self.consent(case, "FORM-2026-12")
        known = list(self.neighbour.given)
        self.department.drop(12, referral("TLV-2026-12", SERVICE, "FORM-2026-12", NEED, case))
        number = self.neighbour.await_given(known).number
        self.revoke(case, "FORM-2026-12")
        self.neighbour.await_state(number, "WITHDRAWN")
        assert list(self.neighbour.collected.glob(f"*.IHUB_4000_{today()}_250.MSV"))
        wait_until(lambda: self.records(event="acknowledged", operation="consent.revoked.v1", org="ssd-4000")[-1]
                   ["facts"]["outcome"] == "taken", "the notice is acknowledged as taken")
        holds("she withdraws on a day whose names other bodies have used up, and the department reads it within seconds")

    def kill_the_hub(self):
        """Between acceptance and release."""
        self.receiving.stop()
        case = self.open_case()
        self.consent(case, "FORM-2026-07")
        accepted = len(self.accepted())
        self.department.drop(8, referral("TLV-2026-07", SERVICE, "FORM-2026-07", NEED, case))
        self.await_accepted(accepted + 1)
        self.exchange.kill()
        # Meanwhile the department goes on: what it drops is taken, with a case and without one.
        known = list(self.neighbour.given)
        self.department.drop(9, referral("TLV-2026-08", SERVICE, "FORM-2026-07", NEED, case))
        self.department.drop(10, referral("TLV-2026-09", SERVICE, "FORM-2026-09", NEED))
        assert [each[3] for each in self.department.answer(9) + self.department.answer(10)] == ["A", "A"]
        assert self.department.states("TLV-2026-08") == ["REQUESTED"], self.department.told
        self.department.drop(11, referral("TLV-2026-11", SERVICE, "FORM-2026-07", NEED, case))
        assert [each[3] for each in self.department.answer(11)] == ["A"]
        self.department.drop(111, status("TLV-2026-11", "WITHDRAWN"), "MSV")
        wait_until(lambda: not list((self.department.folder / "inbox").iterdir()), "the file is taken")
        self.exchange.start()
        self.receiving.start()
        for number in ("TLV-2026-07", "TLV-2026-08"):
            self.department.await_state(number, "DELIVERED")
        self.neighbour.collect()
        assert len(self.neighbour.given) == len(known) + 2
        holds("the hub is killed between acceptance and release; files are taken meanwhile, and both referrals arrive once")

    def kill_adapters(self):
        case = self.open_case()
        self.consent(case, "FORM-2026-10")
        known = len(self.neighbour.given)
        numbers = []
        points = [(self.sending, 0.02), (self.sending, 0.1), (self.sending, 0.3), (self.sending, 0.7),
                  (self.receiving, 0.1), (self.receiving, 0.5), (self.receiving, 0.9), (self.receiving, 1.3)]
        for sequence, (adapter, after) in enumerate(points, start=20):
            numbers.append(f"TLV-2026-{sequence}")
            self.department.drop(sequence, referral(numbers[-1], SERVICE, "FORM-2026-10", NEED, case))
            time.sleep(after)
            adapter.kill()
            adapter.start()
        for number in numbers:
            # What was handed to an adapter that was killed comes again when its lease of 60 s is over.
            self.department.await_state(number, "DELIVERED", patience=90)
        self.neighbour.collect()
        assert len(self.neighbour.given) == known + len(numbers)  # a number given twice is refused by department.py
        for number in numbers:
            assert self.department.states(number).count("DELIVERED") == 1, self.department.told[number]
        holds(f"adapters killed at {len(points)} points lose nothing and double nothing")

    def audit(self):
        # --once: the same work without staying; everything was done, so nothing is left to do.
        self.sending.stop()
        said = self.sending.once()
        assert said.startswith("done") and "0 accepted by the hub, 0 refused, 0 waiting to be sent" in said, said
        self.records_of_all = self.auditor.log_records()
        self.sending.start()
        self.end()
        referrals = self.referrals()
        refused = self.verify_journal(self.sending)
        assert refused == {referrals["TLV-2026-02"]: "consent_missing"}, refused
        self.verify_journal(self.receiving)
        released = [each for each in self.records_of_all if each["event"] == "released" and each["decision"] == "permit"]
        assert referrals["TLV-2026-05"] not in [each.get("referral") for each in released
                                                if each["operation"] == "referral.submitted.v1"]
        assert referrals["TLV-2026-11"] not in [each.get("referral") for each in self.records_of_all]
        holds("what she withdrew by a file while the hub was away was never sent to it")
        accepted = [each["message"] for each in self.records_of_all if each["event"] == "accepted" and "message" in each]
        assert len(accepted) == len(set(accepted)), "a message was accepted twice"
        for native, identity in referrals.items():
            taken = [each for each in self.records_of_all if each["event"] == "acknowledged" and
                     each.get("referral") == identity and each.get("org") == "ssd-4000"]
            if native in ("TLV-2026-02", "TLV-2026-05", "TLV-2026-11"):
                assert taken == [], taken
        assert not [path for path in (self.neighbour.folder / "out").iterdir()]
        holds("every decision has a receipt that holds; what she withdrew while it waited was never released")

    def prove_receipts(self):
        """What the log says of a file tells nobody what is in it, and the body whose file it is can show which it was."""
        logged = {each["facts"]["native"] for each in self.records_of_all if "native" in each.get("facts", {})}
        shown = 0
        for department, body in ((self.department, self.tel_aviv), (self.neighbour, self.haifa)):
            files = {path.name[5:]: path.read_bytes() for path in department.collected.iterdir()}
            plain = {in_base64url(hashlib.sha256(each)) for each in files.values()}
            assert not plain & logged, "a file can be found back by its digest"
            for line in (body.directory / "department.ledger").read_text().splitlines():
                if not line.startswith("wrote ") or len(line.split()) == 4:
                    continue
                _, message, receipt, name, salt = line.split()
                if name not in files or message.startswith(("waited/", "refused/")):  # no message of another body's
                    continue
                commitment = hashlib.sha256(b"kesher.native.v1" + bytes.fromhex(salt) + files[name])
                assert commitment.hexdigest() == receipt and in_base64url(commitment) in logged, line
                shown += 1
        assert shown > 20, shown
        holds(f"the log holds no digest of a department's file; {shown} receipts are shown to be its by the ledger's salts")

    def look_for_her(self):
        self.plant_ids()
        self.search_logs()


def in_base64url(digest):
    return base64.urlsafe_b64encode(digest.digest()).rstrip(b"=").decode()


def main():
    with Exchange(sys.argv[1]) as exchange:
        holds("a hub runs, and its operator is enrolled")
        story = Story(exchange)
        for step in (story.begin, story.refer, story.treat, story.drop_twice, story.refuse_without_consent,
                     story.refuse_identified, story.cross_identified, story.withdraw_while_waiting,
                     story.withdraw_after_release, story.withdraw_by_file, story.withdraw_on_a_full_day, story.kill_the_hub,
                     story.kill_adapters, story.audit, story.prove_receipts, story.look_for_her):
            step()


if __name__ == "__main__":
    main()
