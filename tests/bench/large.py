"""Fills a hub with many cases, and looks what a start and each look into it cost then.

    large.py BUILD_FOLDER [REFERRALS]      needs the cluster that deployment/postgres/cluster started there
Prints a table; no figure makes it fail. What fails it is an answer that is not whole, a table that a start does not
find to be what the log says, or a plan that reads a table of the exchange from its beginning to its end for one look.
"""
import json
import secrets
import subprocess
import sys
import time
import uuid

from exchange import BenchExchange, machine, run

CASES_A_DAY = 10_000  # one body opens no more (schemas/contract/shares.h, kCasesWithinLapse)
LOOKS = 5
SHOWN_CASES = 26  # of eight referrals without a sensitivity label: one more than fill a board of 200 lines
DECLINED = 48     # of them, of six women as they were sent: the agenda begins to count at 5
REFERRALS = 8 * (CASES_A_DAY - SHOWN_CASES)  # eight to a case
SERVER_COUNTS = 12  # seconds: a session of PostgreSQL that idles tells by then which tables it read


def seconds(what):
    began = time.monotonic()
    given = what()
    return time.monotonic() - began, given


def memory_of(process):
    with open(f"/proc/{process.pid}/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))


def told(name, times, found=""):
    times = sorted(times)
    print(f"| {name} | {times[0] * 1000:.0f} | {times[len(times) // 2] * 1000:.0f} | {times[-1] * 1000:.0f} | {found} |",
          flush=True)


def whole_scans(exchange):
    """How often each large table was read from beginning to end since the server counts."""
    rows = exchange.rows("SELECT relname, seq_scan FROM pg_stat_user_tables WHERE n_live_tup > 10000 ORDER BY relname")
    return {name: int(scans) for name, scans in rows}


def refer_to_vocation(department, folder):
    """What may stand on a board and an agenda; the many are of a service that may not."""
    (folder / "need").write_text("אבחון תעסוקתי\n", encoding="utf-8")
    for _ in range(SHOWN_CASES):
        case, consent = department.ctl("case", "open")["pseudonym"], str(uuid.uuid4())
        department.ctl("consent", "give", "--case", case, "--consent", consent, "--recipient", "labor", "--purposes",
                       "REFERRAL,STATUS_FEEDBACK", "--groups", "EMPLOYMENT", "--services", "EMP-VOC",
                       "--notice-language", "he", "--form-sha256", secrets.token_hex(32))
        for _ in range(8):
            department.ctl("message", "send", "--case", case, "--to", "labor", "--service", "EMP-VOC", "--consent",
                           consent, "--known-by", "presents", "--need-file", folder / "need")


def decline(labor, folder):
    """The first that the inbox brings, as they were sent: eight of each woman."""
    declined = 0
    while declined < DECLINED:
        came = labor.ctl("inbox", "take", "--once", "--save", folder / "taken")["deliveries"]
        assert came, "the inbox is empty"
        for each in came[:DECLINED - declined]:
            labor.ctl("message", "event", "--referral", each["referral"], "--event", "decline", "--reason", "no-capacity")
            declined += 1


def main():
    build, wanted = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else REFERRALS
    before = machine()
    with BenchExchange(build) as exchange:
        department, health, labor, auditor = exchange.enrol(
            ("ssd-5000", "PUBLIC_BODY", "W1", "SOCIAL_WORKER"), ("health", "PUBLIC_BODY", "C1", "CASEWORKER"),
            ("labor", "PUBLIC_BODY", "C2", "CASEWORKER"), ("auditor", "AUDITOR", "A1", "AUDITOR"))
        exchange.agree(department, health, "referral.submitted.v1,referral.event.v1", "TREATMENT,STATUS_FEEDBACK",
                       "HEALTH")
        exchange.agree(department, labor, "referral.submitted.v1,referral.event.v1", "REFERRAL,STATUS_FEEDBACK",
                       "EMPLOYMENT")
        print(time.strftime("%Y-%m-%d"), "·", before)
        print("| referrals | leaves | messages/s at 32 connections |\n|--:|--:|--:|", flush=True)
        subprocess.run([str(exchange.programs / "kesher-bench-exchange"), "--folder", str(department.directory),
                        "--officer", "W1", "--recipient", "health", "--hub",
                        f"{exchange.hub.pid}:{exchange.ports['organisations']}:{exchange.ports['local']}",
                        "--fill", str(wanted)], check=True)
        stored = int(exchange.rows("SELECT count(*) FROM referral")[0][0])
        assert stored == wanted, (stored, wanted)
        refer_to_vocation(department, exchange.folder)
        decline(labor, exchange.folder)
        print(f"memory of the hub that took them: {memory_of(exchange.hub):.0f} MiB")
        exchange.stop()
        exchange.rows("VACUUM ANALYZE")
        took, _ = seconds(exchange.start)
        leaves = department.request("GET", "/log/checkpoint")[1].decode().split("\n")[1]
        print(f"a start, which derives the root of {leaves} leaves and holds every row against them: {took:.1f} s, "
              f"{memory_of(exchange.hub):.0f} MiB")
        scans = whole_scans(exchange)
        print("| look | least ms | median ms | most ms | found |\n|---|--:|--:|--:|--:|")

        def look(name, path, body, count):
            def once():
                status, answer = body.request("GET", path)
                assert status == 200, (name, status, answer[:300])
                return answer
            results = [seconds(once) for _ in range(LOOKS)]
            told(name, [each[0] for each in results], count(results[0][1]))

        def of(member):
            return lambda answer: f"{len(json.loads(answer)[member])} {member}"

        def at_least(member, count):
            def counted(answer):
                assert len(json.loads(answer)[member]) >= count, answer[:300]
                return of(member)(answer)
            return counted
        cases = json.loads(department.request("GET", "/v1/cases?limit=200")[1])["cases"]
        assert len(cases) == 200, len(cases)
        one = cases[0]["pseudonym"]
        look("one case", f"/v1/cases/{one}", department,
             lambda answer: f"{len(json.loads(answer)['referrals'])} referrals")
        look("200 cases", "/v1/cases?limit=200", department, of("cases"))
        look("a poll of 100", "/v1/inbox?wait=0&limit=100", health, lambda answer: f"{len(answer) // 1024} KiB")
        look("board", "/v1/board", department, at_least("lines", 200))
        look("agenda", "/v1/agenda", department, at_least("items", 1))
        look("access of one case", f"/v1/access?subject={one}", department, of("rows"))
        look("access of one officer by an auditor, the newest 1,000 leaves", "/v1/access?org=ssd-5000&officer=W1", auditor, of("rows"))
        time.sleep(SERVER_COUNTS)
        read_whole = {name: after - scans.get(name, 0) for name, after in whole_scans(exchange).items()
                      if after > scans.get(name, 0)}
        print("tables that a look read from beginning to end:", read_whole or "none")
        exchange.stop()
        took, _ = seconds(exchange.start)
        print(f"a start once more, with the releases and readings: {took:.1f} s")
        exchange.stop()
        assert not read_whole, read_whole


if __name__ == "__main__":
    main()
