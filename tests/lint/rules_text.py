"""Rules over every text of the tree: words, hosts, paths, numbers."""
import hashlib
import re
import unicodedata
from pathlib import PurePosixPath

from tree import FLOORS, Finding

# Put together here, so that this file does not break its own rules.
UNFINISHED = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK"]) + r")\b")
VAGUE = {"util", "utils", "common", "helper", "helpers", "manager", "managers", "misc"}
HOSTS = re.compile("|".join(re.escape(host) for host in [
    "registry.npm" + "js.org", "npm" + "js.com", "registry.yarn" + "pkg.com", "pypi" + ".org", "python" + "hosted.org",
    "crates" + ".io", "proxy.golang" + ".org", "deb.debian" + ".org", "security.debian" + ".org",
    "repo1.maven" + ".org", "rubygems" + ".org", "ghcr" + ".io", "docker" + ".io"]))
MACHINE_PATH = re.compile(r"(?<![A-Za-z0-9._~:])/(?:" + "|".join(["work", "farm", "home", "root", "Users"]) + r")/[\w.]")
NINE = re.compile(r"(?<![\w.\-+/])\d{9}(?![\w.\-+/])")
INVENTED_UP_TO = 999


def unfinished(tree):
    for name in tree.texts:
        for number, line in tree.lines(name):
            found = UNFINISHED.search(line)
            if found:
                yield Finding(name, number, "unfinished", f"{found[0]}: open an issue instead, or do it")


def vague_names(tree):
    for name in tree.files:
        for part in PurePosixPath(name).parts:
            if part.split(".")[0] in VAGUE or re.search(r"_(utils?|helpers?|managers?|common)\.", part):
                yield Finding(name, 1, "vague_names", f"{part}: a thing with no room shows a missing word in the domain")


def outside_hosts(tree):
    for name in tree.texts:
        for number, line in tree.lines(name):
            found = HOSTS.search(line)
            if found:
                yield Finding(name, number, "outside_hosts", f"{found[0]}: packages come by their own clients' settings")


def machine_paths(tree):
    for name in tree.texts:
        for number, line in tree.lines(name):
            if MACHINE_PATH.search(line):
                yield Finding(name, number, "machine_paths", "a path of one machine")


def locked_hosts(tree):
    for name in tree.files:
        if not name.endswith("package-lock.json"):
            continue
        for number, line in tree.lines(name):
            if re.search(r'"resolved"\s*:\s*"https?:', line):
                yield Finding(name, number, "locked_hosts", "a lock file names no address (omit-lockfile-registry-resolved)")


def is_national_id(text):
    total = 0
    for place, digit in enumerate(text):
        product = int(digit) * (1 + place % 2)
        total += product - 9 if product > 9 else product
    return total % 10 == 0


def national_ids(tree):
    known = tree.exceptions("nine_digits.txt")
    for name in tree.texts:
        if name.startswith("tests/"):
            continue
        for number, line in tree.lines(name):
            for found in NINE.findall(line):
                if is_national_id(found) and int(found) > INVENTED_UP_TO and found not in known:
                    yield Finding(name, number, "national_ids", "nine digits with a valid check digit: use 000000018")


def readmes(tree):
    folders = {str(PurePosixPath(name).parent) for name in tree.files
               if name.split("/")[0] in FLOORS and name.endswith((".h", ".cpp", ".avsc", ".ts", ".tsx"))}
    for folder in sorted(folders):
        # The portal's folders below its own are explained by the portal's README.
        if f"{folder}/README.md" not in tree.files and not folder.startswith("gateway/portal/"):
            yield Finding(folder, 1, "readmes", "a folder without README.md")


def folded(text):
    """Without case, vowel points and invisible marks: as config/catalogue/never_shown.cpp compares."""
    kept = (c for c in unicodedata.normalize("NFC", text)
            if unicodedata.category(c) not in ("Mn", "Cf") and c != "\u0640")
    return "".join(kept).lower().replace("ё", "е").replace("\u00a0", " ").replace("\u05be", " ")


def never_shown(tree):
    table = tree.architecture["never_shown"]
    stems, harmless = [], []
    for _, line in tree.lines("config/catalogue/never_shown.txt"):
        word = line.strip()
        if word and not word.startswith("#"):
            (harmless if word.startswith("-") else stems).append(folded(word.lstrip("-")))
    for name in tree.texts:
        if name.split("/")[0] not in table["folders"] or name in table["files_apart"]:
            continue
        forced = {stem for folder, words in table["forced"].items() if name.startswith(folder + "/") for stem in words}
        for number, line in tree.lines(name):
            text = folded(line)
            for word in harmless:
                text = text.replace(word, " ")
            if any(stem in text for stem in stems if stem not in forced):
                yield Finding(name, number, "never_shown", "holds a stem of config/catalogue/never_shown.txt")


def published_notices(tree):
    rule, sums = "published_notices", "config/catalogue/notices/SHA256SUMS"
    if sums not in tree.files:
        return
    listed = {}
    for number, line in tree.lines(sums):
        digest, _, path = line.partition("  ")
        listed["config/catalogue/notices/" + path] = (number, digest)
    for name in tree.files:
        if not (name.startswith("config/catalogue/notices/") and name.endswith(".txt")):
            continue
        number, digest = listed.pop(name, (0, None))
        if digest is None:
            yield Finding(name, 1, rule, "a published notice has its line in SHA256SUMS")
        elif hashlib.sha256((tree.root / name).read_bytes()).hexdigest() != digest:
            yield Finding(name, 1, rule, "a published notice never changes: write the next version")
    for name, (number, _) in listed.items():
        yield Finding(sums, number, rule, f"{name} was published and is gone")


RULES = [unfinished, vague_names, outside_hosts, machine_paths, locked_hosts, national_ids, readmes, never_shown,
         published_notices]
