"""The first receipt: a woman's consent, her referral, its receipt; its refusal, its delivery, its end.

    first_receipt.py BUILD_FOLDER      needs the cluster that deployment/postgres/cluster started there
Each step says in a line what now holds; the first that does not ends the scenario with exit code 1.
"""
import base64
import hashlib
import json
import sys
import time
import uuid

from harness import Exchange
from unchecked_sender import signed_anew

NEED = "בקשה לקביעת שיחה ראשונה; מעדיפה שעות בוקר"
began = time.monotonic()


def holds(sentence):
    print(f"{time.monotonic() - began:5.1f} s  {sentence}", flush=True)


class Story:
    def __init__(self, exchange):
        self.exchange = exchange
        self.save = exchange.folder / "save"
        self.need = exchange.folder / "need.txt"
        self.need.write_text(NEED + "\n", encoding="utf-8")
        self.form = 0

    def enrol(self):
        self.department, self.health, self.neighbour, self.auditor = self.exchange.enrol(
            ("ssd-5000", "PUBLIC_BODY", "W1", "SOCIAL_WORKER"), ("health", "PUBLIC_BODY", "C1", "CASEWORKER"),
            ("ssd-4000", "PUBLIC_BODY", "W9", "SOCIAL_WORKER"), ("auditor", "AUDITOR", None, None))
        listed = self.exchange.operator.ctl("org", "list")["organisations"]
        assert {each["id"]: each["status"] for each in listed} == dict.fromkeys(
            ("operator", "ssd-5000", "health", "ssd-4000", "auditor"), "active")
        holds("five organisations are enrolled and confirmed by their roots")

    def agree(self):
        self.department.refused("key_unpinned", *self.referral(self.open_case(), "00000000-0000-4000-8000-000000000000"))
        self.exchange.agree(self.department, self.health, "referral.submitted.v1,referral.event.v1",
                            "TREATMENT,STATUS_FEEDBACK", "HEALTH")
        keys = {each["id"]: each["keys"] for each in self.department.ctl("org", "list")["organisations"]}
        assert (keys["ssd-5000"], keys["health"], keys["ssd-4000"]) == ("ourselves", "believed", "no agreement"), keys
        keys = {each["id"]: each["keys"] for each in self.exchange.operator.ctl("org", "list")["organisations"]}
        assert keys.pop("operator") == "ourselves" and set(keys.values()) == {"no agreement"}, keys
        holds("four approvals let the two bodies believe each other's keys, and nobody else's")

    def open_case(self):
        opened = self.department.ctl("case", "open")
        self.claim_code = opened["claim_code"]
        return opened["pseudonym"]

    def consent(self, case):
        self.form += 1
        scan = self.exchange.folder / f"form-{self.form}.pdf"
        scan.write_bytes(b"signed form number %d" % self.form)
        return self.department.ctl(
            "consent", "give", "--case", case, "--recipient", "health", "--purposes", "TREATMENT,STATUS_FEEDBACK",
            "--groups", "HEALTH", "--services", "HLT-TRAUMA", "--notice-language", "he", "--form-file", scan)["consent"]

    def referral(self, case, consent, save=None):
        return ["message", "send", "--case", case, "--to", "health", "--service", "HLT-TRAUMA", "--consent", consent,
                "--known-by", "presents", "--need-file", self.need, *(["--save", save] if save else [])]

    def take(self, save, expect):
        answer = self.health.ctl("inbox", "take", "--once", "--save", save)
        kinds = [each["type"] for each in answer["deliveries"]]
        assert kinds == expect, answer
        assert all(each["answer"] == "logged" for each in answer.get("acks", [])), answer
        return answer["deliveries"]

    def receive_receipt(self):
        self.case = self.open_case()
        self.first_consent = self.consent(self.case)
        saved = self.save / "sent"
        sent = self.department.ctl(*self.referral(self.case, self.first_consent, saved))
        assert sent["answer"] == "accepted", sent
        record = self.exchange.verify_receipt(saved, self.department)
        assert (record["event"], record["decision"]) == ("accepted", "permit"), record
        claims = self.exchange.verify_statement(saved)
        assert (claims["from"], claims["to"], claims["service"]) == ("ssd-5000", "health", "HLT-TRAUMA"), claims
        assert record["message"] == claims["id"] == sent["message"]
        assert (saved / "leaf").read_text().split("\n")[0] == (saved / "statement.jws").read_text()
        self.first = sent
        holds("a referral under her consent has a receipt that kesher-verify, openssl and npm jose believe")

    def repeat(self):
        saved = self.save / "sent"
        status, body = self.department.request("POST", "/v1/messages", (saved / "submission.avro").read_bytes(),
                                               "avro/binary")
        again = json.loads(body)
        assert status == 200, (status, body)
        assert again["leaf"] == (saved / "leaf").read_text()
        assert again["receipt"] == (saved / "receipt.tlog-proof").read_text()
        holds("the same submission again has the same receipt, byte for byte")

    def refuse_without_consent(self):
        other = self.open_case()
        saved = self.save / "refused"
        answer = self.department.refused("consent_missing", *self.referral(other, self.first_consent, saved))
        record = self.exchange.verify_receipt(saved, self.department)
        assert (record["decision"], record["code"]) == ("deny", "consent_missing"), record
        assert answer["leaf"] == (saved / "leaf").read_text()
        holds("a referral without her consent is refused, and the refusal has a receipt that holds")

    def deliver(self):
        taken = self.take(self.save / "health", ["referral.submitted.v1"])
        folder = self.save / "health" / self.first["message"]
        released = self.exchange.verify_receipt(folder, self.health)
        assert (released["event"], released["recipient"]) == ("released", "health"), released
        assert released["statement"] == urlsafe_digest((folder / "statement.jws").read_bytes()), released
        content = json.loads((folder / "content.json").read_text())
        assert content["sealed"]["need"] == NEED, content
        assert content["pseudonym"] != self.case
        assert taken[0]["referral"] == self.first["referral"]
        assert NEED not in json.dumps(taken, ensure_ascii=False)
        # The log's word on what it read: shown by content and salt, and by the content alone not to be tried.
        said = [each["facts"]["native"] for each in self.auditor.log_records() if "native" in each.get("facts", {})]
        salt = bytes.fromhex((folder / "native-salt").read_text().strip())
        read = (folder / "content.json").read_bytes()
        assert urlsafe_digest(b"kesher.native.v1" + salt + read) in said, said
        assert urlsafe_digest(read) not in said, said
        holds("the recipient takes it from its inbox with a proof of its release, and alone reads what is asked")
        state = self.department.ctl("message", "show", "--referral", self.first["referral"])
        assert state["state"] == "DELIVERED", state
        self.health.ctl("message", "event", "--referral", self.first["referral"], "--event", "accept")
        state = self.department.ctl("message", "show", "--referral", self.first["referral"])
        assert state["state"] == "ACCEPTED", state
        holds("her worker sees that it arrived and was accepted")

    def hide_from_strangers(self):
        unknown = "00000000-0000-4000-8000-000000000000"
        answers = [self.neighbour.request("GET", f"/v1/referrals/{each}") for each in (self.first["referral"], unknown)]
        assert answers[0][0] == answers[1][0] == 404, answers
        assert without_incident(answers[0][1]) == without_incident(answers[1][1]), answers
        holds("to another department her referral does not exist")

    def withdraw_while_waiting(self):
        case = self.open_case()
        sent = self.department.ctl(*self.referral(case, self.consent(case)))
        self.department.ctl("message", "event", "--referral", sent["referral"], "--event", "withdraw", "--subject-acts")
        seen = self.health.ctl("inbox", "take", "--once", "--save", self.save / "health")["deliveries"]
        assert all(each["referral"] != sent["referral"] for each in seen), seen
        self.withdrawn = sent["referral"]
        holds("what she withdraws while it waits never leaves the hub")

    def revoke(self):
        case = self.open_case()
        self.department.ctl(*self.referral(case, self.consent(case)))
        ended = self.department.ctl("consent", "revoke", "--case", self.case, "--consent", self.first_consent)
        self.ended = int(ended["index"])
        # The notice, and the end of what she withdrew from, are released before what waited longer.
        taken = self.take(self.save / "health", ["consent.revoked.v1", "referral.event.v1", "referral.submitted.v1"])
        assert [each["from"] for each in taken] == ["hub", "hub", "ssd-5000"], taken
        assert [int(each["leaf"]) for each in taken] == sorted(int(each["leaf"]) for each in taken), taken
        state = self.department.ctl("message", "show", "--referral", self.first["referral"])
        assert state["state"] == "WITHDRAWN", state
        holds("after she withdraws her consent the notice heads the inbox, and her referral is withdrawn")

    def send_under_what_she_withdrew(self):
        # Her worker's own program knows, and nothing leaves; so the hub is asked by one that does not look.
        at_home = self.department.refused("consent_revoked", *self.referral(self.case, self.first_consent))
        assert "leaf" not in at_home, at_home
        once_taken = (self.save / "sent" / "submission.avro").read_bytes()
        for referral, wanted in ((str(uuid.uuid4()), (403, "consent_revoked")),
                                      (self.first["referral"], (409, "event_not_allowed"))):
            again = signed_anew(once_taken, self.department.directory / "signing.key", id=str(uuid.uuid4()),
                                referral=referral)
            status, body = self.department.request("POST", "/v1/messages", again, "avro/binary")
            answer = json.loads(body)
            assert (status, answer["code"]) == wanted, answer
            saved = self.save / f"refused-{answer['index']}"
            saved.mkdir()
            (saved / "leaf").write_text(answer["leaf"])
            (saved / "receipt.tlog-proof").write_text(answer["receipt"])
            record = self.exchange.verify_receipt(saved, self.department)
            assert (record["event"], record["decision"], record["code"]) == ("refused", "deny", wanted[1]), record
        # The same way with a consent that is in force is taken: it is her word that refuses, and nothing else.
        case = self.open_case()
        saved = self.save / "in-force"
        self.department.ctl(*self.referral(case, self.consent(case), saved))
        again = signed_anew((saved / "submission.avro").read_bytes(), self.department.directory / "signing.key",
                            id=str(uuid.uuid4()), referral=str(uuid.uuid4()))
        status, body = self.department.request("POST", "/v1/messages", again, "avro/binary")
        assert status == 201, body
        self.take_all()
        holds("nothing more goes out under it: the sender's own kit refuses, and the hub too where a kit does not look")

    def take_all(self):
        while self.health.ctl("inbox", "take", "--once", "--save", self.save / "health")["deliveries"]:
            pass

    def survive_a_kill(self):
        case = self.open_case()
        saved = self.save / "before-the-kill"
        sent = self.department.ctl(*self.referral(case, self.consent(case), saved))
        self.exchange.kill()
        self.exchange.start()
        self.exchange.verify_receipt(saved, self.department)
        status, body = self.department.request("POST", "/v1/messages", (saved / "submission.avro").read_bytes(),
                                               "avro/binary")
        assert (status, json.loads(body)["receipt"]) == (200, (saved / "receipt.tlog-proof").read_text()), body
        taken = self.take(self.save / "health", ["referral.submitted.v1"])
        assert taken[0]["referral"] == sent["referral"], taken
        self.take(self.save / "health", [])
        holds("the hub killed between acceptance and release loses nothing and doubles nothing")

    def audit(self):
        records = self.auditor.log_records()
        under = {each["referral"] for each in records if each.get("consent") == self.first_consent and "referral" in each}
        late = [index for index, each in enumerate(records) if index > self.ended and each["event"] == "released"
                and each["decision"] == "permit" and each.get("org") != "hub"
                and (each.get("consent") == self.first_consent or each.get("referral") in under)]
        assert self.first["referral"] in under and not late, f"released after she withdrew: leaves {late}"
        assert records[self.ended]["event"] == "consent" and records[self.ended]["consent"] == self.first_consent
        released = [each["referral"] for each in records if each["event"] == "released" and "referral" in each]
        assert self.withdrawn not in released and self.first["referral"] in released
        accepted = [each["message"] for each in records if each["event"] == "accepted" and "message" in each]
        assert len(accepted) == len(set(accepted)), "a message was accepted twice"
        last = [each for each in records if each.get("referral") == self.withdrawn]
        assert last and last[-1]["after"]["state"] == "WITHDRAWN", last
        dump = self.exchange.dump()
        for secret in (NEED, self.case, self.claim_code, "".join(filter(str.isalnum, self.claim_code))):
            assert secret not in dump and secret.encode().hex() not in dump, "the database holds a secret in clear"
        holds("the log tells all of it, and the database tells nobody who she is or what she asked")


def urlsafe_digest(text):
    return base64.urlsafe_b64encode(hashlib.sha256(text).digest()).rstrip(b"=").decode()


def without_incident(body):
    problem = json.loads(body)
    problem.pop("incident", None)
    return problem


def main():
    with Exchange(sys.argv[1]) as exchange:
        holds("a hub runs, and its operator is enrolled")
        story = Story(exchange)
        for step in (story.enrol, story.agree, story.receive_receipt, story.repeat, story.refuse_without_consent,
                     story.deliver, story.hide_from_strangers, story.withdraw_while_waiting, story.revoke,
                     story.send_under_what_she_withdrew, story.survive_a_kill, story.audit):
            step()
        exchange.stop()
        holds("the hub ends in order")


if __name__ == "__main__":
    main()
