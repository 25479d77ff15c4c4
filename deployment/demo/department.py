"""The department's own system in the demo: writes referrals as its worker typed them, and reads what came back.

    department.py --folder F --symbol 5000 --entity N refer SEQUENCE NUMBER SERVICE NEED [--consent C] [--case P]
                                                             [--id ID] [--phone P]
    department.py --folder F --symbol 5000 --entity N again SEQUENCE OF      the file OF once more, under another number
    department.py --folder F --symbol 5000 --entity N answer SEQUENCE        taken or refused, or nothing yet
    department.py --folder F --symbol 5000 --entity N states NUMBER          a line a step: state, day, hour, pseudonym
    department.py --folder F --symbol 5000 --entity N collect                takes what was given to us into our own system
    department.py --folder F --symbol 5000 --entity N given                  a line for each referral that was given to us

It knows the layout (tests/systems/social_services) and python3's own Windows-1255, and nothing of the exchange.
"""
import argparse
import os
import pathlib
import sys
import time

SOURCE = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(SOURCE / "tests/systems/social_services"), str(SOURCE / "tests/scenarios")]
import make_samples as form  # noqa: E402
from department import CODEC, STATES, fields, referral, today  # noqa: E402


class Desk:
    def __init__(self, wish):
        self.inbox = wish.folder / "inbox"
        self.out = wish.folder / "out"
        self.kept = wish.folder / "kept"  # what this department wrote, for its own records
        self.collected = wish.folder / "collected"  # until then a referral that she withdraws is taken out again
        self.symbol = wish.symbol
        form.ENTITY = wish.entity

    def name(self, sequence, ending="DAT"):
        return f"IHUB_{self.symbol}_{today()}_{sequence:03d}.{ending}"

    def drop(self, sequence, content):
        for folder in (self.inbox, self.kept):
            folder.mkdir(parents=True, exist_ok=True)
        (self.kept / self.name(sequence)).write_bytes(content)
        part = self.inbox / (self.name(sequence) + ".part")
        part.write_bytes(content)
        os.rename(part, self.inbox / self.name(sequence))

    def refer(self, wish):
        identity = (wish.id, "", "", "0", wish.phone) if wish.id or wish.phone else None
        records = referral(wish.number, wish.service, wish.consent, [wish.need], wish.case, identity, worker="worker-1")
        self.drop(wish.sequence, form.file_of(records).encode(CODEC))

    def again(self, wish):
        self.drop(wish.sequence, (self.kept / self.name(wish.of)).read_bytes())

    def records(self, pattern, code):
        files = sorted((*self.collected.glob(pattern), *self.out.glob(pattern)),
                       key=lambda each: (each.stat().st_mtime_ns, each.name))
        lines = (line for each in files for line in each.read_bytes().decode(CODEC).split("\r\n"))
        return [fields(line) for line in lines if line.startswith(code)]

    def answer(self, wish):
        said = self.records(self.name(wish.sequence, "MSV"), "M100")
        if said:
            print({"A": "taken", "R": "refused"}[said[-1][3]], said[-1][8])

    def states(self, wish):
        for _, _, _, pseudonym, number, state, _, day, hour, *_ in self.records("*.MSV", "S100"):
            if number == wish.number:
                print(STATES[int(state) - 1], day, hour, pseudonym)

    def collect(self, _):
        self.collected.mkdir(exist_ok=True)
        for each in sorted(self.out.glob("*.DAT")):
            os.rename(each, self.collected / each.name)

    def given(self, _):
        for record in self.records("*.DAT", "R100"):
            print(record[4], record[5], record[3])


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--folder", type=pathlib.Path, required=True)
    parser.add_argument("--symbol", required=True)
    parser.add_argument("--entity", required=True)
    command = parser.add_subparsers(dest="command", required=True)
    one = command.add_parser("refer")
    one.add_argument("sequence", type=int)
    for each in ("number", "service", "need"):
        one.add_argument(each)
    for each in ("--consent", "--case", "--id", "--phone"):
        one.add_argument(each, default="")
    one = command.add_parser("again")
    one.add_argument("sequence", type=int)
    one.add_argument("of", type=int)
    command.add_parser("answer").add_argument("sequence", type=int)
    command.add_parser("states").add_argument("number")
    command.add_parser("collect")
    command.add_parser("given")
    wish = parser.parse_args()
    getattr(Desk(wish), wish.command)(wish)


if __name__ == "__main__":
    main()
