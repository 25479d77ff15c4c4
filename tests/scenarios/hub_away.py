"""Her word while the hub is away, and what the hub took while something at home failed.

    hub_away.py BUILD_FOLDER      needs the cluster that deployment/postgres/cluster started there
A withdrawal by hand is written down, told as not known at the hub, and sent by the next command that reaches it. What the
hub accepted is never told as refused, whichever file or folder could not be written.
Each step says in a line what now holds; the first that does not ends the scenario with exit code 1.
"""
import contextlib
import json
import shutil
import sqlite3
import sys
import time
import uuid

from harness import Exchange, run

AWAY = "THE HUB DOES NOT KNOW IT YET"
began = time.monotonic()


def holds(sentence):
    print(f"{time.monotonic() - began:5.1f} s  {sentence}", flush=True)


class Story:
    def __init__(self, exchange):
        self.exchange = exchange
        self.need = exchange.folder / "need.txt"
        self.need.write_text("a first conversation\n")
        self.save = exchange.folder / "save"
        self.forms = 0

    def begin(self):
        self.department, self.health = self.exchange.enrol(
            ("ssd-5000", "PUBLIC_BODY", "W1", "SOCIAL_WORKER"), ("health", "PUBLIC_BODY", "C1", "CASEWORKER"))
        self.exchange.agree(self.department, self.health, "referral.submitted.v1,referral.event.v1",
                            "TREATMENT,STATUS_FEEDBACK", "HEALTH")
        holds("a department, a recipient, an agreement")

    # ---- what is said by hand ----
    def next_woman(self):
        self.case = self.department.ctl("case", "open")["pseudonym"]

    def give(self, *words):
        self.forms += 1
        scan = self.exchange.folder / f"form-{self.forms}.pdf"
        scan.write_bytes(b"signed form number %d" % self.forms)
        return ["consent", "give", "--case", self.case, "--recipient", "health", "--purposes", "TREATMENT,STATUS_FEEDBACK",
                "--groups", "HEALTH", "--services", "HLT-TRAUMA", "--notice-language", "he", "--form-file", scan, *words]

    def referral(self, consent, *words):
        return ["message", "send", "--case", self.case, "--to", "health", "--service", "HLT-TRAUMA", "--consent", consent,
                "--need-file", self.need, *words]

    def taken(self):
        return self.health.ctl("inbox", "take", "--once", "--save", self.save / "health")["deliveries"]

    def unheard(self, *words):
        """A withdrawal that does not reach the hub: what is said of it."""
        told = self.department.ctl(*words, expect=1)
        assert told["refused"] == "unreachable" and AWAY in told["sentence"], told
        assert told["hub"] == "does not know it yet" and f"--id {told['message']}" in told["again"], told
        return told

    def submissions(self):
        return self.exchange.rows("SELECT count(*) FROM referral")[0][0]

    # ---- what holds ----
    def withdraw_while_it_is_away(self):
        self.next_woman()
        ended = self.department.ctl(*self.referral(self.department.ctl(*self.give())["consent"]))
        self.next_woman()
        given = self.department.ctl(*self.give())["consent"]
        sent = self.department.ctl(*self.referral(given))
        assert len(self.taken()) == 2
        self.exchange.stop()
        revoked = self.unheard("consent", "revoke", "--case", self.case, "--consent", given)
        again = self.unheard("consent", "revoke", "--case", self.case, "--consent", given)
        assert again["message"] == revoked["message"], "said twice it is one word of hers"
        withdrawn = self.unheard("message", "event", "--referral", ended["referral"], "--event", "withdraw", "--subject-acts")
        shown = self.department.ctl("consent", "show", "--consent", given)
        assert shown["state"] == "withdrawn" and shown["hub"].startswith("has not taken her withdrawal yet"), shown
        self.leave_undecided(300)
        again = self.unheard("consent", "revoke", "--case", self.case, "--consent", given)
        assert again["message"] == revoked["message"], "however much else waits"
        holds("the hub is away: a consent taken back and a referral withdrawn are written down and told as not known there")

        self.exchange.start()
        passed = self.department.ctl("case", "show", self.case)["withdrawals"]
        assert [(each["message"], each["answer"]) for each in passed] == [
            (revoked["message"], "sent first"), (withdrawn["message"], "sent first")], passed
        assert "withdrawals" not in self.department.ctl("case", "show", self.case)
        assert not (self.department.directory / "kesherctl.unsent").exists()
        self.journal("DELETE FROM outgoing WHERE statement = ''")
        shown = self.department.ctl("consent", "show", "--consent", given)
        assert shown["state"] == "withdrawn" and "hub" not in shown, shown
        told = {(each["type"], each["referral"]) for each in self.taken()}
        assert ("referral.event.v1", ended["referral"]) in told, told
        assert "consent.revoked.v1" in {type for type, _ in told}, told
        states = [self.department.ctl("message", "show", "--referral", each["referral"])["state"] for each in (sent, ended)]
        assert states == ["WITHDRAWN", "WITHDRAWN"], states
        holds("the next command that reaches the hub brings both first and says so; who had got bytes hears of it")

        repeated = self.department.ctl("consent", "revoke", "--case", self.case, "--consent", given)
        assert (repeated["answer"], repeated["message"]) == ("repeated", revoked["message"]), repeated
        holds("and whoever gives the command once more gets the first receipt")

    def end_a_consent_that_it_never_had(self):
        """Given and taken back while the hub is away: it learns of both, in this order."""
        self.next_woman()
        self.exchange.stop()
        consent = str(uuid.uuid4())
        given = self.department.ctl(*self.give("--consent", consent), expect=1)
        assert given["refused"] == "unreachable" and "It was not sent." in given["remedy"], given
        shown = self.department.ctl("consent", "show", "--consent", consent)
        assert shown["state"] == "given" and shown["hub"].startswith("has not taken the consent yet"), shown
        revoked = self.unheard("consent", "revoke", "--case", self.case, "--consent", consent)
        self.exchange.start()
        passed = self.department.ctl("case", "list")["withdrawals"]
        assert [(each["message"], each["answer"]) for each in passed] == [(revoked["message"], "sent first")], passed
        assert "hub" not in self.department.ctl("consent", "show", "--consent", consent)
        holds("a consent given and taken back meanwhile: the hub hears of the one before the other")

    def send_nothing_while_it_is_away(self):
        self.next_woman()
        self.agreed = self.department.ctl(*self.give())["consent"]
        self.exchange.stop()
        told = self.department.ctl(*self.referral(self.agreed), expect=1)
        assert told["refused"] == "unreachable" and told["remedy"].startswith("Nothing was sent"), told
        self.exchange.start()
        holds("a referral that cannot reach the hub is told as not sent, with what to do")

    def keep_what_the_hub_took(self):
        before = self.submissions()
        used = self.save / "used"
        used.mkdir(parents=True)
        (used / "leaf").write_text("of another message")
        for place in (used, self.need):
            told = self.department.refused("unusable", *self.referral(self.agreed, "--save", place))
            assert str(place) in told["sentence"], told
        assert self.submissions() == before
        holds("a folder that holds something else, or is none, is told before anything is sent")

        saved, spoiled = self.save / "sent", self.save / "spoiled"
        sent = self.department.ctl(*self.referral(self.agreed, "--save", saved))
        again = self.referral(self.agreed, "--id", sent["message"], "--save", spoiled)
        spoiled.mkdir()
        shutil.copy(saved / "statement.jws", spoiled)  # of this message, so it may be saved there
        (spoiled / "leaf").mkdir()
        told = self.department.ctl(*again)
        assert (told["answer"], told["referral"], told["index"]) == ("repeated", sent["referral"], sent["index"]), told
        assert "leaf: cannot be created" in told["warnings"][0]["what"], told
        plain = self.plain(*again)
        assert "REFUSED" not in plain and sent["referral"] in plain and "warnings" in plain, plain
        told = self.department.ctl(*again[:-1], self.save / "third")
        assert "warnings" not in told and (self.save / "third/leaf").read_text() == (saved / "leaf").read_text()
        assert self.submissions() == str(int(before) + 1)
        holds("what was accepted stays accepted where its evidence cannot be saved, and is saved elsewhere by its id")

    def plain(self, *words):
        """As a person reads it."""
        return run([self.exchange.programs / "kesherctl", "--dir", self.department.directory, "--actor", "W1", "--role",
                    "SOCIAL_WORKER", *words])

    def note_what_the_hub_took(self):
        consents, referrals = (self.department.directory / name for name in ("consents", "referrals"))
        consents.rename(consents.with_suffix(".kept"))
        consents.write_text("no folder")
        command = self.give("--number", "H-17", "--id", uuid.uuid4())
        given = self.department.ctl(*command)
        assert given["answer"] == "accepted" and "consents: cannot be made" in given["warnings"][0]["what"], given
        consents.unlink()
        consents.with_suffix(".kept").rename(consents)
        again = self.department.ctl(*command)
        assert (again["answer"], again["consent"]) == ("repeated", given["consent"]) and "warnings" not in again, again
        notes = [json.loads(each.read_text()) for each in consents.glob("*.given.json")]
        assert [each["number"] for each in notes if each["consent"] == given["consent"]] == ["H-17"], notes
        self.agreed = given["consent"]

        referrals.rename(referrals.with_suffix(".kept"))
        referrals.write_text("no folder")
        sent = self.department.ctl(*self.referral(self.agreed))
        assert sent["answer"] == "accepted" and sent["message"] in sent["warnings"][0]["what"], sent
        referrals.unlink()
        referrals.with_suffix(".kept").rename(referrals)
        withdraw = ["message", "event", "--referral", sent["referral"], "--event", "withdraw", "--subject-acts"]
        self.department.refused("unusable", *withdraw)
        self.department.ctl(*self.referral(self.agreed, "--id", sent["message"]))
        self.department.ctl(*withdraw)
        holds("a note that cannot be written is a warning beside the receipt, and the same command with its id writes it")

    def journal(self, text, *values):
        """What a program that was cut off would have left in the department's journal."""
        with contextlib.closing(sqlite3.connect(self.department.directory / "kesherctl.journal")) as file, file:
            file.execute(text, values)

    def leave_undecided(self, count):
        """Consents whose answer nobody ever asked for again."""
        self.journal("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) INSERT INTO outgoing (id, "
                     "type, recipient, consent, first_lane, statement, submission, state) SELECT "
                     "printf('00000000-0000-4000-8000-%012x', i), 'consent.given.v1', 'hub', "
                     "printf('00000000-0000-4000-9000-%012x', i), 0, '', x'', 'waiting' FROM n", count)

    def withdraw_what_had_no_answer(self):
        sent = self.department.ctl(*self.referral(self.agreed))
        self.journal("UPDATE outgoing SET state = 'waiting', attempts = 1 WHERE id = ?", sent["message"])
        withdrawn = self.department.ctl("message", "event", "--referral", sent["referral"], "--event", "withdraw",
                                        "--subject-acts")
        assert withdrawn["answer"] == "accepted", withdrawn
        holds("a referral without an answer that the hub has is withdrawn there")

        before = self.submissions()
        message, referral = str(uuid.uuid4()), str(uuid.uuid4())
        self.journal("INSERT INTO outgoing (id, type, recipient, referral, consent, first_lane, statement, submission, state, "
                     "attempts) SELECT ?, type, recipient, ?, consent, 0, statement, submission, 'waiting', 1 FROM outgoing "
                     "WHERE id = ?", message, referral, sent["message"])
        note = json.loads((self.department.directory / "referrals" / f"{sent['referral']}.json").read_text())
        (self.department.directory / "referrals" / f"{referral}.json").write_text(json.dumps(note | {"referral": referral}))
        withdraw = ["message", "event", "--referral", referral, "--event", "withdraw", "--subject-acts"]
        told = self.department.ctl(*withdraw, expect=1)
        assert told["refused"] == "not_found" and AWAY in told["sentence"], told
        told = self.department.refused("consent_revoked", *self.referral(self.agreed, "--id", message))
        assert "the hub is being asked whether it had this referral" in told["sentence"], told
        assert self.submissions() == before
        assert "waits" in self.department.ctl("case", "list")["withdrawals"][0]["answer"]
        self.journal("UPDATE outgoing SET next_try = 1 WHERE id = ?", message)  # the time is over
        assert "never needed" in self.department.ctl("case", "list")["withdrawals"][0]["answer"]
        assert "withdrawals" not in self.department.ctl("case", "list")
        self.department.refused("consent_revoked", *self.referral(self.agreed, "--id", message))
        assert self.submissions() == before
        holds("one that the hub does not have is not brought there only to be ended, and is not sent any more")

    def add_nobody_without_a_token(self):
        there = self.exchange.folder / "there.token"
        there.write_text("another's")
        told = self.exchange.operator.refused("unusable", "org", "add", "labor", "--token-file", there)
        assert "must not exist" in told["sentence"] and "not asked" in told["remedy"], told
        assert there.read_text() == "another's"
        members = self.exchange.operator.ctl("org", "list")["organisations"]
        assert "labor" not in {each["id"] for each in members}, members
        holds("a body is not added where its token would have no place")

    def refer_beside_an_adapter(self):
        assert "answers" not in self.department.ctl(*self.referral(self.agreed))
        (self.department.directory / "adapter.lock").write_text("")
        told = self.department.ctl(*self.referral(self.agreed))
        assert "no record of this referral" in told["answers"] and told["referral"] in told["answers"], told
        assert "answers" not in self.health.ctl("inbox", "list")
        holds("beside an adapter a referral by hand says that its answers are placed in no file")


def main():
    with Exchange(sys.argv[1]) as exchange:
        story = Story(exchange)
        for step in (story.begin, story.withdraw_while_it_is_away, story.end_a_consent_that_it_never_had,
                     story.send_nothing_while_it_is_away, story.keep_what_the_hub_took, story.note_what_the_hub_took,
                     story.withdraw_what_had_no_answer,
                     story.add_nobody_without_a_token, story.refer_beside_an_adapter):
            step()


if __name__ == "__main__":
    main()
