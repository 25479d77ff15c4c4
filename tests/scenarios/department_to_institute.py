"""A department's file reaches National Insurance's service by SOAP, and what its staff says comes back into the files.

    department_to_institute.py BUILD_FOLDER      needs the cluster that deployment/postgres/cluster started there
Service and staff are npm soap's (tests/systems/national_insurance), made of the WSDL that the adapter serves.
Each step says in a line what now holds; the first that does not ends the scenario with exit code 1.
"""
import json
import sys
import time

from department import referral
from harness import Exchange, wait_until
from institute import Institute
from stage import HER_FAMILY, HER_ID, HER_IDENTITY, HER_NAME, HER_PHONE, TYPES, Stage, holds

NEED = ["מילוי טפסים, מעדיפה בוקר"]
SERVICE = "BEN-INCOME"


class Story(Stage):
    def begin(self, institute):
        self.institute = institute
        self.nii, = self.enrol(("nii", "PUBLIC_BODY", "N1", "CASEWORKER"))
        self.exchange.agree(self.tel_aviv, self.nii, TYPES, "BENEFIT_CLAIM,STATUS_FEEDBACK", "CONTACT,IDENTITY,INCOME")
        self.start_departments({SERVICE: "nii"})
        self.paying = self.exchange.adapter(self.nii, institute.settings(self.nii, "hub.example")).start()
        institute.open()
        self.plant(NEED[0], "what she asks for")
        holds("a department's and National Insurance's adapter run; its service and client are made of our WSDL")

    def refer(self, number, form, sequence, case=None):
        case = case or self.open_case()
        self.consent(case, form, "nii", "CONTACT,IDENTITY", "BENEFIT_CLAIM", SERVICE)
        self.department.drop(sequence, referral(number, SERVICE, form, NEED, case, HER_IDENTITY))
        return case

    def claim(self):
        self.case = self.refer("NII-2026-01", "NII-FORM-01", 1)
        self.number, record = self.institute.await_referral()
        form = record["body"]["Hafnaya"]
        assert record["client"] == "ssd-5000", record["client"]
        assert (form["MISPAR-ZIHUY"], form["SHEM-MISHPACHA"], form["SHEM-PRATI"]) == (HER_ID, HER_FAMILY, HER_NAME), form
        assert form["HEARA"] == NEED[0] and form["KOD-GIMLA"] == "1", form
        everything = json.dumps(record, ensure_ascii=False)
        for value in (self.case, '"W1"'):
            assert value not in everything, value
        self.department.await_state("NII-2026-01", "DELIVERED")
        holds("identified, as income support demands: the form holds her name, and neither the worker nor the sender's number of her")

    def decide(self):
        for status, state in (("20", "ACCEPTED"), ("25", "ON_HOLD"), ("20", "ACCEPTED"), ("30", "COMPLETED")):
            answer = self.institute.staff(self.number, "ssd-5000", status)
            assert answer["code"] in (0, "0"), answer
            told = self.department.await_state("NII-2026-01", state)
        assert told.outcome == 1, told
        self.institute.staff(self.number, "ssd-5000", "20", expect=2)
        holds("in work, documents missing, in work, approved: each is answered at once and stands in a file of the department")

    def refuse(self):
        self.refer("NII-2026-02", "NII-FORM-02", 2)
        number, _ = self.institute.await_referral([self.number])
        answer = self.institute.staff(number, "ssd-5000", "77", expect=2)
        assert answer["field"] == "STATUS-TIPUL" and " / " in answer["words"], answer
        self.institute.staff(number, "ssd-4000", "40", expect=2)
        self.institute.staff(number, "ssd-5000", "40", "--reason", "no-capacity")
        told = self.department.await_state("NII-2026-02", "DECLINED")
        assert told.reason == "no-capacity", told
        holds("a wrong code is refused with its field in Hebrew and English; a rejection comes back with its reason")
        self.known = [self.number, number]

    def withdraw(self):
        case = self.refer("NII-2026-03", "NII-FORM-03", 3)
        number, _ = self.institute.await_referral(self.known)
        self.known.append(number)
        self.revoke(case, "NII-FORM-03", "nii")
        self.institute.await_update(number, "revoke")
        self.department.await_state("NII-2026-03", "WITHDRAWN")
        self.institute.staff(number, "ssd-5000", "30", expect=2)
        wait_until(lambda: self.records(event="accepted", operation="consent.revocation-acked.v1"),
                   "National Insurance's adapter says that it stopped")
        holds("she withdraws: the service is told, the hub hears that it was, and what is said afterwards goes nowhere")

    def be_away(self):
        self.institute.freeze()
        self.refer("NII-2026-04", "NII-FORM-04", 4)
        time.sleep(3)
        self.paying.kill()
        self.institute.thaw()
        self.paying.start()
        self.department.await_state("NII-2026-04", "DELIVERED", patience=90)
        number, _ = self.institute.await_referral(self.known)
        self.known.append(number)
        holds("a service that hangs and an adapter that is killed meanwhile: it is there once, and known to be")

    def kill_all(self):
        case = self.open_case()
        self.consent(case, "NII-FORM-10", "nii", "CONTACT,IDENTITY", "BENEFIT_CLAIM", SERVICE)
        numbers = []
        points = [("adapter", 0.3), ("adapter", 0.9), ("hub", 0.5), ("adapter", 1.4), ("department", 0.2)]
        for sequence, (what, after) in enumerate(points, start=20):
            numbers.append(f"NII-2026-{sequence}")
            self.department.drop(sequence, referral(numbers[-1], SERVICE, "NII-FORM-10", NEED, case, HER_IDENTITY))
            time.sleep(after)
            killed = {"adapter": self.paying, "hub": self.exchange, "department": self.sending}[what]
            killed.kill()
            killed.start()
        for number in numbers:
            # What was handed to an adapter that was killed comes again when its lease of 60 s is over.
            self.department.await_state(number, "DELIVERED", patience=90)
            assert self.department.states(number).count("DELIVERED") == 1
        new = [each for each in self.institute.referrals() if each not in self.known]
        assert len(new) == len(numbers), new
        assert {each["takes"] for each in self.institute.referrals().values()} == {1}
        for number in new:
            self.institute.staff(number, "ssd-5000", "20")
        for number in numbers:
            self.department.await_state(number, "ACCEPTED")
        holds(f"adapters and hub killed at {len(points)} points: one call's worth for each referral, and each answer comes back")

    def audit(self):
        self.end()
        self.plant_ids()
        assert self.verify_journal(self.sending) == {}
        self.verify_journal(self.paying)
        for row in self.journal_rows(self.paying, "SELECT id, pseudonym FROM referral"):
            self.plant(row["id"], "a referral")
            self.plant(row["pseudonym"], "a pseudonym")
        assert HER_PHONE not in (self.paying.organisation.directory / "national_insurance.ledger").read_text()
        holds("every decision has a receipt that holds")
        self.search_logs()


def main():
    with Exchange(sys.argv[1]) as exchange, Institute(exchange.folder / "institute.native") as institute:
        story = Story(exchange)
        story.begin(institute)
        for step in (story.claim, story.decide, story.refuse, story.withdraw, story.be_away, story.kill_all, story.audit):
            step()


if __name__ == "__main__":
    main()
