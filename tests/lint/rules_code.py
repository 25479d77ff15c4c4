"""Rules over C++: directions, libraries, tests, form."""
import re
import shutil
import subprocess

from tree import FLOORS, Finding, fits

QUOTED = re.compile(r'^\s*#\s*include\s+"([^"]+)"')
ANGLED = re.compile(r"^\s*#\s*include\s+<([^>]+)>")
SQL = re.compile(r'"\s*(select\s|insert\s+into\s|update\s+\w+\s+set\s|delete\s+from\s|create\s+(table|index|role)\s'
                 r"|alter\s+table\s|drop\s+table\s|truncate\s|copy\s+\w+\s+(from|to)\s|listen\s+\w|notify\s+\w)", re.I)


def includes(tree, name, pattern=QUOTED):
    for number, line in tree.lines(name):
        found = pattern.match(line)
        if found:
            yield number, found[1]


def may_include(tree, room, target):
    table = tree.architecture
    if room == target:
        return True
    if target.split("/")[0] in table["never"].get(room.split("/")[0], []) and room not in table["only"]:
        # gateway/app alone builds the whole; audit/verifier replays the rules and is listed under `only`
        return False
    # An adapter's room goes by the row of its floor; adapters/program, which joins them, has a row of its own.
    layered = "adapters" if room.startswith("adapters/") and room not in table["only"] else room
    if layered in table["only"]:
        return fits(target, table["only"][layered])
    below = "adapters" if target.startswith("adapters/") else target
    return table["layers"][below] < table["layers"][layered]


def include_layers(tree):
    rule = "include_layers"
    for name in tree.code:
        room = tree.room(name)
        if room is None:
            yield Finding(name, 1, rule, "its folder is no room of architecture.toml")
            continue
        for number, target in includes(tree, name):
            other = tree.room(target)
            if other is None:
                yield Finding(name, number, rule, f'"{target}" is not a path from the repository into a room')
            elif not may_include(tree, room, other):
                yield Finding(name, number, rule, f"{room} may not include {other}")


def library_rooms(tree):
    rule = "library_rooms"
    owner_of = tree.architecture["libraries"]
    bearing = {}
    for name in tree.code:
        for number, header in includes(tree, name, ANGLED):
            for start, rooms in owner_of.items():
                if not (header == start or (not start.endswith(".h") and header.startswith(start))):
                    continue
                bearing[name] = header
                if not fits(tree.room(name) or "", rooms):
                    yield Finding(name, number, rule, f"<{header}> belongs to {', '.join(rooms)} alone")
    for name in tree.code:
        for number, target in includes(tree, name):
            if target in bearing and tree.room(target) != tree.room(name):
                yield Finding(name, number, rule, f'"{target}" shows <{bearing[target]}> to another room')


def pure_rules(tree):
    pure = tree.architecture["pure"]
    for name in tree.code:
        if not fits(tree.room(name) or "", pure["rooms"]):
            continue
        for number, header in includes(tree, name, ANGLED):
            if header in pure["headers"]:
                yield Finding(name, number, "pure_rules", f"a rule has no <{header}>")
        for number, line in tree.lines(name):
            if re.search(r"\b(now|getenv|rand|time)\s*\(\s*(nullptr|0)?\s*\)|getenv\(", line):
                yield Finding(name, number, "pure_rules", "a rule takes the instant as a fact; it reads no clock or setting")


def headers_of(tree, name):
    """The headers a source stands for: the one of its own name, else those of its room that it includes."""
    same = name[:-4] + ".h"
    if same in tree.files:
        return {same}
    return {target for _, target in includes(tree, name) if tree.room(target) == tree.room(name)}


def reached(tree, seen):
    """Headers that tests include, and those of the same room on which these and their sources stand."""
    own = {name: headers_of(tree, name) if name.endswith(".cpp") else {name} for name in tree.code}
    inside = {name: {target for _, target in includes(tree, name) if tree.room(target) == tree.room(name)}
              for name in tree.code}
    found, before = set(seen), None
    while before != len(found):
        before = len(found)
        for name in tree.code:
            if own[name] & found:
                found |= inside[name]
    return found


def tested_sources(tree):
    rule = "tested_sources"
    excepted = tree.exceptions("untested.txt")
    seen = reached(tree, {target for name in tree.files if name.startswith("tests/") and name.endswith((".h", ".cpp"))
                          for _, target in includes(tree, name)})
    for name in tree.code:
        if name.endswith(".cpp") and name not in excepted and not headers_of(tree, name) & seen:
            yield Finding(name, 1, rule, "no test includes its header, or one that stands on it (or untested.txt says why)")
    for name in excepted:
        if name not in tree.files:
            yield Finding("tests/lint/untested.txt", 1, rule, f"{name} is no longer there")


def sql_address(tree):
    for name in tree.code:
        if fits(tree.room(name) or "", tree.architecture["sql"]["rooms"]):
            continue
        for number, line in tree.lines(name):
            if SQL.search(line):
                yield Finding(name, number, "sql_address", "SQL stands in gateway/store alone")


def catch_all(tree):
    allowed = tree.architecture["catch_all"]["files"]
    for name in tree.code:
        for number, line in tree.lines(name):
            if re.search(r"\bcatch\s*\(\s*\.\.\.\s*\)", line) and name not in allowed:
                yield Finding(name, number, "catch_all", "everything is caught in the files of architecture.toml alone")


def dangerous_calls(tree):
    """Measured: a format string at run time can be a sender's, and Poco's form reader has no bound."""
    banned = {"fmt::" + "runtime": "a format string is written, not made", "HTML" + "Form": "reads without a bound"}
    for name in tree.code:
        for number, line in tree.lines(name):
            for word, why in banned.items():
                if word in line:
                    yield Finding(name, number, "dangerous_calls", f"{word}: {why}")


def lengths(tree):
    """Read by people, decided by people: these never fail."""
    starts = re.compile(r"^(\s*)(?!if\b|for\b|while\b|switch\b|else\b|do\b|return\b|namespace\b|class\b|struct\b|enum\b|\}).*\(.*\{$")
    for name in tree.code:
        lines = tree.text(name).splitlines()
        if len(lines) > 300:
            yield Finding(name, len(lines), "lengths", f"{len(lines)} lines", fails=False)
        for number, line in enumerate(lines, start=1):
            found = starts.match(line)
            if not found:
                continue
            closing = found[1] + "}"
            end = next((i for i in range(number, len(lines)) if lines[i].startswith(closing)), number - 1)
            if end + 2 - number > 60:
                yield Finding(name, number, "lengths", f"a function of {end + 2 - number} lines", fails=False)


def formatting(tree):
    rule = "formatting"
    names = [name for name in tree.files if name.endswith((".h", ".cpp")) and name.split("/")[0] in (*FLOORS, "tests")]
    excepted = tree.exceptions("unformatted.txt")
    program = shutil.which("clang-format-19")
    if program is None:
        yield Finding(".clang-format", 1, rule, "clang-format-19 is not installed (deployment/packages.test)")
        return
    for start in range(0, len(names), 50):
        run = subprocess.run([program, "--dry-run", "--style=file", *names[start:start + 50]],
                             cwd=tree.root, capture_output=True, text=True, check=False)
        places = {}
        for name, line in re.findall(r"^([^\s:]+):(\d+):\d+: (?:warning|error)", run.stderr, re.M):
            places.setdefault(name, set()).add(int(line))
        for name, lines in places.items():
            yield Finding(name, min(lines), rule, f"{len(lines)} places are not as clang-format-19 writes them",
                          fails=not any(name == path or (path.endswith("/") and name.startswith(path))
                                            for path in excepted))


RULES = [include_layers, library_rooms, pure_rules, tested_sources, sql_address, catch_all, dangerous_calls, lengths,
         formatting]
