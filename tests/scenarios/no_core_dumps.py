"""The programs that hold keys are not allowed a core file, whatever they do: each is looked at while it waits.

    no_core_dumps.py BUILD_FOLDER      needs no cluster
"""
import os
import pathlib
import resource
import socket
import subprocess
import sys
import tempfile

from harness import wait_until

programs = pathlib.Path(sys.argv[1]).resolve() / "bin"
_, most = resource.getrlimit(resource.RLIMIT_CORE)
resource.setrlimit(resource.RLIMIT_CORE, (most, most))
with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as silent:
    never_written = pathlib.Path(folder) / "token"
    os.mkfifo(never_written)
    database = f"host=127.0.0.1 port={silent.getsockname()[1]} user=nobody"
    for program, *asked in (("kesher-hub", "--migrate", "--owner", database),
                            ("kesher-adapter", "--dir", f"{folder}/a", "init", "--token-file", never_written),
                            ("kesherctl", "--dir", f"{folder}/b", "enrol", "--token-file", never_written)):
        running = subprocess.Popen([programs / program, *asked], cwd=folder, stdout=subprocess.DEVNULL)
        limits = pathlib.Path(f"/proc/{running.pid}/limits")
        try:
            wait_until(lambda: limits.read_text().split("Max core file size")[1].split()[:2] == ["0", "0"],
                       f"{program} forbids itself a core file", 30)
        finally:
            running.kill()
            running.wait()
        print(f"{program} is allowed no core file", flush=True)
