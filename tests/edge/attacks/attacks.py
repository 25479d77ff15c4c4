"""Raises a hub with five bodies and lets kesher-attacker send it everything that must be refused.

    attacks.py BUILD_FOLDER      needs the cluster that deployment/postgres/cluster started there
KESHER_ATTACKS=none leaves the floods away, KESHER_ATTACKS=only everything else; KESHER_FLOOD=TEXT takes those floods alone
that have it in their names. KESHER_FLOODS=every takes the long ones as well (`tests/run full`), as does KESHER_FLOOD.
"""
import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scenarios"))
import rows  # noqa: E402
from harness import Exchange  # noqa: E402


class Attacked(Exchange):
    """With limits that a test can reach, and a sanitizer that keeps no freed memory back and makes no second stacks:
    what stays was not freed."""

    def _write_settings(self):
        super()._write_settings()
        # While the database does not go on two bodies fill the queue, and one alone its share: three quarters of 64.
        listener = "[listeners.organisations]\n"
        text = self.config.read_text().replace(listener, f"{listener}threads = 256\nconnections_each = 64\n")
        self.config.write_text(text + '[limits]\nrequest_deadline = "2s"\nbytes_in_flight = 8388608\n'
                               'batch_requests = 64\nqueue_requests = 64\n')

    def start(self):
        os.environ["ASAN_OPTIONS"] = ("quarantine_size_mb=1:thread_local_quarantine_size_kb=1:malloc_context_size=2:"
                                      "detect_stack_use_after_return=0:allocator_release_to_os_interval_ms=100")
        super().start()


def main():
    with Attacked(sys.argv[1]) as exchange:
        department, health, housing, _ = exchange.enrol(
            ("ssd-5000", "PUBLIC_BODY", "W1", "SOCIAL_WORKER"), ("health", "PUBLIC_BODY", "W1", "SOCIAL_WORKER"),
            ("housing", "PUBLIC_BODY", None, None), ("labor", "PUBLIC_BODY", None, None))
        types = "referral.submitted.v1,referral.event.v1"
        exchange.agree(department, health, types, "REFERRAL,TREATMENT,STATUS_FEEDBACK", "DEBT,HEALTH")
        exchange.agree(department, housing, types, "REFERRAL,TREATMENT,STATUS_FEEDBACK", "HEALTH")
        # Added and not confirmed: pending.
        token = exchange.folder / "nii.token"
        exchange.operator.ctl("org", "add", "nii", "--kind", "PUBLIC_BODY", "--token-file", token)
        print("  a hub runs with four bodies, and a fifth that is not yet confirmed", flush=True)
        seen = exchange.folder / "seen"

        named = "KESHER_FLOOD" in os.environ
        every = ["--every-flood"] if named or os.environ.get("KESHER_FLOODS") == "every" else []

        def attack(floods):
            done = subprocess.run(
                [str(exchange.programs / "kesher-attacker"), "--department", str(department.directory), "--health",
                 str(health.directory), "--port", str(exchange.ports["organisations"]), "--local",
                 str(exchange.ports["local"]), "--queue", "64", "--share", "48", "--hub", str(exchange.hub.pid),
                 "--database", exchange.conninfo("postgres"), "--seen", str(seen), "--floods", floods,
                 "--flood", os.environ.get("KESHER_FLOOD", ""), *every])
            assert exchange.hub.poll() is None, "the hub ended"
            exchange.stop()  # a leak is a finding of the sanitizer: the hub then ends with another code
            assert done.returncode == 0, "what did not hold stands above"

        wanted = os.environ.get("KESHER_ATTACKS", "all")
        if wanted != "only":
            attack("none")
            missing = rows.codes_of_this_folder() - set(seen.read_text().split())
            assert not missing, f"README.md names a test here for {missing}, and the hub never said it"
        if wanted != "none":
            # What a hub holds is judged on one that was not told before to open as many threads as it may.
            if wanted != "only":
                exchange.start()
            attack("only")


if __name__ == "__main__":
    main()
