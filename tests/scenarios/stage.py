"""What the stories about departments' files share: enrolled bodies, their adapters, what a worker does by hand, what the
log and the journals tell afterwards, and the search for what must stand in no log.
"""
import base64
import http.client
import json
import sqlite3
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

from department import Department
from harness import PATIENCE, PROBLEM, SAID_NO, STDERR, ask, day_from_now, overheard, run, wait_until

ASKED = ("safe_channel", "safe_hours", "no_voicemail", "neutral_name", "do_not_notify_family", "address_confidential")
TYPES = "referral.submitted.v1,referral.event.v1"
HER_ID, HER_NAME, HER_FAMILY, HER_PHONE = "000000018", "רות", "כהן-לוי", "0500000000"
HER_IDENTITY = (HER_ID, HER_NAME, HER_FAMILY, "1990", HER_PHONE)
# Of what is planted, what a sender's own signed statement names; so the leaf of its refusal does. A case is named by a hash.
OF_A_STATEMENT = ("a consent", "a referral", "an id on the wire")

began = time.monotonic()


def holds(sentence):
    print(f"{time.monotonic() - began:5.1f} s  {sentence}", flush=True)


class Stage:
    dropped = (HER_ID, HER_FAMILY, HER_PHONE)  # of her, in the department's own files

    def __init__(self, exchange):
        self.exchange = exchange
        self.save = exchange.folder / "save"
        # What must stand in no log, and where it may: {value: what it is}.
        self.planted = {HER_ID: "her id number", HER_FAMILY: "her name", HER_PHONE: "her phone"}

    # ---- bodies and their adapters ----
    def enrol(self, *more):
        """Two departments, an auditor, and more; the departments' adapters speak as officer `desk`."""
        self.tel_aviv, self.haifa, self.auditor, *others = self.exchange.enrol(
            ("ssd-5000", "PUBLIC_BODY", "W1", "SOCIAL_WORKER"), ("ssd-4000", "PUBLIC_BODY", "W9", "SOCIAL_WORKER"),
            ("auditor", "AUDITOR", None, None), *more)
        for body in (self.tel_aviv, self.haifa):
            body.ctl("officer", "put", "--id", "desk", "--role", "SOCIAL_WORKER",
                     "--training-valid-until", day_from_now(300))
        self.exchange.agree(self.tel_aviv, self.haifa, TYPES, "REFERRAL,STATUS_FEEDBACK", "CONTACT,IDENTITY")
        return others

    def start_departments(self, routes):
        folder = self.exchange.folder
        self.department = Department(folder / "files-5000", "5000", "000000018")
        self.neighbour = Department(folder / "files-4000", "4000", "400000004")
        self.sending = self.exchange.adapter(self.tel_aviv, self.department.settings(
            self.tel_aviv, "hub.example", routes, ASKED)).start()
        self.receiving = self.exchange.adapter(self.haifa, self.neighbour.settings(
            self.haifa, "hub.example", {}, ASKED)).start()

    # ---- a worker at her desk ----
    def plant(self, value, what):
        self.planted[value] = what
        return value

    def open_case(self):
        opened = self.tel_aviv.ctl("case", "open")
        self.plant(opened["claim_code"], "a claim code")
        self.plant("".join(filter(str.isalnum, opened["claim_code"])), "a claim code")
        return self.plant(opened["pseudonym"], "a pseudonym")

    def consent(self, case, number, recipient="ssd-4000", groups="", purpose="REFERRAL", service="HOUS-EMERG"):
        """A form that she signed, recorded by hand under its number."""
        scan = self.exchange.folder / f"form-{number}.pdf"
        scan.write_bytes(f"signed form {number}".encode())
        given = self.tel_aviv.ctl(
            "consent", "give", "--case", case, "--recipient", recipient, "--number", number,
            "--purposes", f"{purpose},STATUS_FEEDBACK", *(["--groups", groups] if groups else []), "--services", service,
            "--notice-language", "he", "--form-file", scan)
        return self.plant(given["consent"], "a consent")

    def revoke(self, case, number, recipient="ssd-4000"):
        self.tel_aviv.ctl("consent", "revoke", "--case", case, "--number", number, "--recipient", recipient)

    # ---- what the log tells ----
    def records(self, **facts):
        """The log's records with these members."""
        return [each for each in self.auditor.log_records() if all(each.get(key) == value for key, value in facts.items())]

    def accepted(self):
        return self.records(event="accepted", operation="submit", decision="permit")

    def await_accepted(self, count):
        wait_until(lambda: len(self.accepted()) >= count, f"{count} referrals are accepted")

    # ---- what an adapter that has ended remembers ----
    def journal_rows(self, adapter, query):
        assert not adapter.runs
        with sqlite3.connect(adapter.journal) as file:
            file.row_factory = sqlite3.Row
            return file.execute(query).fetchall()

    def referrals(self):
        """Native number -> id of what ssd-5000 sent."""
        return {each["native"]: each["uuid"]
                for each in self.journal_rows(self.sending, "SELECT native, uuid FROM alias WHERE kind = 'referral'")}

    def verify_journal(self, adapter):
        """Every decision that the hub gave this adapter has a receipt that holds; the refusals by code."""
        refused = {}
        rows = self.journal_rows(adapter, "SELECT * FROM outgoing")
        for row in rows:
            assert row["state"] in ("accepted", "refused", "taken_back"), dict(row)
            if row["leaf"] is None:  # ended at home: she withdrew before it left
                assert row["state"] == "taken_back" or row["code"] == "consent_revoked", dict(row)
                continue
            folder = self.save / adapter.organisation.name / row["id"]
            folder.mkdir(parents=True)
            (folder / "leaf").write_text(row["leaf"])
            (folder / "receipt.tlog-proof").write_text(row["receipt"])
            assert row["leaf"].split("\n")[0] == row["statement"], "the receipt is about another statement"
            run([self.exchange.programs / "kesher-verify", "receipt", "--leaf", folder / "leaf", "--proof",
                 folder / "receipt.tlog-proof", "--log-key", adapter.organisation.pinned_log()])
            record = json.loads(row["leaf"].split("\n")[1])
            assert (record["decision"] == "deny") == (row["state"] == "refused"), record
            if row["state"] == "refused":
                refused[row["referral"]] = record["code"]
                self.exchange.verify_receipt(folder, adapter.organisation)
        assert rows
        return refused

    # ---- nothing about a person in any log ----
    def plant_ids(self):
        """What the exchange itself calls her and her referrals, from the journals."""
        for adapter in (self.sending, self.receiving):
            for row in self.journal_rows(adapter, "SELECT id, pseudonym FROM referral"):
                self.plant(row["id"], "a referral")
                self.plant(row["pseudonym"], "a pseudonym")
            for row in self.journal_rows(adapter, "SELECT uuid, native FROM alias"):
                self.plant(row["uuid"], "an id on the wire")
                self.plant(row["native"], "a native number")

    def ask_in_vain(self):
        """What somebody sends who types what he knows of her into the wrong place; each is refused, and each refusal kept."""
        before = len(overheard.of(PROBLEM).get(PROBLEM + "GET", b""))
        for body in (self.haifa, self.tel_aviv):
            values = (HER_ID, HER_PHONE, self.first_case()) if body is self.haifa else (HER_ID, HER_PHONE)
            for path in ("/v1/cases/{}", "/v1/referrals/{}", "/v1/messages/{}", "/v1/access?subject={}", "/{}"):
                for value in values:
                    self.must_refuse(body, "GET", path.format(value))
            self.must_refuse(body, "DELETE", f"/v1/cases/{HER_ID}")
            self.must_refuse(body, "POST", "/v1/messages", ",".join(HER_IDENTITY).encode(), "avro/binary")
            self.must_refuse(body, "POST", "/v1/messages", HER_FAMILY.encode("cp1255"), f"text/{HER_PHONE}")
            named = json.dumps({"name": HER_FAMILY, HER_ID: True}).encode()
            self.must_refuse(body, "POST", "/v1/cases", named, "application/json")
        case = self.first_case()
        self.haifa.refused("not_found", "case", "show", case)
        run([self.exchange.programs / "kesherctl", "--dir", self.haifa.directory, "case", "show", case], expect=1)
        # What the hub refused to the adapters it says again, word for word, to who sends the same bytes.
        for adapter in (self.sending, self.receiving):
            for row in self.journal_rows(
                    adapter, "SELECT submission, code FROM outgoing WHERE state = 'refused' AND leaf IS NOT NULL"):
                answer = self.must_refuse(adapter.organisation, "POST", "/v1/messages", row["submission"], "avro/binary")
                assert answer["code"] == row["code"] and answer["leaf"], answer
        assert len(overheard.of(PROBLEM)[PROBLEM + "GET"]) > before + 2000, "the refusals are not kept"

    def first_case(self):
        return next(value for value, what in self.planted.items() if what == "a pseudonym")

    @staticmethod
    def must_refuse(body, method, path, *content):
        status, said = body.request(method, path, *content)
        assert 400 <= status < 500, (method, path, status, said)
        return json.loads(said)

    def search_logs(self, *more):
        """No log, metric, name of a file, refusal or standard error holds what was planted."""
        files = {path.name: path.read_bytes() for path in (*self.exchange.folder.glob("*.log"), *more)}
        postgres = self.exchange.cluster_folder / "log"
        texts = {"metrics": self.last_metrics, "names of files": self.file_names(),
                 "PostgreSQL's log": b"".join(path.read_bytes() for path in postgres.iterdir())} | files
        for name in ("hub.log", "ssd-5000.log", "ssd-4000.log", "PostgreSQL's log", "metrics", "names of files"):
            assert len(texts[name]) > 100, f"{name} is empty: nothing was searched"
        self.search(texts)
        searched = len(texts) + self.search_overheard()
        # The same search finds what is there: in the folder of the department, which is its own.
        native = b"".join(path.read_bytes() for path in (self.department.folder / "taken").iterdir())
        for value in self.dropped:
            assert any(spelling in native for spelling in spellings(value)), "the search finds nothing at all"
        self.find_what_is_planted()
        holds(f"none of {len(self.planted)} values that name her or her requests stands in {searched} logs, listings, refusals "
              "and outputs; one planted in a refusal and on standard error is found")

    def search(self, texts, but=()):
        for value, what in self.planted.items():
            assert len(value) >= 6, f"{value} may stand anywhere"
            for place, text in texts.items():
                for spelling in spellings(value):
                    assert what in but or spelling not in text, f"{what} stands in {place}: {excerpt(text, spelling)}"

    def search_overheard(self):
        """What programs and hub said to callers; a refusal's leaf is the caller's own statement, so it names what that named."""
        refusals, leaves = {}, {}
        for place, said in overheard.of(PROBLEM, SAID_NO).items():
            refusals[place], leaves[f"the leaf of {place}"] = without_receipts(said)
        self.search(refusals | overheard.of(STDERR))
        self.search(leaves, but=OF_A_STATEMENT)
        return len(refusals) + len(overheard.of(STDERR)) + len(leaves)

    def find_what_is_planted(self):
        """Said on purpose where nothing may be said, so that a search which looks elsewhere is no proof."""
        whispers = [(STDERR, lambda: run([sys.executable, "-c", "import sys; print(sys.argv[1], file=sys.stderr)", HER_PHONE])),
                    (PROBLEM, lambda: answer_once({"code": "busy", "title": HER_FAMILY})),
                    (PROBLEM, lambda: answer_once({"code": "busy", "leaf": in_a_statement(HER_ID)}))]
        for place, whisper in whispers:
            before = list(overheard.texts)
            whisper()
            try:
                self.search_overheard()
            except AssertionError as found:
                assert place in str(found), found
            else:
                raise AssertionError(f"what is planted in {place} is not found")
            overheard.texts = before

    def file_names(self):
        native = {f"form-{each}.pdf" for each in self.planted} | {"files-5000", "files-4000", "save"}
        names = [str(path.relative_to(self.exchange.folder)) for path in self.exchange.folder.rglob("*")
                 if path.relative_to(self.exchange.folder).parts[0] not in native]
        return "\n".join(names).encode()

    def end(self):
        for adapter in self.exchange.adapters:
            adapter.stop()
        self.ask_in_vain()
        self.last_metrics = self.exchange.metrics()
        self.exchange.stop()
        holds("adapters and hub end in order")


def without_receipts(said):
    """Refusals, mostly a JSON object a line: (what they say, their leaves with what the statements in them encode)."""
    rest, leaves = [], []
    for line in filter(None, said.splitlines()):
        try:
            answer = json.loads(line)
        except ValueError:
            rest.append(line.decode(errors="replace"))  # a sentence for people
            continue
        leaf = answer.pop("leaf", "")
        answer.pop("receipt", None)
        rest.append(json.dumps(answer, ensure_ascii=False))
        leaves.append(leaf)
        leaves += [base64.urlsafe_b64decode(part + "==").decode(errors="replace") for part in leaf.split("\n")[0].split(".")]
    return "\n".join(rest).encode(), "\n".join(leaves).encode()


def in_a_statement(value):
    """A leaf whose statement names it, in the encoding that a signature is made over."""
    return "e30." + base64.urlsafe_b64encode(json.dumps({"name": value}).encode()).rstrip(b"=").decode() + ".AA\n{}\n"


def answer_once(problem):
    """A server that answers one problem, and a call to it as all calls are made."""
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(429)
            self.send_header("Content-Type", "application/problem+json")
            self.end_headers()
            self.wfile.write(json.dumps(problem).encode())

        def log_message(self, *_):
            pass  # one line a scenario, which says nothing of it

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        ask(http.client.HTTPConnection(*server.server_address, timeout=PATIENCE), "GET", "/")
        thread.join()


def spellings(value):
    """As UTF-8, in the departments' encodings, as JSON escapes it, in hex."""
    found = {value.encode(), value.encode("utf-16-le"), json.dumps(value)[1:-1].encode(), value.encode().hex().encode()}
    for codec in ("cp1255", "iso8859_8", "cp862"):
        try:
            found.add(value.encode(codec))
        except UnicodeEncodeError:
            pass
    return found


def excerpt(text, spelling):
    at = text.index(spelling)
    return text[max(0, at - 120):at + 60].decode(errors="replace")
