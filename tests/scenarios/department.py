"""A department's own system on the other side of its folder: writes and reads fixed-width Hebrew files with python3's
own codecs. It knows nothing of the exchange but the layout, which stands in tests/systems/social_services.
"""
import os
import pathlib
import sys
import time
from collections import namedtuple

from harness import SOURCE, wait_until

sys.path.insert(0, str(SOURCE / "tests/systems/social_services"))
import make_samples as form  # noqa: E402

CODEC = "cp1255"
STATES = ("DRAFT AWAITING_CONSENT REQUESTED DELIVERED ACCEPTED WAITLISTED SCHEDULED IN_PROGRESS ON_HOLD DECLINED "
          "WITHDRAWN CANCELLED EXPIRED FAILED COMPLETED ERRONEOUS").split()
REASONS = ("- no-capacity not-eligible out-of-area missing-info no-such-service unsafe-for-staff subject-declined "
           "subject-unreachable consent-missing agreement-missing docs-missing waiting-for-subject waiting-for-provider "
           "no-longer-needed entered-twice service-ended contact-lost wrong-case wrong-content").split()
WIDTHS = {"R100": (4, 9, 9, 20, 16, 12, 1, 8, 16, 8, 14, 1, 4, 2, 1, 9, 20, 46), "I100": (4, 9, 9, 16, 9, 20, 20, 4, 10, 9),
          "N100": (4, 9, 9, 16, 2, 80, 10), "S100": (4, 9, 9, 20, 16, 2, 3, 8, 6, 9, 4, 50),
          "M100": (4, 9, 9, 1, 3, 9, 4, 9, 80, 12)}

Told = namedtuple("Told", "state reason date time outcome pseudonym")
Given = namedtuple("Given", "pseudonym number service created consent identity need text")


def today():
    return time.strftime("%Y%m%d", time.gmtime())


def last_day():
    return time.strftime("%Y%m%d", time.gmtime(time.time() + 60 * 86_400))


def referral(number, service, consent, need, pseudonym="", identity=None, contact=1, worker="W1", basis="SWL8-1",
             neutral_name=""):
    """The records of one referral; `identity` is (id number, given name, family name, year, phone)."""
    consented = (consent, last_day()) if consent else ("", "0")
    records = [(form.R100, ["R100", pseudonym, number, service, 1, today(), *consented, basis, "S", "5000", "he", contact,
                            worker, neutral_name, ""])]
    if identity:
        records.append((form.I100, ["I100", number, *identity, ""]))
    for line, text in enumerate(need, start=1):
        records.append((form.N100, ["N100", number, line, text, ""]))
    return records


def status(number, state, reason=0, date=None, hour="0", outcome=0, pseudonym=""):
    return [(form.S100, ["S100", pseudonym, number, STATES.index(state) + 1, reason, date or today(), hour, "", outcome, ""])]


def fields(line):
    place, found = 0, []
    for width in WIDTHS[line[:4]]:
        found.append(line[place:place + width].strip())
        place += width
    return found


class Department:
    def __init__(self, folder, symbol, entity):
        self.folder = pathlib.Path(folder)
        self.symbol = symbol
        self.entity = entity
        self.collected = self.folder / "collected"
        self.told = {}  # native number -> what was told of it, in order
        self.answers = {}  # file name -> its M100 records, the last answer
        self.given = {}  # native number -> the referral that was given to this department
        self.collected.mkdir(parents=True)
        (self.folder / "inbox").mkdir()

    def settings(self, organisation, hub, routes, asks=()):
        """The adapter's settings file, with what a department would change."""
        asked = ", ".join(f'"{each}"' for each in asks)
        lines = [f'[organisation]\nid = "{organisation.name}"\nkeys = "."\n[hub]\nname = "{hub}"\npoll_wait = "1s"',
                 f'[department]\nauthority = "{self.symbol}"\nentity = "{self.entity}"',
                 f'[files]\nfolder = "{self.folder}"\nsettle = "0s"',
                 f'[actor]\nofficer = "desk"\n[form]\nasks = [{asked}]\n[route]']
        lines += [f'"{service}" = "{recipient}"' for service, recipient in routes.items()]
        return "\n".join(lines) + "\n"

    def text_of(self, records):
        form.ENTITY = self.entity
        return form.file_of(records)

    def drop(self, sequence, records, ending="DAT", text=None):
        """A file appears whole, under its final name. What it holds, to be dropped again."""
        text = text or self.text_of(records)
        name = f"IHUB_{self.symbol}_{today()}_{sequence:03d}.{ending}"
        part = self.folder / "inbox" / f"{name}.part"
        part.write_bytes(text.encode(CODEC))
        os.rename(part, self.folder / "inbox" / name)
        return text

    def collect(self):
        """Takes what the adapter put out, in the order in which it appeared."""
        out = self.folder / "out"
        if not out.is_dir():
            return
        for path in sorted(out.iterdir(), key=lambda each: (each.stat().st_mtime_ns, each.name)):
            text = path.read_bytes().decode(CODEC)
            self.read(path.name, text)
            count = len(list(self.collected.iterdir()))
            os.rename(path, self.collected / f"{count:04d}.{path.name}")

    def read(self, name, text):
        lines = text.split("\r\n")
        assert lines.pop() == "" and lines[0].startswith("A100") and lines[-1].startswith("Z900"), name
        assert int(lines[-1][45:60]) == len(lines), "the total does not fit"
        answers = []
        for line in lines[1:-1]:
            values = fields(line)
            assert values[2] == self.entity, values
            if values[0] == "M100":
                answers.append(values)
            elif values[0] == "S100":
                _, _, _, pseudonym, number, state, reason, date, hour, worker, outcome, _ = values
                assert worker == "", "a worker stands in a file of the adapter's"
                self.told.setdefault(number, []).append(
                    Told(STATES[int(state) - 1], REASONS[int(reason)], date, hour, int(outcome), pseudonym))
            elif values[0] == "R100":
                assert values[15] == "", "a worker stands in a file of the adapter's"
                assert values[4] not in self.given, f"{values[4]} is given twice"
                self.given[values[4]] = Given(values[3], values[4], values[5], values[7], values[8], [], [], name)
            elif values[0] == "I100":
                self.given[values[3]].identity.append(values[4:9])
            elif values[0] == "N100":
                self.given[values[3]].need.append(values[5])
        if answers:
            self.answers[name] = answers

    def answer(self, sequence):
        """The answer to a file of ours, once it is there; a later one of the same name replaces it."""
        name = f"IHUB_{self.symbol}_{today()}_{sequence:03d}.MSV"

        def there():
            self.collect()
            return self.answers.pop(name, None)
        return wait_until(there, f"an answer {name}")

    def states(self, number):
        return [each.state for each in self.told.get(number, [])]

    def await_state(self, number, state, patience=30):
        def there():
            self.collect()
            return state in self.states(number)
        try:
            wait_until(there, f"{number} stands {state}", patience)
        except AssertionError as late:
            raise AssertionError(f"{late}; it went {self.states(number)}") from None
        return next(each for each in self.told[number] if each.state == state)

    def await_given(self, known=()):
        """The referral given to this department that is not among the known."""
        def there():
            self.collect()
            return [each for number, each in self.given.items() if number not in known]
        found = wait_until(there, "a referral is given to the department")
        assert len(found) == 1, found
        return found[0]
