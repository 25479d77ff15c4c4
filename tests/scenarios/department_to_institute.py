"""A department's file reaches National Insurance's service by SOAP, and what its staff says comes back into the files.

    department_to_institute.py BUILD_FOLDER      needs the cluster that deployment/postgres/cluster started there
Service and staff are npm soap's (tests/systems/national_insurance), made of the WSDL that the adapter serves.
Each step says in a line what now holds; the first that does not ends the scenario with exit code 1.
"""
import json
import sys

from harness import Exchange
from institute import Institute
from native_body import NativeBodyStory
from stage import HER_FAMILY, HER_ID, HER_NAME, holds


class Story(NativeBodyStory):
    body, service, purpose, letter = "nii", "BEN-INCOME", "BENEFIT_CLAIM", "NII"
    groups = "CONTACT,IDENTITY,INCOME"
    need = "מילוי טפסים, מעדיפה בוקר"
    ledger = "national_insurance.ledger"
    working, too_late = "20", "30"
    deciding = (("20", "ACCEPTED"), ("25", "ON_HOLD"), ("20", "ACCEPTED"), ("30", "COMPLETED"))

    def claim(self):
        holds("a department's and National Insurance's adapter run; its service and client are made of our WSDL")
        case, _, self.first, record = self.refer_new(1)
        form = record["body"]["Hafnaya"]
        assert record["client"] == "ssd-5000", record["client"]
        assert (form["MISPAR-ZIHUY"], form["SHEM-MISHPACHA"], form["SHEM-PRATI"]) == (HER_ID, HER_FAMILY, HER_NAME), form
        assert form["HEARA"] == self.need and form["KOD-GIMLA"] == "1", form
        everything = json.dumps(record, ensure_ascii=False)
        for value in (case, '"W1"'):
            assert value not in everything, value
        self.department.await_state(self.number(1), "DELIVERED")
        holds("identified, as income support demands: the form holds her name, and neither the worker nor the sender's number of her")

    def refuse(self):
        _, _, number, _ = self.refer_new(2)
        answer = self.far.staff(number, "ssd-5000", "77", expect=2)
        assert answer["field"] == "STATUS-TIPUL" and " / " in answer["words"], answer
        self.far.staff(number, "ssd-4000", "40", expect=2)
        self.far.staff(number, "ssd-5000", "40", "--reason", "no-capacity")
        told = self.department.await_state(self.number(2), "DECLINED")
        assert told.reason == "no-capacity", told
        holds("a wrong code is refused with its field in Hebrew and English; a rejection comes back with its reason")


def main():
    with Exchange(sys.argv[1]) as exchange, Institute(exchange.folder / "institute.native") as institute:
        story = Story(exchange)
        story.begin(institute)
        for step in (story.claim, story.decide, story.refuse, story.withdraw, story.be_away, story.kill_all, story.audit):
            step()


if __name__ == "__main__":
    main()
