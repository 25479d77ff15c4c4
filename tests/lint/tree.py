"""The files that a rule looks at, and what a rule says about them."""
import subprocess
import tomllib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

FLOORS = ("schemas", "audit", "config", "gateway", "adapters")
NOT_TEXT = {".png", ".jpg", ".ico", ".woff2", ".zip", ".pdf", ".bin", ".der", ".p12", ".gz", ".avro"}
LEFT_OUT = {".git", "build", "var", "node_modules", "__pycache__"}


@dataclass(order=True)
class Finding:
    file: str
    line: int
    rule: str
    what: str
    fails: bool = field(default=True, compare=False)

    def __str__(self):
        mark = "" if self.fails else " (notice)"
        return f"{self.file}:{self.line}: {self.rule}{mark}: {self.what}"


class Tree:
    """A working copy: what git tracks and what it would track; without git, every file."""

    def __init__(self, root):
        self.root = Path(root)
        listed = self._git("ls-files", "-z", "--cached", "--others", "--exclude-standard")
        top = self._git("rev-parse", "--show-prefix")
        if listed is not None and top is not None and top.strip() == "":
            names = listed.split("\0")
            self.files = sorted(name for name in set(names) if name and (self.root / name).is_file())
        else:
            self.files = sorted(
                path.relative_to(self.root).as_posix() for path in self.root.rglob("*")
                if path.is_file() and not LEFT_OUT & set(path.relative_to(self.root).parts))
        self._texts = {}

    def _git(self, *words):
        """What git says; None where it refuses or is not installed."""
        try:
            done = subprocess.run(["git", "-C", self.root, *words], capture_output=True, check=False)
        except FileNotFoundError:
            return None
        return done.stdout.decode("utf-8") if done.returncode == 0 else None

    def text(self, name):
        if name not in self._texts:
            self._texts[name] = (self.root / name).read_text(encoding="utf-8", errors="replace")
        return self._texts[name]

    def lines(self, name):
        return enumerate(self.text(name).splitlines(), start=1)

    @cached_property
    def texts(self):
        return [name for name in self.files if Path(name).suffix not in NOT_TEXT]

    @cached_property
    def code(self):
        """C++ of the product, without tests."""
        return [name for name in self.files
                if name.endswith((".h", ".cpp")) and name.split("/")[0] in FLOORS]

    @cached_property
    def architecture(self):
        return tomllib.loads(self.text("tests/lint/architecture.toml"))

    def exceptions(self, name):
        """`key: reason` lines; one without a reason is worth nothing."""
        found = {}
        for _, line in self.lines(f"tests/lint/{name}"):
            key, colon, reason = line.partition(": ")
            if colon and reason.strip() and not line.startswith("#"):
                found[key.strip()] = reason.strip()
        return found

    def room(self, name):
        """The longest known room that holds the file; a folder of adapters/ is a room of its own."""
        parts = name.split("/")[:-1]
        if parts[:1] == ["adapters"] and len(parts) > 1:
            return "/".join(parts[:2])
        rooms = self.architecture["layers"]
        for end in range(len(parts), 0, -1):
            if "/".join(parts[:end]) in rooms:
                return "/".join(parts[:end])
        return None


def fits(room, patterns):
    """Whether a room is in a list like ["schemas/*", "config"]."""
    return any(room == pattern or (pattern.endswith("/*") and (room + "/").startswith(pattern[:-1]))
               for pattern in patterns)
