"""A department's file reaches the labor arm as a signed event, and what its people say comes back into the files.

    department_to_labor.py BUILD_FOLDER      needs the cluster that deployment/postgres/cluster started there
Its service is npm cloudevents' and jose's (tests/systems/labor).
Each step says in a line what now holds; the first that does not ends the scenario with exit code 1.
"""
import json
import sys

from harness import Exchange
from labor_office import LaborOffice
from native_body import NativeBodyStory
from stage import HER_FAMILY, HER_ID, HER_NAME, HER_PHONE, holds


class Story(NativeBodyStory):
    body, service, purpose, letter = "labor", "EMP-VOC", "REFERRAL", "LAB"
    groups = "CONTACT,IDENTITY,EMPLOYMENT"
    need = "קורס ערב, ליד הבית"
    identity = ("", "", "", "", HER_PHONE)  # no more than where to reach her
    dropped = (HER_PHONE,)
    ledger = "labor.ledger"
    working, too_late = "ActiveActionStatus", "CompletedActionStatus"
    deciding = (("ActiveActionStatus", "ACCEPTED"), ("ActiveActionStatus-paused", "ON_HOLD"),
                ("ActiveActionStatus", "ACCEPTED"), ("ActiveActionStatus-started", "IN_PROGRESS"),
                ("CompletedActionStatus", "COMPLETED"))

    def refer_to_training(self):
        holds("a department's and the labor arm's adapter run; its service signs, and believes the key that the adapter serves")
        case, _, self.first, record = self.refer_new(1)
        data = record["data"]
        assert record["source"] == "urn:kesher:organisation:ssd-5000", record["source"]
        assert data["object"]["programType"] == "vocational-training" and data["description"] == self.need, data
        everything = json.dumps(record, ensure_ascii=False)
        assert HER_PHONE in everything
        for value in (case, '"W1"', HER_ID, HER_NAME, HER_FAMILY):
            assert value not in everything, value
        self.department.await_state(self.number(1), "DELIVERED")
        holds("known by her phone: it stands in one signed event, and neither her name nor the worker nor the sender's number of her")

    def refuse(self):
        _, _, number, _ = self.refer_new(2)
        answer = self.far.tell(number, "NoSuchStatus")
        assert answer["code"] == "form" and answer["faults"][0]["pointer"] == "/data/actionStatus", answer
        assert " / " in answer["title"], answer
        answer = self.far.tell(number, "ActiveActionStatus", spoil="key")
        assert answer["status"] == 401, answer
        self.far.say(number, "FailedActionStatus-full")
        told = self.department.await_state(self.number(2), "DECLINED")
        assert told.reason == "no-capacity", told
        holds("an unknown status is refused with its place in Hebrew and English, a stranger's signature too; a refusal comes back "
              "with its reason")


def main():
    with Exchange(sys.argv[1]) as exchange, \
            LaborOffice(exchange.folder / "labor_office.native", exchange.folder / "labor_keys.native") as office:
        story = Story(exchange)
        story.begin(office)
        for step in (story.refer_to_training, story.decide, story.refuse, story.withdraw, story.be_away, story.kill_all, story.audit):
            step()


if __name__ == "__main__":
    main()
