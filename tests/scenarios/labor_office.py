"""The far side of the labor arm's adapter: its service, by npm cloudevents and jose, which signs what its people say."""
import json
import signal
import subprocess
import urllib.request

from harness import PATIENCE, SOURCE, free_ports, run
from native_body import FarSide

FOLDER = SOURCE / "tests/systems/labor"
NODE = FOLDER / "node_modules/.bin/node"
MAPPING = SOURCE / "adapters/labor/data/mapping.toml"


class LaborOffice(FarSide):
    """`with LaborOffice(log, keys) as office:` ends the service; `keys` is where it puts its public key."""

    def __init__(self, log, keys):
        super().__init__()
        self.keys = keys
        keys.mkdir()
        self.port, self.listens = free_ports(2)
        self.base = f"http://127.0.0.1:{self.port}"
        self.adapter = f"http://127.0.0.1:{self.listens}"
        self.log = open(log, "ab")

    def __enter__(self):
        self.process = subprocess.Popen(
            [str(NODE), str(FOLDER / "service.mjs"), "--mapping", str(MAPPING), "--port", str(self.port),
             "--keys", str(self.keys), "--ours", f"{self.adapter}/jwks"], stdout=subprocess.PIPE, stderr=self.log)
        assert self.process.stdout.readline() == f"port {self.port}\n".encode(), "the service did not start"
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGCONT)
        self.process.terminate()
        self.process.wait(PATIENCE)
        self.process.stdout.close()
        self.log.close()

    def settings(self, organisation, hub):
        run(["openssl", "genpkey", "-quiet", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256",
             "-out", organisation.directory / "events.key"])
        return (f'[organisation]\nid = "{organisation.name}"\nkeys = "."\n[hub]\nname = "{hub}"\npoll_wait = "1s"\n'
                f'[events]\nendpoint = "{self.base}/kesher"\npause = "1s"\ndeadline = "2s"\nlook_every = "2s"\n'
                f'origin = "kesher.example.org"\nsource = "urn:labor"\ntheir_keys_file = "{self.keys / "theirs.json"}"\n'
                f'[listen]\nport = {self.listens}\n[actor]\nofficer = "events"\n')

    def ask(self, path, body=None):
        asked = urllib.request.Request(self.base + path, None if body is None else json.dumps(body).encode())
        with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:
            return json.load(answer)

    def freeze(self):
        """It is there, and answers nobody."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self.process.send_signal(signal.SIGCONT)

    def referrals(self):
        """Number -> {id, source, attributes, data, takes, updates, over, version, status}."""
        return dict(self.ask("/referrals"))

    def tell(self, number, word, **beside):
        """What its people say, and the adapter's answer: `word` is a status, with its substatus behind a hyphen."""
        status, _, substatus = word.partition("-")
        said = {"url": self.adapter, "referral": number, "status": status, **beside}
        return self.ask("/say", said | ({"substatus": substatus} if substatus else {}))

    def say(self, number, word, taken=True):
        answer = self.tell(number, word)
        if taken:
            assert answer["status"] == 202 and answer["receiptOk"], answer
        else:
            assert answer["status"] == 409 and answer["code"] == "no_such_step", answer
