"""Prints what breaks the rules of the house and fails where something does.

usage: tests/lint/run [--root FOLDER] [--only RULE]... [--quiet]
"""
import argparse
import sys
from pathlib import Path

import rules_code
import rules_text
from tree import Tree

RULES = {rule.__name__: rule for rule in rules_code.RULES + rules_text.RULES}


def findings(root, only=None):
    tree = Tree(root)
    found = [finding for name, rule in RULES.items() if not only or name in only for finding in rule(tree)]
    return sorted(found)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--root", default=str(Path(__file__).resolve().parents[2]))
    arguments.add_argument("--only", action="append", choices=sorted(RULES))
    arguments.add_argument("--quiet", action="store_true", help="without notices")
    given = arguments.parse_args()
    found = findings(given.root, given.only)
    failed = [finding for finding in found if finding.fails]
    for finding in found:
        if finding.fails or not given.quiet:
            print(finding)
    print(f"{len(given.only or RULES)} rules, {len(failed)} broken, {len(found) - len(failed)} notices")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
