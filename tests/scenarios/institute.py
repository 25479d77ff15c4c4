"""The far side of National Insurance's adapter: its service and its staff, by npm soap from the WSDL that the adapter serves."""
import json
import signal
import subprocess
import urllib.request

from harness import PATIENCE, SOURCE, free_ports, run, wait_until
from native_body import FarSide

FOLDER = SOURCE / "tests/systems/national_insurance"
NODE = FOLDER / "node_modules/.bin/node"
MAPPING = SOURCE / "adapters/national_insurance/data/mapping.toml"


class Institute(FarSide):
    """`with Institute(log) as institute:` ends the service that open() started: it is made of the adapter's WSDL."""

    def __init__(self, log):
        self.port, self.listens = free_ports(2)
        self.base = f"http://127.0.0.1:{self.port}"
        self.log = log
        super().__init__()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process is None:
            return
        self.process.send_signal(signal.SIGCONT)
        self.process.terminate()
        self.process.wait(PATIENCE)
        self.process.stdout.close()

    def settings(self, organisation, hub):
        return (f'[organisation]\nid = "{organisation.name}"\nkeys = "."\n[hub]\nname = "{hub}"\npoll_wait = "1s"\n'
                f'[soap]\nendpoint = "{self.base}/benefits"\npause = "1s"\ndeadline = "2s"\nlook_every = "2s"\n'
                f'environment = "test"\n[listen]\nport = {self.listens}\n[actor]\nofficer = "soap"\n')

    def wsdl(self, service):
        return f"http://127.0.0.1:{self.listens}/wsdl/{service}"

    def open(self):
        wait_until(self.described, "the adapter serves its WSDL")
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [str(NODE), str(FOLDER / "service.mjs"), "--wsdl", self.wsdl("benefits"), "--mapping", str(MAPPING),
                 "--port", str(self.port)], stdout=subprocess.PIPE, stderr=log)
        assert self.process.stdout.readline() == f"port {self.port}\n".encode(), "the service did not start"

    def described(self):
        try:
            with urllib.request.urlopen(self.wsdl("benefits"), timeout=PATIENCE) as answer:
                return answer.read()
        except OSError:
            return None

    def freeze(self):
        """It is there, and answers nobody."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self.process.send_signal(signal.SIGCONT)

    def referrals(self):
        """Number -> {id, client, body, updates, over}."""
        with urllib.request.urlopen(f"{self.base}/referrals", timeout=PATIENCE) as answer:
            return dict(json.load(answer))

    def staff(self, number, referrer, status, *options, expect=0):
        """What its staff says of a referral, and the adapter's answer."""
        return json.loads(run([NODE, FOLDER / "staff.mjs", "--wsdl", self.wsdl("feedback"), "--mapping", MAPPING,
                               "--referral", number, "--referrer", referrer, "--status", status, *options], expect))

    def say(self, number, status, taken=True):
        answer = self.staff(number, "ssd-5000", status, expect=0 if taken else 2)
        assert (answer["code"] in (0, "0")) == taken, answer
