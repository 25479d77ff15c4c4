"""What kesherctl does beside sending: drafts, her lost code, who looked, what is proposed, what is broken.

    by_hand.py BUILD_FOLDER      needs the cluster that deployment/postgres/cluster started there
Each step says in a line what now holds; the first that does not ends the scenario with exit code 1.
"""
import json
import pathlib
import subprocess
import sys
import time

from harness import Exchange, run

began = time.monotonic()


def holds(sentence):
    print(f"{time.monotonic() - began:5.1f} s  {sentence}", flush=True)


class Story:
    def __init__(self, exchange):
        self.exchange = exchange
        self.need = exchange.folder / "need.txt"
        self.need.write_text("a first conversation\n")
        self.forms = 0

    def plain(self, body, *words):
        """kesherctl as a person reads it."""
        actor = ["--actor", body.officer, "--role", body.role] if body.officer else []
        return run([self.exchange.programs / "kesherctl", "--dir", body.directory, *actor, *words])

    def consent(self):
        self.forms += 1
        scan = self.exchange.folder / f"form-{self.forms}.pdf"
        scan.write_bytes(b"signed form number %d" % self.forms)
        return self.department.ctl(
            "consent", "give", "--case", self.case, "--recipient", "nii", "--purposes",
            "BENEFIT_CLAIM,STATUS_FEEDBACK", "--groups", "IDENTITY", "--services", "BEN-CHILD",
            "--notice-language", "he", "--form-file", scan)["consent"]

    def referral(self, consent, *words):
        sealed = self.exchange.folder / "sealed.json"
        sealed.write_text(json.dumps({"identity": {"id_number": "000000018"}}))
        return ["message", "send", "--case", self.case, "--to", "nii", "--service", "BEN-CHILD", "--consent", consent,
                "--known-by", "identified", "--sealed-file", sealed, *words]

    def begin(self):
        self.department, self.nii = self.exchange.enrol(
            ("ssd-5000", "PUBLIC_BODY", "W1", "SOCIAL_WORKER"), ("nii", "PUBLIC_BODY", "C1", "CASEWORKER"))
        self.exchange.agree(self.department, self.nii, "referral.submitted.v1,referral.event.v1", "BENEFIT_CLAIM",
                            "IDENTITY")
        opened = self.department.ctl("case", "open")
        self.case, self.code = opened["pseudonym"], opened["claim_code"]
        holds("a department, a second body, an agreement, a case")

    def renew_her_code(self):
        fresh = self.department.ctl("case", "claim-code", self.case)
        assert fresh["claim_code"] != self.code and len(fresh["claim_code"]) == 20, fresh
        assert fresh["leaf"].count("\n") == 2 and fresh["claim_code"] not in fresh["leaf"], fresh
        self.nii.refused("not_found", "case", "claim-code", self.case)
        holds("her code is lost: she gets another, with a leaf, and only from the body that opened the case")

    def draft(self):
        about = ["--case", self.case, "--to", "nii", "--service", "BEN-CHILD", "--groups", "IDENTITY"]
        drafted = self.department.ctl("message", "draft", *about)
        asked = self.department.ctl("message", "ask-consent", *about, "--referral", drafted["referral"])
        assert asked["referral"] == drafted["referral"]
        state = self.department.ctl("message", "show", "--referral", drafted["referral"])
        assert state["state"] == "AWAITING_CONSENT", state
        assert self.nii.ctl("inbox", "list")["deliveries"] == []
        self.drafted = drafted["referral"]
        holds("a referral is prepared and waits for her word; the other body hears nothing of it")

    def agree_and_send(self):
        self.agreed = self.consent()
        sent = self.department.ctl(*self.referral(self.agreed, "--referral", self.drafted))
        assert sent["referral"] == self.drafted, sent
        shown = self.department.ctl("consent", "show", "--consent", self.agreed, "--case", self.case)
        assert (shown["state"], shown["recipient"], shown["purposes"]) == (
            "given", "nii", "BENEFIT_CLAIM STATUS_FEEDBACK"), shown
        taken = self.nii.ctl("inbox", "take", "--once", "--save", self.exchange.folder / "save" / "nii")
        assert [each["type"] for each in taken["deliveries"]] == ["referral.submitted.v1"], taken
        holds("she agrees, it is sent as the one that was prepared, and it arrives")

    def look(self):
        board = self.department.ctl("board")
        assert [(each["side"], each["other"], each["state"]) for each in board["lines"]] == [
            ("referrer", "nii", "DELIVERED")], board
        assert self.drafted not in json.dumps(board) and self.case not in json.dumps(board)
        in_hebrew = self.plain(self.department, "board", "--language", "he")
        assert "התקבל אצל הגורם" in in_hebrew and "(nii)" in in_hebrew, in_hebrew
        agenda = self.department.ctl("agenda")
        assert agenda["items"] == [] and agenda["least"] == 5, agenda
        ics = self.department.ctl("agenda", "--ics", "--start", "2026-12-01T09:30")["ics"]
        assert "DTSTART;TZID=Asia/Jerusalem:20261201T093000" in ics and "DESCRIPTION" not in ics, ics
        rows = self.department.ctl("access", "--subject", self.case)["rows"]
        assert {"claim-code", "draft", "open"} <= {each.get("operation") for each in rows}, rows
        assert [each["operation"] for each in self.department.ctl("access", "--officer", "W1")["rows"]
                if each["event"] == "read"] == [], "a program's reading is no officer's"
        looked = [each for each in self.department.ctl("access")["rows"] if each["event"] == "read"]
        assert {"board", "agenda", "access"} <= {each["operation"] for each in looked}, looked
        self.department.refused("not_found", "access", "--org", "nii")
        assert "claim-code" in self.plain(self.department, "access")
        holds("board, agenda and access are read, each reading has its leaf, and others' stay closed")

    def withdraw_and_acknowledge(self):
        renewed = self.consent()
        self.department.ctl("consent", "revoke", "--case", self.case, "--consent", renewed)
        taken = self.nii.ctl("inbox", "take", "--once", "--save", self.exchange.folder / "save" / "nii")["deliveries"]
        assert [each["type"] for each in taken] == ["consent.revoked.v1", "referral.event.v1"], taken
        notice = taken[0]
        assert notice["consent"] == self.agreed != renewed, notice
        self.nii.ctl("consent", "acknowledge", "--consent", self.agreed, "--in-reply-to", notice["message"],
                     "--effect", "deleted")
        assert self.nii.ctl("consent", "show", "--consent", self.agreed)["state"] == "withdrawn"
        holds("a consent that was renewed is withdrawn: who got bytes before hears it, and says what it did")

    def suspend_an_officer(self):
        self.department.ctl("user", "invite", "W2", "--as", "SOCIAL_WORKER", "--training-valid-until",
                            time.strftime("%Y-%m-%d", time.gmtime(time.time() + 86_400)))
        second = [word if word != "W1" else "W2" for word in ("--actor", "W1")]
        run([self.exchange.programs / "kesherctl", "--dir", self.department.directory, *second, "--role",
             "SOCIAL_WORKER", "case", "open"])
        self.department.ctl("user", "suspend", "W2")
        run([self.exchange.programs / "kesherctl", "--dir", self.department.directory, *second, "--role",
             "SOCIAL_WORKER", "case", "open"], expect=1)
        holds("an officer is let in and suspended, and from then on opens nothing")

    def examine(self):
        state = pathlib.Path(self.exchange.folder / "state")
        command = [self.exchange.programs / "kesherctl", "--dir", self.department.directory, "--json", "doctor",
                   "--config", self.exchange.config]
        found = json.loads(subprocess.run(list(map(str, command)), stdout=subprocess.PIPE, timeout=30).stdout)["checks"]
        assert {each["what"]: each["health"] for each in found}.get("checkpoint file") == "well", found
        assert not [each for each in found if each["health"] == "broken" and "disk" not in each["what"]], found
        key = self.department.directory / "signing.key"
        key.chmod(0o644)
        broken = self.department.ctl("doctor", expect=1)
        assert broken["refused"] == "broken" and broken["sentence"].split(", ")[0] == "our keys", broken
        key.chmod(0o600)
        recovered = self.department.ctl("log", "recover", "--checkpoint", state / "checkpoint")
        assert recovered["verdict"].startswith("the hub signs"), recovered
        holds("doctor finds all well, names the one thing that is not, and nothing of the log is lost")

    def lose_the_database(self):
        state = pathlib.Path(self.exchange.folder / "state")
        self.exchange.stop()
        kept = (state / "checkpoint").read_text()
        for forget in ("DELETE FROM log_checkpoint WHERE size > (SELECT size FROM log_checkpoint ORDER BY size DESC "
                       "OFFSET 3 LIMIT 1)", "DELETE FROM log_entry WHERE idx >= (SELECT max(size) FROM log_checkpoint)"):
            run(["psql", "--no-psqlrc", "--quiet", "--dbname", self.exchange.conninfo("postgres"), "--command", forget])
        ended = subprocess.run([str(self.exchange.programs / "kesher-hub"), "--config", str(self.exchange.config)],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=30)
        said = ended.stderr.decode()
        assert ended.returncode == 1 and "older database" in said and "log recover" in said, said
        assert (state / "checkpoint").read_text() == kept, "the file that proves it was written over"
        lost = self.department.ctl("log", "recover", "--checkpoint", state / "checkpoint", expect=1)
        assert lost["refused"] == "log_silent" and len(lost["way_out"]) >= 4, lost
        assert kept.split("\n")[1] + " entries" in lost["sentence"], lost
        holds("an older database put back: the hub does not start, and what everybody knows stands side by side")


def stolen_keys(exchange, story):
    story.exchange.operator.ctl("org", "compromise", "nii")
    status, _ = story.nii.request("GET", "/v1/inbox")
    assert status == 401, status
    listed = {each["id"]: each for each in exchange.operator.ctl("org", "list")["organisations"]}
    assert listed["nii"]["status"] == "suspended", listed
    token = exchange.folder / "again.token"
    exchange.operator.ctl("enrol", "token", "nii", "--token-file", token)
    exchange.operator.refused("event_not_allowed", "org", "compromise", "operator")
    exchange.operator.ctl("org", "off-board", "nii")
    listed = {each["id"]: each["status"] for each in exchange.operator.ctl("org", "list")["organisations"]}
    assert listed["nii"] == "left", listed
    exchange.operator.refused("event_not_allowed", "enrol", "token", "nii", "--token-file", exchange.folder / "no.token")
    holds("a body's keys are stolen: its next call is nobody's; it may come back by a token, or leave for good")


def main():
    with Exchange(sys.argv[1]) as exchange:
        holds("a hub runs, and its operator is enrolled")
        story = Story(exchange)
        for step in (story.begin, story.renew_her_code, story.draft, story.agree_and_send, story.look,
                     story.withdraw_and_acknowledge, story.suspend_an_officer, story.examine):
            step()
        stolen_keys(exchange, story)
        story.lose_the_database()


if __name__ == "__main__":
    main()
