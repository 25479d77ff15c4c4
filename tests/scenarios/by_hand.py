"""What kesherctl does beside sending: drafts, her lost code, who looked, what is proposed, what is broken.

    by_hand.py BUILD_FOLDER      needs the cluster that deployment/postgres/cluster started there
Each step says in a line what now holds; the first that does not ends the scenario with exit code 1.
"""
import http.client
import json
import pathlib
import re
import ssl
import subprocess
import sys
import time

from harness import Exchange, Organisation, run
from pages import Pages, service_names
from stage import HER_FAMILY, HER_ID, HER_NAME

LABELLED = "BEN-ALIM"

began = time.monotonic()


def holds(sentence):
    print(f"{time.monotonic() - began:5.1f} s  {sentence}", flush=True)


class Story:
    def __init__(self, exchange):
        self.exchange = exchange
        self.need = exchange.folder / "need.txt"
        self.need.write_text("a first conversation\n")
        self.forms = 0
        self.consents = []
        self.referrals = []
        # What stands on no page of any body.
        self.hidden = {HER_ID: "her id number", HER_FAMILY: "her name"}
        self.hidden |= dict.fromkeys(service_names(LABELLED), "a service with a label")

    def plain(self, body, *words):
        """kesherctl as a person reads it."""
        actor = ["--actor", body.officer, "--role", body.role] if body.officer else []
        return run([self.exchange.programs / "kesherctl", "--dir", body.directory, *actor, *words])

    def giving(self, case=None):
        self.forms += 1
        scan = self.exchange.folder / f"form-{self.forms}.pdf"
        scan.write_bytes(b"signed form number %d" % self.forms)
        return ("consent", "give", "--case", case or self.case, "--recipient", "nii", "--purposes",
                "BENEFIT_CLAIM,STATUS_FEEDBACK", "--groups", "IDENTITY", "--services", f"BEN-CHILD,{LABELLED}",
                "--notice-language", "he", "--form-file", scan)

    def examined(self, body, *words):
        """What doctor found, by what it is about; whether all of it is well is not asked: a disk may be full."""
        command = [self.exchange.programs / "kesherctl", "--dir", body.directory, "--json", "doctor", *words]
        done = subprocess.run(list(map(str, command)), stdout=subprocess.PIPE, timeout=30)
        return {each["what"]: each for each in json.loads(done.stdout)["checks"]}

    def consent(self, case=None):
        given = self.department.ctl(*self.giving(case))["consent"]
        self.consents.append(given)
        return given

    def referral(self, consent, *words, case=None, service="BEN-CHILD"):
        sealed = self.exchange.folder / "sealed.json"
        sealed.write_text(json.dumps({"identity": {"id_number": HER_ID, "given_name": HER_NAME, "family_name": HER_FAMILY}}))
        return ["message", "send", "--case", case or self.case, "--to", "nii", "--service", service, "--consent", consent,
                "--known-by", "identified", "--sealed-file", sealed, *words]

    def take(self):
        """The other body opens what is there."""
        return self.nii.ctl("inbox", "take", "--once", "--save", self.exchange.folder / "save" / "nii")["deliveries"]

    def confirm_nobody_unseen(self):
        """A root that is not the enrolled one confirms nobody; until one is, doctor says so, and what else is missing."""
        operator, token = self.exchange.operator, self.exchange.folder / "ssd-4000.token"
        operator.ctl("org", "add", "ssd-4000", "--kind", "PUBLIC_BODY", "--token-file", token)
        confirm = ("org", "confirm", "ssd-4000", "--root")
        early = operator.refused("digest_mismatch", *confirm, operator.root)
        assert early["sentence"].startswith("Nobody has enrolled as ssd-4000"), early
        body = Organisation(self.exchange, "ssd-4000")
        root = body.adapter("init", "--token-file", token)["root"]
        other = operator.refused("digest_mismatch", *confirm, operator.root)
        assert other["sentence"] == "This is not the root that enrolled as ssd-4000.", other
        assert other["remedy"].startswith("Do not confirm; ask the body again over another channel."), other
        told = self.examined(body)
        missing = [told[what] for what in ("standing", "agreements", "profile")]
        assert [each["health"] for each in missing] == ["broken"] * 3 and all(each["next"] for each in missing), missing
        assert f"kesherctl org confirm ssd-4000 --root {root}" in told["standing"]["next"], told
        assert body.ctl("doctor", expect=1)["sentence"].endswith("standing, agreements, profile")
        operator.ctl(*confirm, root)
        assert self.examined(body)["standing"]["health"] == "well"
        operator.ctl("org", "suspend", "ssd-4000")
        assert "suspended" in self.examined(body)["standing"]["sentence"]
        assert not {"agreements", "profile"} & set(told := self.examined(operator)) and "standing" in told, told
        holds("a root that nobody enrolled is not confirmed, and a body is told what it still lacks, with the next step")

    def begin(self):
        self.department, self.nii = self.exchange.enrol(
            ("ssd-5000", "PUBLIC_BODY", "W1", "SOCIAL_WORKER"), ("nii", "PUBLIC_BODY", "C1", "CASEWORKER"))
        self.exchange.agree(self.department, self.nii, "referral.submitted.v1,referral.event.v1", "BENEFIT_CLAIM",
                            "IDENTITY")
        opened = self.department.ctl("case", "open")
        self.case, self.code = opened["pseudonym"], opened["claim_code"]
        self.hidden |= {self.case: "the department's name of her case", self.code: "her claim code"}
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
        assert self.nii.ctl("inbox", "list") == {"holds": True, "deliveries": []}
        assert "Nothing is handed out now" in self.plain(self.nii, "inbox", "list")
        self.drafted = drafted["referral"]
        holds("a referral is prepared and waits for her word; the other body hears nothing of it")

    def mistake_in_a_file(self):
        """Told by its place, and nothing of what the file says is repeated."""
        command = self.referral(self.agreed)
        broken = command[command.index("--sealed-file") + 1]
        for text, told in (('{"identity":{},\n}', "line 2, column 1 is where it stops being JSON"),
                           ('{"contact":{"%s":""}}' % HER_NAME, "contact has a member that the sealed part does not know")):
            broken.write_text(text)
            refused = self.department.refused("unusable", *command)
            assert refused["sentence"] == f"{broken}: {told}" and "adapters/ctl/README.md" in refused["remedy"], refused

    def agree_and_send(self):
        self.agreed = self.consent()
        self.mistake_in_a_file()
        sent = self.department.ctl(*self.referral(self.agreed, "--referral", self.drafted))
        assert sent["referral"] == self.drafted, sent
        shown = self.department.ctl("consent", "show", "--consent", self.agreed, "--case", self.case)
        assert (shown["state"], shown["recipient"], shown["purposes"]) == (
            "given", "nii", "BENEFIT_CLAIM STATUS_FEEDBACK"), shown
        self.referrals.append(sent["referral"])
        taken = self.take()
        assert "comes again within a minute" in self.plain(
            self.nii, "inbox", "take", "--once", "--save", self.exchange.folder / "save" / "nii")
        assert [each["type"] for each in taken] == ["referral.submitted.v1"], taken
        holds("she agrees, it is sent as the one that was prepared, and it arrives")

    def refer_what_has_a_label(self):
        """On the same consent: a service whose name alone would hurt her. It is known to the two bodies, and to no board."""
        sent = self.department.ctl(*self.referral(self.agreed, service=LABELLED))
        self.take()
        declined = ("message", "event", "--referral", sent["referral"], "--event", "decline", "--reason", "not-eligible")
        self.nii.ctl(*declined)
        holds("a referral for a service with a label is taken, and declined for a reason of its own")

    def decline(self, women):
        """So many more are told that there is no room; each is a woman of her own."""
        for _ in range(women):
            opened = self.department.ctl("case", "open")
            self.hidden[opened["pseudonym"]] = "the department's name of another case"
            sent = self.department.ctl(*self.referral(self.consent(opened["pseudonym"]), case=opened["pseudonym"]))
            self.referrals.append(sent["referral"])
        self.take()
        for referral in self.referrals[-women:]:
            self.nii.ctl("message", "event", "--referral", referral, "--event", "decline", "--reason", "no-capacity")

    def look(self):
        self.refer_what_has_a_label()
        self.decline(4)
        assert self.department.ctl("agenda")["items"] == [], "four women are counted, and five are the least"
        self.decline(1)
        named = [each["pseudonym"] for each in self.nii.ctl("case", "list")["cases"]]
        assert len(named) >= 6 and self.case not in named, named
        self.hidden |= dict.fromkeys(named, "the other body's name of a case")
        ours, theirs = Pages(self, self.department), Pages(self, self.nii)
        for pages, side, other, he, en in (
                (ours, "referrer", "nii", r"המוסד לביטוח לאומי \(nii\)", r"National Insurance Institute \(nii\)"),
                (theirs, "recipient", "ssd-5000", r"מחלקה לשירותים חברתיים 5000 \(ssd-5000\)",
                 r"Social-services department 5000 \(ssd-5000\)")):
            self.judge_board(pages, side, other, he, en)
            assert pages.agenda["least"] == 5 and pages.agenda["items"] == [
                {"kind": "CAPACITY", "service": "BEN-CHILD", "at_least": 5, "days": 90}], pages.agenda
            pages.says("agenda", [r"אין מקום +קצבת ילדים +לפחות 5 +ב־90 הימים האחרונים"],
                       [r"no capacity +Child allowance +at least 5 +in the last 90 days"])
            pages.judge_forms()
            pages.never_say(values=self.hidden)
            pages.search_finds("board", "קצבת ילדים")
            pages.search_finds("agenda", "BEN-CHILD")
            pages.search_finds("access", pages.body.officer)
        holds("the board says where each referral stands, the agenda from the fifth woman on that there is no room, the meeting "
              "only when it is: in Hebrew and English; and no page says whose it is, or names what has a label")
        self.judge_access(ours, theirs)

    def judge_board(self, pages, side, other, he, en):
        waiting = {"DELIVERED": "recipient", "DECLINED": "nobody"}
        said = sorted((each["side"], each["other"], each["service"], each["state"], each["days"], each["waiting_for"])
                      for each in pages.board["lines"])
        assert said == sorted((side, other, "BEN-CHILD", state, "0-3", waiting[state])
                              for state in ["DELIVERED", *["DECLINED"] * 5]), said
        row = r"\d +{} +{} +{} +{} +0-3 +{}".format
        hebrew_side = {"referrer": "הגורם המפנה", "recipient": "הגורם המקבל"}[side]
        pages.says("board",
                   [row(hebrew_side, he, "קצבת ילדים", "התקבל אצל הגורם", "הגורם המקבל"),
                    *[row(hebrew_side, he, "קצבת ילדים", "לא התקבל – יש סיבה", "אין למי")] * 5],
                   [row(side, en, "Child allowance", "Received by the office", "recipient"),
                    *[row(side, en, "Child allowance", "Declined, see reason", "nobody")] * 5])
        here = dict.fromkeys([self.case, *self.referrals, *self.consents], "an id of hers")
        here |= dict.fromkeys(("W1", "C1"), "an officer")
        reasons = dict.fromkeys(("no-capacity", "not-eligible", "אין מקום", "No free place"), "why it was declined")
        pages.never_say("board", values=here | reasons)
        pages.never_say("agenda", values=here | dict.fromkeys(("nii", "ssd-5000"), "a body"))

    def judge_access(self, ours, theirs):
        for pages, role, theirs_alone in ((ours, ("עו״ס", "Social worker"), "C1"),
                                          (theirs, ("טיפול בפניות", "Caseworker"), "W1")):
            officer = pages.body.officer
            for language, word in zip(("he", "en"), role):
                text = pages.text["access", language]
                assert f"{officer} ({word})" in text and "read board" in text and "read agenda" in text, text
            # Where it was sent is in its own record; how the other body works on it is not.
            pages.never_say("access", values={theirs_alone + " (": "another body's officer", self.case: "a name of hers"})
        rows = self.department.ctl("access", "--subject", self.case)["rows"]
        assert {"claim-code", "draft", "open"} <= {each.get("operation") for each in rows}, rows
        assert not set(self.referrals[1:]) & {each.get("referral") for each in rows}, "rows about other women"
        assert [each["operation"] for each in self.department.ctl("access", "--officer", "W1")["rows"]
                if each["event"] == "read"] == [], "a program's reading is no officer's"
        self.department.refused("not_found", "access", "--org", "nii")
        self.nii.refused("not_found", "access", "--subject", self.case)
        holds("access says who looked and decided for the body that asks, each reading is there, and others' stay closed")

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
        rests = self.department.refused("consent_revoked", *self.giving())
        assert "24 hours after her withdrawal" in rests["remedy"], rests
        holds("a consent that was renewed is withdrawn: who got bytes before hears it, and says what it did; a new one rests")

    def suspend_an_officer(self):
        self.department.ctl("user", "invite", "W2", "--as", "SOCIAL_WORKER", "--training-valid-until",
                            time.strftime("%Y-%m-%d", time.gmtime(time.time() + 86_400)))
        second = [word if word != "W1" else "W2" for word in ("--actor", "W1")]
        run([self.exchange.programs / "kesherctl", "--dir", self.department.directory, *second, "--role",
             "SOCIAL_WORKER", "case", "open"])
        assert self.department.ctl("user", "suspend", "W2")["known"] is True
        run([self.exchange.programs / "kesherctl", "--dir", self.department.directory, *second, "--role",
             "SOCIAL_WORKER", "case", "open"], expect=1)
        # A slip of the finger: it counts, and is not taken for the other.
        assert self.department.ctl("user", "suspend", "W-2")["known"] is False
        assert "not known to the hub until now" in self.plain(self.department, "user", "suspend", "W.2")
        holds("an officer is let in and suspended, and from then on opens nothing; one whom nobody knew is told as that")

    def examine(self):
        state = pathlib.Path(self.exchange.folder / "state")
        found = self.examined(self.department, "--config", self.exchange.config)
        assert found["checkpoint file"]["health"] == "well", found
        assert not [what for what, each in found.items() if each["health"] == "broken" and "disk" not in what], found
        said = {what: (each["health"], each["sentence"]) for what, each in found.items()}
        assert said["standing"] == ("well", "The hub lists ssd-5000 as active."), said
        assert said["agreements"] == ("well", "1 agreement is in force.") and said["profile"][0] == "well", said
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


def call_on(line, method, path, body=None, content_type="application/json"):
    line.request(method, path, body=body, headers={"Content-Type": content_type} if body else {})
    answer = line.getresponse()
    return answer.status, answer.read()


def renew_the_hubs_own(exchange, story):
    """A year has passed: another certificate for the listeners, another key for what is sealed from now on."""
    exchange.stop()
    (exchange.folder / "operator.token").unlink()
    assert "was made before; nothing was changed" in exchange._initialise()
    assert not (exchange.folder / "operator.token").exists(), "a second operator could have enrolled"
    shown = (exchange.folder / "keys" / "tls.pem").read_bytes()
    hub = [exchange.programs / "kesher-hub", "--config", exchange.config]
    run([*hub, "--renew-certificate"])
    assert (exchange.folder / "keys" / "tls.pem").read_bytes() != shown
    assert "Store key 2" in run([*hub, "--rotate-store-key"])
    exchange.start()
    holds_until = re.search(r"^kesher_listener_certificate_not_after_seconds (\d+)$", exchange.metrics().decode(), re.MULTILINE)
    assert int(holds_until[1]) > time.time() + 390 * 86_400, "whoever watches is not told until when it holds"
    assert story.department.ctl("case", "show", story.case)["referrals"], "what was sealed before cannot be read"
    fresh = story.department.ctl("case", "open")["pseudonym"]
    exchange.stop()
    exchange.start()
    story.department.ctl("case", "show", fresh)
    holds("the hub's certificate and store key are made anew, and what was sealed before is read as ever")


def suspend_a_body(exchange, story):
    """On the connection that is open, and on one that resumes its TLS session: neither asks for a certificate again."""
    approval = max(story.nii.directory.rglob("*approve*.json"), key=lambda each: each.stat().st_mtime).read_bytes()
    line = story.nii.line()
    before, _ = call_on(line, "POST", "/v1/agreements", approval)
    assert before in (200, 201, 409), before
    line.session = line.sock.session
    exchange.operator.ctl("org", "suspend", "nii")
    for each in (line, resumed := story.nii.line(line)):
        status, problem = call_on(each, "POST", "/v1/agreements", approval)
        assert status == 403 and json.loads(problem)["code"] == "organisation_suspended", (status, problem)
        each.close()
    assert resumed.was_resumed, "the second connection made a handshake of its own"
    holds("a body is suspended: at once, on its open connection and on one that resumes the session")


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


def asks_for_a_certificate(exchange, listener):
    """Whether the listener asks who calls for a certificate: openssl shows each message of the handshake."""
    said = subprocess.run(["openssl", "s_client", "-msg", "-connect", f"localhost:{exchange.ports[listener]}"],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=30).stdout.decode()
    assert "TLS 1.3" in said and ", Finished" in said, said
    return ", CertificateRequest" in said


def open_the_peoples_pages(exchange):
    """What stands for officers and for her: a page each, that no browser keeps and that tells no other site of itself."""
    directory = exchange.operator.directory
    pins = json.loads((directory / "hub.json").read_text())
    assert asks_for_a_certificate(exchange, "organisations"), "what is looked for would show nowhere"
    for listener, sentence in (("officers", "כאן יעמדו המסכים לבעלי תפקידים."), ("person", "מידע כללי על זכויות.")):
        context = ssl.create_default_context(cadata=pins["ca"])
        line = http.client.HTTPSConnection("localhost", exchange.ports[listener], context=context, timeout=30)
        line.request("GET", "/")
        answer = line.getresponse()
        page = answer.read().decode()
        line.close()
        assert answer.status == 200 and sentence in page, (listener, answer.status, page)
        for name, value in (("Cache-Control", "no-store"), ("Referrer-Policy", "no-referrer"), ("Content-Type", "text/html; charset=utf-8")):
            assert answer.headers[name] == value, (listener, name, answer.headers[name])
        assert not asks_for_a_certificate(exchange, listener), f"{listener} asks for a certificate"
    holds("officers and she each get a page over TLS without a certificate of their own; it is kept nowhere and refers nowhere")


def main():
    with Exchange(sys.argv[1]) as exchange:
        holds("a hub runs, and its operator is enrolled")
        open_the_peoples_pages(exchange)
        story = Story(exchange)
        for step in (story.confirm_nobody_unseen, story.begin, story.renew_her_code, story.draft, story.agree_and_send, story.look,
                     story.withdraw_and_acknowledge, story.suspend_an_officer, story.examine):
            step()
        renew_the_hubs_own(exchange, story)
        suspend_a_body(exchange, story)
        stolen_keys(exchange, story)
        story.lose_the_database()


if __name__ == "__main__":
    main()
