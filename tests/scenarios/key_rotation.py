"""A body's keys are rotated while referrals are on their way: nothing is lost, nothing is half changed.

    key_rotation.py BUILD_FOLDER      needs the cluster that deployment/postgres/cluster started there
Two departments, their adapters, and the root's key of each in a place of its own, brought for the rotation alone.
Each step says in a line what now holds; the first that does not ends the scenario with exit code 1.
"""
import base64
import hashlib
import json
import re
import socket
import ssl
import subprocess
import sys
import threading
import time

from department import referral
from harness import PATIENCE, Exchange, wait_until
from stage import Stage, holds

NEED = ["מבקשת דירת חירום לשבוע", "תגיע לבדה ותציג את מספר ההפניה"]
SERVICE = "HOUS-EMERG"


def thumbprint(pem):
    """x5t#S256 of a certificate file."""
    der = ssl.PEM_cert_to_DER_cert(pem.read_text())
    return base64.urlsafe_b64encode(hashlib.sha256(der).digest()).rstrip(b"=").decode()


def header(segment):
    return json.loads(base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4)))


class CutLine:
    """A line to the hub that swallows one direction from the moment that `cut` says so; TLS passes through it unread."""

    def __init__(self, port, swallows, cut):
        self.hub, self.swallows, self.cut = port, swallows, cut
        self.swallowed = threading.Event()
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                near = self.server.accept()[0]
            except OSError:
                return  # closed
            far = socket.create_connection(("127.0.0.1", self.hub))
            for source, target, direction in ((near, far, "to the hub"), (far, near, "from the hub")):
                threading.Thread(target=self._pass_on, args=(source, target, direction), daemon=True).start()

    def _pass_on(self, source, target, direction):
        try:
            while data := source.recv(65536):
                if direction == self.swallows and self.cut():
                    self.swallowed.set()
                else:
                    target.sendall(data)
        except OSError:
            pass  # the other end was killed
        finally:
            try:
                target.shutdown(socket.SHUT_WR)
            except OSError:
                pass

    def close(self):
        self.server.close()


class Story(Stage):
    def begin(self):
        self.enrol()
        self.start_departments({SERVICE: "ssd-4000"})
        self.roots = {}
        for body in (self.tel_aviv, self.haifa):
            safe = self.exchange.folder / f"safe-of-{body.name}"
            safe.mkdir()
            self.roots[body.name] = (body.directory / "root.key").rename(safe / "root.key")
        self.numbers = 0
        self.known, self.signed_by, self.sealed_to = [], {}, {}
        holds("two departments run their adapters; each one's root key lies where no program finds it")

    # ---- what the steps share ----
    def rotate(self, body, expect=0):
        return body.adapter("keys", "rotate", "--root-key", self.roots[body.name], expect=expect)

    def go_on(self, body):
        """The same command again, without the root."""
        return body.adapter("keys", "rotate")

    def published(self, body):
        """Serials of the key lists that the log says the hub took from it, enrolment aside."""
        return [each["facts"]["serial"] for each in self.records(event="keys", operation="publish", decision="permit")
                if each["facts"]["organisation"] == body.name]

    def await_declared(self, body, serial):
        """Its adapter works under this list: it has said anew what it reads."""
        wait_until(lambda: [each for each in self.records(event="organisation", operation="profile", decision="permit")
                            if (each["facts"]["organisation"], each["facts"]["keys"]) == (body.name, serial)],
                   f"{body.name} declares what it reads under list {serial}")

    @staticmethod
    def key_files(body):
        return {path.name: path.read_bytes() for path in body.directory.iterdir()
                if path.name.startswith(("signing", "encryption", "keys"))}

    def refer(self):
        """A file with one referral of a woman of her own, whose consent is recorded; its number."""
        self.numbers += 1
        case = self.open_case()
        self.consent(case, f"FORM-{self.numbers}")
        return self.drop(case)

    def drop(self, case):
        number = f"TLV-2026-{self.numbers}"
        self.department.drop(self.numbers, referral(number, SERVICE, f"FORM-{self.numbers}", NEED, case))
        assert [each[3] for each in self.department.answer(self.numbers)] == ["A"]
        return number

    def read_who_takes_part(self):
        """The sending adapter does at its start; one that goes on does within five minutes."""
        self.sending.stop()
        self.sending.start()

    def arrives(self, number):
        given = self.neighbour.await_given(list(self.known))
        assert given.need == NEED, given
        self.known.append(given.number)
        self.department.await_state(number, "DELIVERED")

    def stop_receiving(self):
        """What the hub hands to a poll whose caller has gone would come again with the end of its lease only."""
        self.receiving.stop()
        time.sleep(1.5)  # longer than one poll waits

    def sent(self, number):
        """(certificate that signed it, certificate that its sealed part is for), from the sender's journal."""
        row = self.journal_rows(self.sending, "SELECT o.statement, o.submission FROM outgoing o JOIN alias a ON a.uuid = "
                                f"o.referral WHERE a.native = '{number}' AND o.type = 'referral.submitted.v1'")[0]
        jwe = re.search(rb"(eyJ[\w-]+)\.\.[\w-]+\.", bytes(row["submission"]))[1]
        return header(row["statement"].split(".")[0])["x5t#S256"], header(jwe.decode())["kid"]

    # ---- the steps ----
    def without_the_root(self):
        before = self.key_files(self.haifa)
        said = self.haifa.adapter("keys", "rotate", expect=1)["sentence"]
        assert "whoever keeps this organisation's root" in said and "nothing was changed" in said, said
        said = self.haifa.adapter("keys", "rotate", "--root-key", self.roots["ssd-5000"], expect=1)["sentence"]
        assert "is not the root's key" in said and "whoever keeps this organisation's root" in said, said
        assert self.key_files(self.haifa) == before and self.published(self.haifa) == []
        holds("without the root's key, or with another body's, nothing changes, and the error says who comes with it")

    def sealed_before(self):
        self.stop_receiving()
        number = self.refer()
        self.await_accepted(1)
        rotated = self.rotate(self.haifa)
        assert rotated["serial"] == "2" and self.published(self.haifa) == [2], rotated
        self.receiving.start()
        self.arrives(number)
        self.sealed_to[number] = "encryption.pem"
        holds("a body rotates while a referral waits for it, sealed to its former key: it is opened")

    def sealed_after(self):
        process = self.receiving.process.pid
        begin = self.receiving.log.stat().st_size
        self.rotate(self.haifa)
        self.read_who_takes_part()
        number = self.refer()
        self.arrives(number)
        self.receiving.wait_for_line("keys_renewed", begin)
        assert self.receiving.process.pid == process and self.receiving.runs
        self.sealed_to[number] = "encryption-3.pem"
        self.await_declared(self.haifa, 3)
        holds("it rotates while its adapter runs: the next referral is sealed to the new key, and the adapter opens it")

    def signed_before(self):
        self.stop_receiving()
        self.numbers += 1
        case = self.open_case()
        self.consent(case, f"FORM-{self.numbers}")
        accepted = len(self.accepted())
        self.exchange.stop()
        number = self.drop(case)
        assert self.department.states(number) == ["REQUESTED"], self.department.told
        self.sending.stop()
        self.exchange.start()
        rotated = self.rotate(self.tel_aviv)
        assert rotated["signing"] == thumbprint(self.tel_aviv.directory / "signing-2.pem"), rotated
        assert len(self.accepted()) == accepted
        self.sending.start()
        self.await_accepted(accepted + 1)
        holds("what a body signed before its rotation and had not delivered is sent as it was signed, and taken")
        self.rotate(self.tel_aviv)  # while the other department has not taken it yet
        self.receiving.start()
        self.arrives(number)
        self.signed_by[number] = "signing.pem"
        holds("the recipient believes it under the sender's newest list, which still names the key that signed it")
        self.arrives(later := self.refer())
        self.signed_by[later] = "signing-3.pem"
        holds("what it signs from then on is signed by the key in use")

    def kill_in_between(self, swallows):
        """The rotation's list is signed and on its way when the program is killed."""
        before = self.published(self.haifa)
        begun = self.haifa.directory / "keys.next.jws"
        line = CutLine(self.exchange.ports["organisations"], swallows, begun.exists)
        pins = self.haifa.directory / "hub.json"
        straight = pins.read_text()
        pins.write_text(re.sub(r"localhost:\d+", f"localhost:{line.port}", straight))
        process = subprocess.Popen(
            [self.exchange.programs / "kesher-adapter", "--dir", self.haifa.directory, "keys", "rotate", "--root-key",
             self.roots["ssd-4000"]], stdout=subprocess.DEVNULL)
        try:
            assert line.swallowed.wait(PATIENCE), "the list was never sent"
            assert process.poll() is None
        finally:
            process.kill()
            process.wait()
            line.close()
            pins.write_text(straight)
        in_use = (self.haifa.directory / "keys.jws").read_bytes()
        drawn = self.key_files(self.haifa)
        serial = max(before) + 1
        assert f"signing-{serial}.key" in drawn and begun.read_bytes() != in_use, sorted(drawn)
        assert self.published(self.haifa) == (before if swallows == "to the hub" else [*before, serial])
        told = {each["what"]: each for each in self.haifa.ctl("doctor")["checks"]}
        assert told["key rotation"]["health"] == "soon" and "keys rotate" in told["key rotation"]["next"], told
        signed = begun.read_bytes()
        # Meanwhile all goes on, and a sender may have read of the new key already.
        self.read_who_takes_part()
        self.arrives(number := self.refer())
        self.sealed_to[number] = f"encryption-{max(self.published(self.haifa))}.pem"
        rotated = self.go_on(self.haifa)
        assert rotated["serial"] == str(serial) and ("leaf" in rotated) == (swallows == "to the hub"), rotated
        assert self.published(self.haifa) == [*before, serial]
        after = self.key_files(self.haifa)
        assert after["keys.jws"] == signed and "keys.next.jws" not in after, sorted(after)
        assert {name: after[name] for name in drawn if name.endswith(".key")} == {
            name: drawn[name] for name in drawn if name.endswith(".key")}
        self.await_declared(self.haifa, serial)

    def killed_before(self):
        self.kill_in_between("to the hub")
        holds("killed before the hub has the list, called again without the root: the same keys, one new list")

    def killed_after(self):
        self.kill_in_between("from the hub")
        self.arrives(self.refer())
        holds("killed when the hub has taken it and before the change-over, called again: the same keys, one new list")

    def doctor(self):
        rotated = self.rotate(self.haifa)
        told = {each["what"]: each for each in self.haifa.ctl("doctor")["checks"]}
        for what in ("key list", "encryption key"):
            assert told[what]["sentence"] == f"It holds until {rotated['holds_until']}.", told[what]
        assert told["key rotation"]["health"] == "well", told
        holds("kesherctl doctor says until when the keys hold")

    def compromised(self):
        """Stolen keys are another matter: the connection is over, and a rotation is not how the body comes back."""
        before = self.key_files(self.haifa)
        self.exchange.operator.ctl("org", "compromise", "ssd-4000")
        said = self.rotate(self.haifa, expect=1)["sentence"]
        assert "fresh token" in said and "nothing was changed" in said, said
        assert self.key_files(self.haifa) == before
        holds("after org compromise a rotation changes nothing, and says that a fresh token lets the body in again")

    def audit(self):
        wait_until(lambda: {each["facts"]["delivery"] for each in self.records(event="released", decision="permit")} <=
                   {each["facts"]["delivery"] for each in self.records(event="acknowledged")}, "all is acknowledged")
        refused = [each for each in self.auditor.log_records() if each.get("decision") == "deny"]
        assert refused == [], refused
        self.sending.stop()
        self.receiving.stop()
        assert self.verify_journal(self.sending) == {}
        for number, file in self.signed_by.items():
            assert self.sent(number)[0] == thumbprint(self.tel_aviv.directory / file), (number, file)
        for number, file in self.sealed_to.items():
            assert self.sent(number)[1] == thumbprint(self.haifa.directory / file), (number, file)
        holds("each was signed and sealed by the keys that were in use when it was written")
        assert len(self.neighbour.given) == self.numbers == len(self.known)
        serials = self.published(self.haifa)
        assert serials == list(range(2, max(serials) + 1)), serials
        holds(f"{self.numbers} referrals arrived once each, the hub refused nothing, and no serial was used twice")


def main():
    with Exchange(sys.argv[1]) as exchange:
        holds("a hub runs, and its operator is enrolled")
        story = Story(exchange)
        for step in (story.begin, story.without_the_root, story.sealed_before, story.sealed_after, story.signed_before,
                     story.killed_before, story.killed_after, story.doctor, story.audit, story.compromised):
            step()


if __name__ == "__main__":
    main()
