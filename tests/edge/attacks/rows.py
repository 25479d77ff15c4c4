"""Holds the table of README.md to the published codes and to the tests that it names. Needs no hub.

    rows.py      exit code 1 where a code has no row, or a row no test
"""
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE.parents[2]


def cells(line):
    return [cell.strip().strip("`") for cell in line.strip().strip("|").split("|")]


def published():
    """{code: status} of the closed list."""
    lines = (SOURCE / "schemas/contract/codes.md").read_text().splitlines()
    return {cells(line)[1]: cells(line)[2] for line in lines if re.match(r"\| \d+ \|", line)}


def rows():
    """(status, code, what, file, name) of each row."""
    lines = (HERE / "README.md").read_text().splitlines()
    return [tuple(cells(line)) for line in lines if re.match(r"\| \d{3} \|", line)]


def codes_of_this_folder():
    """Those that the hub itself must answer while attacks.py runs."""
    return {code for _, code, _, file, _ in rows() if file.startswith("tests/edge/attacks/")}


def findings():
    codes = published()
    found = [f"{code} has no row" for code in codes if code not in {row[1] for row in rows()}]
    for status, code, what, file, name in rows():
        row = f"{code} ({what})"
        if codes.get(code) != status:
            found.append(f"{row}: {status} is not its status")
        if not (SOURCE / file).is_file():
            found.append(f"{row}: there is no {file}")
            continue
        # A long name stands on two lines, as two texts.
        text = re.sub(r'"\s*\n\s*"', "", (SOURCE / file).read_text())
        if name not in text:
            found.append(f"{row}: {file} has no test by this name")
    return found


if __name__ == "__main__":
    said = findings()
    print("\n".join(said) if said else f"{len(rows())} rows, {len(published())} codes, each with its test")
    sys.exit(1 if said or not rows() else 0)
