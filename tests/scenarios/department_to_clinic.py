"""A department's file reaches a clinic's FHIR server, and what the clinic does comes back into the department's files.

    department_to_clinic.py BUILD_FOLDER      needs the cluster that deployment/postgres/cluster started there
The FHIR server is not ours (tests/systems/fhir), the clinic's staff work at it through its public interface alone.
Each step says in a line what now holds; the first that does not ends the scenario with exit code 1.
"""
import json
import sys
import time

from clinic import Clinic
from department import referral
from harness import SAFETY_FLAGS, Exchange, wait_until
from stage import HER_FAMILY, HER_ID, HER_IDENTITY, HER_NAME, HER_PHONE, TYPES, Stage, holds

NEED = ["שיחה ראשונה אצל מטפלת, מעדיפה בוקר"]
SERVICE = "HLT-TRAUMA"
CONSENT_GROUPS = 46


class Story(Stage):
    def begin(self, clinic):
        self.clinic = clinic
        self.health, = self.enrol(("health", "PUBLIC_BODY", "C1", "CASEWORKER"))
        self.exchange.agree(self.tel_aviv, self.health, TYPES, "TREATMENT,STATUS_FEEDBACK", "CONTACT,HEALTH,IDENTITY")
        self.start_departments({SERVICE: "health"})
        self.treating = self.exchange.adapter(self.health, clinic.settings(self.health, "hub.example")).start()
        self.plant(NEED[0], "what she asks for")
        holds("a department's and a clinic's adapter run; the FHIR server is not ours")
        for body, flags in (("health", SAFETY_FLAGS.split(",")), ("ssd-4000", ["contact-prohibited"])):
            wait_until(lambda: self.tel_aviv.ctl("profile", "show", body)["honours"].split() == flags,
                       f"{body} declares what its far side keeps")
        holds("each adapter has declared in its body's name which safety flags its far side honours")

    def refer(self, number, form, groups="", identity=None, sequence=1, case=None):
        """A consent and a file; the case."""
        case = case or self.open_case()
        self.consent(case, form, "health", groups, "TREATMENT", SERVICE)
        self.department.drop(sequence, referral(number, SERVICE, form, NEED, case, identity))
        return case

    def present(self):
        self.case = self.refer("CLINIC-2026-01", "CLIN-FORM-01")
        self.task = self.clinic.await_task()
        request, patient = self.clinic.about(self.task)
        assert [each["text"] for each in request["note"]] == NEED, request["note"]
        assert patient["gender"] == "unknown" and "telecom" not in patient, patient
        everything = json.dumps(self.clinic.everything(), ensure_ascii=False)
        for value in (HER_ID, HER_FAMILY, HER_PHONE, self.case, "W1"):
            assert f'"{value}"' not in everything, value
        self.department.await_state("CLINIC-2026-01", "DELIVERED")
        holds("she will present herself: the clinic reads what is asked, and nothing that says who she is")

    def treat(self):
        steps = (("accept", "ACCEPTED"), ("schedule", "SCHEDULED"), ("start", "IN_PROGRESS"), ("complete", "COMPLETED"))
        for action, state in steps:
            options = ["--at", "2030-12-01T09:00:00+02:00", "--place", "חדר 4"] if action == "schedule" else []
            self.clinic.staff(action, self.task, *options)
            told = self.department.await_state("CLINIC-2026-01", state)
            if action == "schedule":
                assert (told.date, told.time) == ("20301201", "090000"), told
        assert told.outcome == 1, told
        states = self.department.states("CLINIC-2026-01")
        assert states == ["REQUESTED", "DELIVERED", *[state for _, state in steps]], states
        holds("accepted, scheduled, started, completed at the clinic: each step is in a file of the department")

    def identify(self):
        self.refer("CLINIC-2026-02", "CLIN-FORM-02", "", HER_IDENTITY, 2)
        answer = self.department.answer(2)
        assert [(each[3], int(each[4])) for each in answer] == [("R", CONSENT_GROUPS)], answer
        self.identified_case = self.refer("CLINIC-2026-03", "CLIN-FORM-03", "CONTACT,IDENTITY", HER_IDENTITY, 3)
        self.identified = self.clinic.await_task([self.task["id"]])
        _, patient = self.clinic.about(self.identified)
        assert HER_ID in [each.get("value") for each in patient["identifier"]], patient["identifier"]
        official = [each for each in patient["name"] if each.get("use") == "official"]
        assert official[0]["family"] == HER_FAMILY and official[0]["given"] == [HER_NAME], patient["name"]
        assert [each["value"] for each in patient["telecom"]] == [HER_PHONE], patient
        holds("identified is refused consent_groups without her consent to it, and crosses whole with it")

    def withdraw_after_release(self):
        self.clinic.staff("accept", self.identified)
        self.department.await_state("CLINIC-2026-03", "ACCEPTED")
        self.treating.stop()
        self.refer("CLINIC-2026-04", "CLIN-FORM-04", sequence=4)
        self.await_accepted(3)
        self.revoke(self.identified_case, "CLIN-FORM-03", "health")
        self.department.await_state("CLINIC-2026-03", "WITHDRAWN")
        self.treating.start()
        self.clinic.await_status(self.identified, "cancelled")
        wait_until(lambda: self.clinic.about(self.identified)[0]["status"] == "revoked", "the request is revoked")
        wait_until(lambda: "inactive" in {each["status"] for each in self.clinic.search("Consent?_count=100")},
                   "the consent is inactive")
        released = [each["operation"] for each in self.records(event="released", recipient="health", decision="permit")]
        assert released[2] == "consent.revoked.v1" and "referral.submitted.v1" in released[3:], released
        self.later = self.clinic.await_task([self.task["id"], self.identified["id"]])
        wait_until(lambda: self.records(event="accepted", operation="consent.revocation-acked.v1"),
                   "the clinic's adapter says that it stopped")
        holds("she withdraws: the notice heads the inbox, the Task is cancelled, the request revoked, the clinic says so")

    def withdraw_while_waiting(self):
        self.treating.stop()
        case = self.refer("CLINIC-2026-05", "CLIN-FORM-05", sequence=5)
        self.await_accepted(4)
        self.revoke(case, "CLIN-FORM-05", "health")
        self.department.await_state("CLINIC-2026-05", "WITHDRAWN")
        self.treating.start()
        holds("what she withdraws while it waits is over before the clinic's adapter asks for it")

    def hold(self):
        self.clinic.freeze()
        self.refer("CLINIC-2026-06", "CLIN-FORM-06", sequence=6)
        wait_until(self.held, "the referral is held")
        assert "DELIVERED" not in self.department.states("CLINIC-2026-06")
        self.treating.kill()
        self.clinic.thaw()
        self.treating.start()
        self.department.await_state("CLINIC-2026-06", "DELIVERED")
        self.known = {each["id"] for each in self.clinic.tasks()}
        assert len(self.known) == 4, self.known
        holds("a clinic whose server is away has the referral held, sealed, and given on when it is back: once")

    def held(self):
        return [each for each in self.records(event="acknowledged", org="health")
                if each["facts"].get("outcome") == "held"]

    def withdraw_while_held(self):
        before = len(self.held())
        self.clinic.freeze()
        case = self.refer("CLINIC-2026-07", "CLIN-FORM-07", sequence=7)
        wait_until(lambda: len(self.held()) > before, "the referral is held")
        self.treating.kill()
        self.revoke(case, "CLIN-FORM-07", "health")
        # The notices go out, and to a program that hands nothing on: for a minute the inbox has nothing of them.
        shown = [each["type"] for each in self.health.ctl("inbox", "list")["deliveries"]]
        assert sorted(shown) == ["consent.revoked.v1", "referral.event.v1"], shown
        self.clinic.thaw()
        self.treating.start()
        self.refer("CLINIC-2026-08", "CLIN-FORM-08", sequence=8)
        self.department.await_state("CLINIC-2026-08", "DELIVERED")
        new = [each for each in self.clinic.tasks() if each["id"] not in self.known]
        assert len(new) == 1, [each["id"] for each in new]
        self.known.add(new[0]["id"])
        self.department.await_state("CLINIC-2026-07", "WITHDRAWN")
        holds("she withdraws while it is held, and the notice is lost on its way: what is held is not opened without it")

    def kill_all(self):
        case = self.open_case()
        self.consent(case, "CLIN-FORM-10", "health", "", "TREATMENT", SERVICE)
        numbers = []
        points = [("adapter", 0.3), ("adapter", 0.8), ("adapter", 1.1), ("adapter", 1.4), ("hub", 0.5), ("hub", 1.0),
                  ("department", 0.2)]
        for sequence, (what, after) in enumerate(points, start=20):
            numbers.append(f"CLINIC-2026-{sequence}")
            self.department.drop(sequence, referral(numbers[-1], SERVICE, "CLIN-FORM-10", NEED, case))
            time.sleep(after)
            killed = {"adapter": self.treating, "hub": self.exchange, "department": self.sending}[what]
            killed.kill()
            killed.start()
        for number in numbers:
            # What was handed to an adapter that was killed comes again when its lease of 60 s is over.
            self.department.await_state(number, "DELIVERED", patience=90)
            assert self.department.states(number).count("DELIVERED") == 1
        new = [each for each in self.clinic.tasks() if each["id"] not in self.known]
        assert len(new) == len(numbers), [each["id"] for each in new]
        requests = [each["focus"]["reference"] for each in new]
        assert len(set(requests)) == len(numbers)
        self.clinic.staff("reject", new[0], "--reason", "no-capacity")
        wait_until(lambda: self.department.collect() or [number for number in numbers
                                                         if "DECLINED" in self.department.states(number)], "declined")
        holds(f"adapters and hub killed at {len(points)} points: one Task for each referral, and a refusal comes back")

    def audit(self):
        records = self.auditor.log_records()
        self.end()
        self.plant_ids()
        referrals = self.referrals()
        assert self.verify_journal(self.sending) == {}
        self.verify_journal(self.treating)
        released = [each.get("referral") for each in records if each["event"] == "released" and
                    each["decision"] == "permit" and each["operation"] == "referral.submitted.v1"]
        taken = [each["referral"] for each in records if each["event"] == "acknowledged" and
                 each.get("org") == "health" and each["facts"]["outcome"] == "taken" and
                 each["operation"] == "referral.submitted.v1"]
        assert referrals["CLINIC-2026-07"] not in taken
        assert referrals["CLINIC-2026-05"] not in released and referrals["CLINIC-2026-01"] in released
        for row in self.journal_rows(self.treating, "SELECT id, pseudonym FROM referral"):
            self.plant(row["id"], "a referral")
            self.plant(row["pseudonym"], "a pseudonym")
        holds("every decision has a receipt that holds; what she withdrew while it waited was never released")
        self.search_logs()


def main():
    with Exchange(sys.argv[1]) as exchange, Clinic(exchange.folder / "clinic.native") as clinic:
        holds("a hub and a FHIR server run")
        story = Story(exchange)
        story.begin(clinic)
        for step in (story.present, story.treat, story.identify, story.withdraw_after_release,
                     story.withdraw_while_waiting, story.hold, story.withdraw_while_held, story.kill_all, story.audit):
            step()


if __name__ == "__main__":
    main()
