"""One case, two recipients, both `presents`: what one of them has says nothing that the other could pair.

    two_recipients.py BUILD_FOLDER      needs the cluster that deployment/postgres/cluster started there
A department refers one woman to a clinic and to another department, on one form. Afterwards everything that each of the
two was ever handed or wrote (answers, deliveries, leaves, receipts, journals, native files) is laid beside the other's:
no value of eight or more characters stands in both but those of the list in `published`, and nothing finer than a day
stands in either but in the places of the list in `own_times`, where it tells of the recipient and not of the sender.
"""
import base64
import hashlib
import json
import re
import sqlite3
import sys
import time

from clinic import Clinic
from clock_times import Acts, decoded, hours_of, varint
from department import fields, referral, status
from harness import SAFETY_FLAGS, SOURCE, Exchange, wait_until
from stage import TYPES, Stage, holds

SHORTEST = 8
DAY = 86_400_000
RELEASE_VALIDITY = 60_000  # limits.h
NAMES = ("אורחת מהצפון", "")  # by which each may call her; a department's form cannot promise to use no other
NEUTRAL_NAME_TOLD = 52
CLINIC, HOUSING = "HLT-TRAUMA", "HOUS-EMERG"
WORD_FILES = ("schemas/contract/vocabulary.h", "schemas/contract/codes.h", "schemas/contract/codes.cpp",
              "audit/log/record.h", "adapters/kit/journal_rows.h", "adapters/kit/aliases.h")


# ---- everything that stands in a store, value by value ----
def values_of(found):
    """Every scalar in it; signed and sealed texts, leaves and proofs are taken apart, so that what is inside is seen."""
    if isinstance(found, dict):
        for each in found.values():
            yield from values_of(each)
    elif isinstance(found, (list, tuple)):
        for each in found:
            yield from values_of(each)
    elif isinstance(found, bytes):
        yield found.hex()
        yield base64.urlsafe_b64encode(found).rstrip(b"=").decode()
        for text in re.findall(rb"[\x20-\x7e]{8,}", found):
            yield from values_of(text.decode())
    elif isinstance(found, str):
        yield from values_of_text(found)
    elif found is not None and not isinstance(found, bool):
        yield str(found)


def values_of_text(text):
    yield text
    lines = text.split("\n")
    if len(lines) > 1:
        for line in lines:
            yield from values_of_text(line)
        return
    if text[:1] in "{[" and text[-1:] in "}]":
        try:
            yield from values_of(json.loads(text))
            return
        except ValueError:
            pass
    segments = text.split(".")
    if len(segments) in (3, 5) and segments[0].startswith("eyJ"):
        yield from segments
        yield from values_of(json.loads(decoded(segments[0])))
        if len(segments) == 3:
            yield from values_of(json.loads(decoded(segments[1])))
    elif " " in text or ":" in text:
        yield from re.split(r"[\s:]+", text)


class Reader:
    """Avro's binary form, as much of it as DeliveryBatch has."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def number(self):
        value = shift = 0
        while True:
            byte = self.data[self.at]
            self.at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return (value >> 1) ^ -(value & 1)

    def bytes(self):
        size = self.number()
        self.at += size
        return self.data[self.at - size:self.at]

    def deliveries(self):
        assert self.data[:2] == b"\xc3\x01"
        self.at = 10
        found = []
        while count := self.number():
            assert count > 0
            for _ in range(count):
                text = [self.bytes() for _ in range(2)] + [self.bytes()]
                found.append({"delivery": text[0].decode(), "statement": text[1].decode(), "payload": text[2],
                              "pseudonym": self.bytes().decode(), "version": self.number(), "attempt": self.number(),
                              "not_after": self.number(), "leaf": self.bytes().decode(), "receipt": self.bytes().decode()})
        assert self.at == len(self.data)
        return found


OF_A_BODY = {"id", "kind", "status", "names", "services", "reads", "honours", "keys", "root", "profile"}  # contract.md 3


def journal(adapter):
    assert not adapter.runs
    with sqlite3.connect(adapter.journal) as file:
        file.row_factory = sqlite3.Row
        tables = [row[0] for row in file.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")]
        rows = {table: [dict(row) for row in file.execute(f"SELECT * FROM {table}")] for table in tables}
    # The directory, kept to seal by while the hub is away: everybody gets the same, and it speaks of bodies alone.
    kept = [row for row in rows["owner"] if row["key"] == "directory"]
    assert len(kept) == 1
    for body in json.loads(kept[0]["value"])["organisations"]:
        assert set(body) <= OF_A_BODY, set(body) - OF_A_BODY
    rows["owner"].remove(kept[0])
    return rows


def native_files(department):
    """Every field of every file that the department was given or wrote itself."""
    found = {}
    for place in ("collected", "taken", "out", "refused"):
        for path in (department.folder / place).iterdir():
            lines = path.read_bytes().decode("cp1255").split("\r\n")
            found[path.name] = [named(fields(line)) for line in lines if line[:4] in ("R100", "I100", "N100", "S100", "M100")]
    return found


def named(values):
    """The one field of a record that can hold an hour stands apart, so that any hour in it is seen."""
    return {"S100 hour": values[8], "others": values[:8] + values[9:]} if values[0] == "S100" else {"others": values}


# ---- what may be the same ----
def published():
    """Words of the catalogue and of the contract, organisations, fingerprints of keys and schemas, the log's origin,
    the digests of payloads that hold only such words and a day: the same for every woman."""
    words = set()
    texts = [SOURCE / name for name in WORD_FILES] + list((SOURCE / "config/catalogue").rglob("*.toml"))
    for text in texts:
        words.update(re.findall(r'"([^"\n]+)"', text.read_text(encoding="utf-8")))
        words.update(re.findall(r"^\[\"?([^\]\"]+)\"?\]$", text.read_text(encoding="utf-8"), re.M))
    words.update(re.findall(r"0x([0-9a-f]{16})\}", (SOURCE / "schemas/codec/schema.cpp").read_text(encoding="utf-8")))
    words.update(public_digests())
    words.update(("hub.example", "hub.example/log", "ssd-5000", "ES256", "application/vnd.kesher.statement+json",
                  "application/vnd.kesher.acks+json", "ECDH-ES", "A256GCM"))
    return words


def public_digests():
    """Digests of the payloads that say a word of the catalogue and today, and nothing else: the same for every woman."""
    fingerprints = dict(re.findall(r'Release\{"(\w+)", 1, SchemaFingerprint\{0x([0-9a-f]{16})\}',
                                   (SOURCE / "schemas/codec/schema.cpp").read_text(encoding="utf-8")))
    symbols = json.loads((SOURCE / "schemas/avro/ReferralEvent.v1.avsc").read_text(encoding="utf-8"))["fields"][0]["type"]["symbols"]
    days = [int(time.time() // 86_400) - back for back in (0, 1)]
    payloads = [start_of(fingerprints["ConsentRevoked"]) + varint(day) for day in days]
    payloads += [start_of(fingerprints["ReferralEvent"]) + varint(event) + b"\0\0" + varint(day) + b"\0\0\0"
                 for event in range(len(symbols)) for day in days]
    return {base64.urlsafe_b64encode(hashlib.sha256(each).digest()).rstrip(b"=").decode() for each in payloads}


def start_of(fingerprint):
    return b"\xc3\x01" + bytes.fromhex(fingerprint)[::-1]


def is_day(value):
    if re.fullmatch(r"\d{4}-?\d\d-?\d\d(T00:00:00(\.0+)?(Z|\+00:00))?", value):
        return True
    return value.isdigit() and any(int(value) % unit == 0 and int(value) // unit > 18_000 for unit in (86_400, DAY))


# The places of times that may stand at a recipient: when it was handed something (the release's own leaf, and until when
# that may be read), when it acted itself, and when its own server stored something.
def own_times(name):
    return {f"at: released to {name}", "not_after", f"at: accepted of {name}", f"at: acknowledged of {name}", "next_try",
            "lastUpdated"}


class Story(Stage):
    def begin(self, clinic):
        self.clinic = clinic
        self.health, = self.enrol(("health", "PUBLIC_BODY", "C1", "CASEWORKER"))
        self.exchange.agree(self.tel_aviv, self.health, TYPES, "TREATMENT,STATUS_FEEDBACK", "CONTACT")
        self.start_departments({CLINIC: "health", HOUSING: "ssd-4000"})
        self.treating = self.exchange.adapter(self.health, clinic.settings(self.health, "hub.example")).start()
        self.stores = {"health": {}, "ssd-4000": {}}
        self.case = self.open_case()
        self.consent(self.case, "FORM-2026-77", "health", "CONTACT", "TREATMENT", CLINIC)
        self.for_haifa = self.consent(self.case, "FORM-2026-77", "ssd-4000", "CONTACT")
        holds("one woman, one form: a consent for the clinic and an unrelated one for the other department")

    def pair(self, sequence, name, other_name):
        return (referral(f"PAIR-{sequence}-A", CLINIC, "FORM-2026-77", [f"שיחה ראשונה {sequence}"], self.case,
                         neutral_name=name)
                + referral(f"PAIR-{sequence}-B", HOUSING, "FORM-2026-77", [f"דירת חירום {sequence}"], self.case,
                           neutral_name=other_name))

    def refuse_one_name(self):
        """A worker who tells both bodies one neutral name would let them pair her: the file is refused whole."""
        self.department.drop(90, self.pair(9, NAMES[0], NAMES[0]))
        answer = self.department.answer(90)
        assert [(each[3], int(each[4])) for each in answer] == [("R", NEUTRAL_NAME_TOLD)], answer
        self.department.drop(91, self.pair(9, "", NAMES[0]))  # the clinic was told it in an earlier file
        answer = self.department.answer(91)
        assert [(each[3], int(each[4])) for each in answer] == [("R", NEUTRAL_NAME_TOLD)], answer
        by_hand = self.exchange.folder / "one-name.json"
        by_hand.write_text(json.dumps({"contact": {"neutral_name": NAMES[0]}, "lowered": SAFETY_FLAGS.split(",")}))
        said = self.tel_aviv.refused("payload_invalid", "message", "send", "--case", self.case, "--to", "ssd-4000",
                                     "--service", HOUSING, "--consent", self.for_haifa, "--sealed-file", by_hand)
        assert "neutral name" in said["sentence"], said
        holds("a neutral name that one of them was told is not told to the other: such a file is refused, "
              "and so is such a message by hand")

    def send_both(self, sequence):
        """One file with a record for each, while neither asks; what they are handed comes later than it was sent."""
        for adapter in (self.receiving, self.treating):
            if adapter.runs:
                adapter.stop()
        time.sleep(2)  # nothing that either was handed before is near the sender's next act
        before = len(self.accepted())
        self.department.drop(sequence, self.pair(sequence, *NAMES))
        if sequence == 1:
            assert [each[3] for each in self.department.answer(1)] == ["A"]
        self.await_accepted(before + 2)
        time.sleep(3)

    def by_adapters(self):
        self.send_both(1)
        self.treating.start()
        self.receiving.start()
        task = self.clinic.await_task()
        given = self.neighbour.await_given()
        self.clinic.staff("accept", task)
        self.neighbour.drop(101, status(given.number, "ACCEPTED", pseudonym=given.pseudonym), "MSV")
        self.department.await_state("PAIR-1-A", "ACCEPTED")
        self.department.await_state("PAIR-1-B", "ACCEPTED")
        holds("both take it, one into FHIR, one into a file, and both accept")

    def by_hand(self):
        self.send_both(2)
        for body, name in ((self.health, "health"), (self.haifa, "ssd-4000")):
            role = "CASEWORKER" if name == "health" else "SOCIAL_WORKER"
            folder = self.save / f"taken-{name}"
            body.role = role
            # While its adapter may come back, no other program takes its inbox.
            body.refused("unusable", "inbox", "take", "--once", "--save", folder)
            (body.directory / "adapter.lock").unlink()
            taken = body.ctl("inbox", "take", "--once", "--save", folder)
            assert "referral.submitted.v1" in [each["type"] for each in taken["deliveries"]], taken
            self.stores[name]["opened"] = {
                str(path.relative_to(folder)): path.read_bytes() if path.suffix == ".avro" else path.read_text(encoding="utf-8")
                for path in folder.rglob("*") if path.is_file() and path.suffix != ".vkey" and path.name != "signer.pem"}
        holds("both open it by hand: what is sealed is laid beside the other's too")

    def by_answers(self):
        self.send_both(3)
        for body, name in ((self.health, "health"), (self.haifa, "ssd-4000")):
            code, inbox = body.request("GET", "/v1/inbox?wait=0&limit=100")
            assert code == 200
            deliveries = Reader(inbox).deliveries()
            assert deliveries
            referrals = {json.loads(decoded(each["statement"].split(".")[1]))["referral"] for each in deliveries}
            messages = {json.loads(decoded(each["statement"].split(".")[1]))["id"] for each in deliveries}
            paths = ([f"/v1/referrals/{each}" for each in referrals] + [f"/v1/messages/{each}" for each in messages]
                     + [f"/v1/cases/{each['pseudonym']}" for each in deliveries] + ["/v1/cases"]
                     + [f"/log/receipts/{self.index_of(each)}" for each in deliveries])
            self.stores[name]["inbox"] = deliveries
            self.stores[name]["answers"] = {}
            for path in paths:
                code, answer = body.request("GET", path)
                assert code == 200, (path, code, answer)
                self.stores[name]["answers"][path] = json.loads(answer)
        holds("what the hub answers each of them is kept as it came")

    @staticmethod
    def index_of(delivery):
        return re.search(r"^index (\d+)$", delivery["receipt"], re.M)[1]

    def withdraw(self):
        time.sleep(2)
        for recipient in ("health", "ssd-4000"):
            self.revoke(self.case, "FORM-2026-77", recipient)
        time.sleep(3)
        self.treating.start()
        self.receiving.start()
        self.clinic.await_status(self.clinic.tasks()[0], "cancelled")
        wait_until(lambda: self.neighbour.collect() or [number for number in self.neighbour.told
                                                        if "WITHDRAWN" in self.neighbour.states(number)], "told to stop")
        holds("she withdraws from both, and both are told")

    def lay_side_by_side(self):
        records = self.auditor.log_records()
        self.stores["health"]["native"] = self.clinic.everything()
        assert len(self.stores["health"]["native"]) > 5
        self.neighbour.collect()
        self.stores["ssd-4000"]["native"] = native_files(self.neighbour)
        self.end()
        self.stores["health"]["journal"] = journal(self.treating)
        self.stores["ssd-4000"]["journal"] = journal(self.receiving)
        sets = {name: {} for name in self.stores}
        for name, store in self.stores.items():
            for place, found in store.items():
                values = set(values_of(found))
                assert len(values) > 20, (name, place, values)
                for value in values:
                    sets[name].setdefault(value, set()).add(place)
        self.share_nothing(sets)
        self.keep_to_days(records)
        self.know_only_their_own(sets, records)

    def share_nothing(self, sets):
        allowed = published() | self.public_proofs() | self.public_keys()
        both = set(sets["health"]) & set(sets["ssd-4000"])
        shared = {value: (sets["health"][value], sets["ssd-4000"][value]) for value in both
                  if len(value) >= SHORTEST and value not in allowed and not is_day(value)}
        assert not shared, f"{len(shared)} values stand in both: {json.dumps(shared, default=sorted, ensure_ascii=False)[:4000]}"
        holds(f"{len(sets['health'])} and {len(sets['ssd-4000'])} values: none of eight characters in both but published ones")

    def public_proofs(self):
        """Lines of checkpoints and proofs: hashes of the one tree that everybody sees."""
        lines = set()

        def walk(found):
            if isinstance(found, dict):
                for key, value in found.items():
                    if key in ("receipt", "note", "checkpoint") or str(key).endswith("receipt.tlog-proof"):
                        lines.update(part for line in str(value).split("\n") if not line.startswith("index ")
                                     for part in (line, *line.split(" ")))
                        lines.add(str(value))
                    walk(value)
            elif isinstance(found, list):
                for each in found:
                    walk(each)
        walk(self.stores)
        return {line for line in lines if "{" not in line and "eyJ" not in line}

    def public_keys(self):
        """The sender's and the hub's signing certificates, by their fingerprint, and so the headers of what they sign; the
        roots that agreements pin."""
        found = set()
        for name, store in self.stores.items():
            for row in store["journal"]["incoming"]:
                header = row["statement"].split(".")[0]
                claims = json.loads(decoded(header))
                assert set(claims) == {"alg", "x5t#S256", "iat", "cty"}, claims
                found.update((header, claims["x5t#S256"], decoded(claims["x5t#S256"]).hex()))
            for row in store["journal"]["pin"]:
                assert row["organisation"] == "ssd-5000", row
                found.update((row["root"].hex(), base64.urlsafe_b64encode(row["root"]).rstrip(b"=").decode()))
        return found

    def keep_to_days(self, records):
        acts = [each["at"] for each in records if each.get("org") == "ssd-5000" and each["event"] in ("accepted", "case", "consent")]
        assert len(acts) >= 10, acts
        acts = Acts(acts)
        for name, store in self.stores.items():
            allowed, looked = own_times(name), 0
            for place, when, text in hours_of(store, acts):
                where = "/".join(place)
                assert place[-1] in allowed, f"{name} reads an hour in {where}: {text[:300]}"
                # And there it is its own: not the sender's act, as it was or cut to a minute.
                if place[-1] == "not_after" and when is not None:
                    when -= RELEASE_VALIDITY  # it says when it was handed out, and may by chance be that of a later act
                assert when is not None and not acts.tells(when), f"{name} reads in {where} when the sender acted: {text[:300]}"
                looked += 1
            assert looked > 5, "no times were looked at"
        holds(f"no hour stands in either store but those of what was handed to it and of what it did itself, and none of "
              f"those is the time of one of the sender's {len(acts.acts)} acts")

    def know_only_their_own(self, sets, records):
        """By name: what is case-bound at the sender or at the other recipient, looked for in every value as a part of it."""
        foreign = {"health": {self.case, "FORM-2026-77", "W1"}, "ssd-4000": {self.case, "FORM-2026-77", "W1"}}
        for name, other in (("health", "ssd-4000"), ("ssd-4000", "health")):
            for table, columns in (("referral", ("id", "pseudonym")), ("consent", ("id",)), ("incoming", ("message", "delivery"))):
                for row in self.stores[other]["journal"][table]:
                    foreign[name].update(row[column] for column in columns)
        foreign["health"] |= {f"PAIR-{each}-B" for each in (1, 2, 3)}
        foreign["ssd-4000"] |= {f"PAIR-{each}-A" for each in (1, 2, 3)}
        accepted = {each["message"] for each in records if each["event"] == "accepted" and each.get("org") == "ssd-5000"}
        assert accepted
        for name, values in sets.items():
            own = {value for value in foreign[name] if len(value) > 2}
            for value in own:
                inside = [(each[:200], places) for each, places in values.items() if value in each]
                assert not inside, f"{name} knows {value}: {inside[:3]}"
            assert "W1" not in values, "a worker's number went out"
        holds("neither knows the sender's name for her case, her form, her worker, or anything of the other's")


def main():
    with Exchange(sys.argv[1]) as exchange, Clinic(exchange.folder / "clinic.native") as clinic:
        holds("a hub and a FHIR server run")
        story = Story(exchange)
        story.begin(clinic)
        for step in (story.by_adapters, story.refuse_one_name, story.by_hand, story.by_answers, story.withdraw, story.lay_side_by_side):
            step()


if __name__ == "__main__":
    main()
