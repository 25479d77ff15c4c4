"""The far side of the health adapter: a FHIR server that is not ours, as a process, and the clinic's staff at it."""
import json
import signal
import subprocess
import urllib.request

from harness import PATIENCE, SOURCE, free_ports, run, wait_until

FOLDER = SOURCE / "tests/systems/fhir"
NODE = FOLDER / "node_modules/.bin/node"


class Clinic:
    """`with Clinic(log) as clinic:` ends the server that it started."""

    def __init__(self, log):
        self.port = free_ports(1)[0]
        self.base = f"http://127.0.0.1:{self.port}"
        self.log = log

    def __enter__(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([str(NODE), str(FOLDER / "server.mjs"), "--port", str(self.port)],
                                            stdout=subprocess.PIPE, stderr=log)
        assert self.process.stdout.readline() == f"port {self.port}\n".encode(), "the FHIR server did not start"
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGCONT)
        self.process.terminate()
        self.process.wait(PATIENCE)
        self.process.stdout.close()

    def freeze(self):
        """It is there, and answers nobody."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self.process.send_signal(signal.SIGCONT)

    def settings(self, organisation, hub):
        return (f'[organisation]\nid = "{organisation.name}"\nkeys = "."\n[hub]\nname = "{hub}"\npoll_wait = "1s"\n'
                f'[fhir]\nbase_url = "{self.base}"\nlook_every = "1s"\nsweep_every = "2s"\npause = "1s"\n'
                f'deadline = "2s"\n[actor]\nofficer = "fhir"\n')

    def staff(self, action, task, *options):
        """What somebody of the clinic does with one Task, through the server's public interface."""
        return json.loads(run([NODE, FOLDER / "clinic.mjs", "--base", self.base, action, "--task", task["id"], *options]))

    def get(self, path):
        with urllib.request.urlopen(f"{self.base}/{path}", timeout=PATIENCE) as answer:
            return json.load(answer)

    def search(self, query):
        return [entry["resource"] for entry in self.get(query).get("entry", [])]

    def tasks(self):
        return self.search("Task?_count=1000")

    def everything(self):
        """Every resource that the adapter wrote here, as the server shows it."""
        return [resource for kind in ("Task", "ServiceRequest", "Patient", "Consent", "Provenance", "Organization",
                                      "Appointment") for resource in self.search(f"{kind}?_count=1000")]

    def await_task(self, known=()):
        """The Task that is not among the known."""
        found = wait_until(lambda: [each for each in self.tasks() if each["id"] not in known], "a Task at the clinic")
        assert len(found) == 1, [each["id"] for each in found]
        return found[0]

    def await_status(self, task, status):
        def reached():
            found = self.get(f"Task/{task['id']}")
            return found if found["status"] == status else None
        return wait_until(reached, f"the Task is {status}")

    def about(self, task):
        """(ServiceRequest, Patient) of a Task."""
        return self.get(task["focus"]["reference"]), self.get(task["for"]["reference"])
