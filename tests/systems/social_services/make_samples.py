"""Departments' files made by python3's own codecs, from the layout written down here a second time.

usage: make_samples.py FOLDER
Writes one file of referrals and one reply in each of the three encodings, and each codec's table. The people are
invented; their identity numbers are from the range 000000000 to 000000999.
"""
import sys
from pathlib import Path

CODECS = {"iso-8859-8": "iso8859_8", "cp-862": "cp862", "windows-1255": "cp1255"}
ENTITY, PRIMARY = "000000018", "000000000000042"
number = lambda width: (lambda value: str(value).rjust(width, "0"))
words = lambda width: (lambda value: str(value).ljust(width))

A100 = [words(4), number(9), number(9), number(15), words(8), words(50)]
R100 = [words(4), number(9), number(9), words(20), words(16), words(12), number(1), number(8), words(16), number(8),
        words(14), words(1), number(4), words(2), number(1), words(9), words(20), words(46)]
I100 = [words(4), number(9), number(9), words(16), number(9), words(20), words(20), number(4), words(10), words(9)]
N100 = [words(4), number(9), number(9), words(16), number(2), words(80), words(10)]
S100 = [words(4), number(9), number(9), words(20), words(16), number(2), number(3), number(8), number(6), words(9),
        number(4), words(50)]
M100 = [words(4), number(9), number(9), words(1), number(3), number(9), number(4), number(9), words(80), words(12)]
Z900 = [words(4), number(9), number(9), number(15), words(8), number(15), words(50)]


def file_of(records):
    everything = [(A100, ["A100", PRIMARY, "&IHUB01&", ""]), *records,
                  (Z900, ["Z900", PRIMARY, "&IHUB01&", len(records) + 2, ""])]
    lines = []
    for count, (layout, (code, *rest)) in enumerate(everything, start=1):
        values = [code, count, ENTITY, *rest]
        assert len(values) == len(layout), code
        lines.append("".join(write(value) for write, value in zip(layout, values)) + "\r\n")
    return "".join(lines)


REFERRALS = file_of([
    (R100, ["R100", "", "2026-0001", "HOUS-RENT", 1, "20261121", "H-17", "20270101", "SWL8-1", "S", "5000", "he", 1, "w.12",
            'רות ע"ש', ""]),
    (I100, ["I100", "2026-0001", "000000018", "רות", "כהן-לוי", "1990", "0500000000", ""]),
    (N100, ["N100", "2026-0001", 1, "מבקשת סיוע בשכר דירה, דו-קיום של 2 נפשות", ""]),
    (N100, ["N100", "2026-0001", 2, "שורה שנייה (ABC)", ""]),
    (R100, ["R100", "10000000000000000J", "2026-0002", "LEGAL-AID", 2, "20261121", "", "0", "PPL23C-1A", "C", "12", "ar", 2, "",
            "", ""]),
])
REPLY = file_of([
    (M100, ["M100", "R", 17, 2, 59, 0, "קוד שירות: אין שירות כזה", ""]),
    (S100, ["S100", "", "2026-0001", 7, 0, "20261130", "093000", "", 0, ""]),
    (S100, ["S100", "", "2026-0002", 10, 1, "20261122", "0", "", 0, ""]),
])


def main(folder):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, codec in CODECS.items():
        (folder / f"{name}.DAT").write_bytes(REFERRALS.encode(codec))
        (folder / f"{name}.MSV").write_bytes(REPLY.encode(codec))
        rows = []
        for byte in range(256):
            text = bytes([byte]).decode(codec, errors="ignore")
            rows.append(f"{byte} {ord(text)}" if text else f"{byte} -")
        (folder / f"{name}.table").write_text("\n".join(rows) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
