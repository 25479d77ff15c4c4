"""Two polls of every body wait on a thread each, and the calls of all need some beside them: a hub whose listener has
fewer threads than that says so as soon as there is a body too many, and says it once.

    listener_threads.py BUILD_FOLDER      needs the cluster that deployment/postgres/cluster started there
"""
import json
import sys
import time

from harness import Exchange, wait_until

BESIDE_THE_POLLS = 64
ENOUGH_FOR_ONE = BESIDE_THE_POLLS + 2
LOOKS_EVERY = 1  # seconds; gateway/app/hub.cpp


class Narrow(Exchange):
    """A hub with as many threads as one body and no more."""

    threads = ENOUGH_FOR_ONE

    def _write_settings(self):
        super()._write_settings()
        listener = "[listeners.organisations]\n"
        text = self.config.read_text()
        self.config.write_text(text.replace(listener, f"{listener}threads = {self.threads}\n"))

    def said(self):
        """What its log says of its threads: a level, how many there are, how many are wanted."""
        lines = (json.loads(line) for line in (self.folder / "hub.log").read_text().splitlines() if line.startswith("{"))
        return [(each["level"], each["threads"], each["wanted"]) for each in lines if each["event"] == "listener_threads"]

    def add(self, body):
        self.operator.ctl("org", "add", body, "--kind", "PUBLIC_BODY", "--token-file", self.folder / f"{body}.token")


def main():
    with Narrow(sys.argv[1]) as exchange:
        time.sleep(3 * LOOKS_EVERY)
        assert exchange.said() == [], exchange.said()
        print("for the operator alone there are threads enough, and nothing is said", flush=True)
        exchange.add("health")
        warned = [("warning", ENOUGH_FOR_ONE, ENOUGH_FOR_ONE + 2)]
        wait_until(exchange.said, "the hub warns of too few threads", 30)
        assert exchange.said() == warned, exchange.said()
        exchange.add("housing")
        time.sleep(3 * LOOKS_EVERY)
        assert exchange.said() == warned, exchange.said()
        print("with a second body it warns, and with a third it is not said again", flush=True)
        exchange.stop()
        enough = ENOUGH_FOR_ONE + 4
        exchange.config.write_text(exchange.config.read_text().replace(f"threads = {ENOUGH_FOR_ONE}\n", f"threads = {enough}\n"))
        exchange.start()
        time.sleep(3 * LOOKS_EVERY)
        assert exchange.said() == warned, exchange.said()
        print("started again with as many as it wants, it says nothing", flush=True)


if __name__ == "__main__":
    main()
