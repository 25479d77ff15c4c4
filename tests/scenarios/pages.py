"""Board, agenda and access as kesherctl prints them: what the pages of two bodies say, in which words, and what stands on
none of them. A hub that shows too much would be believed by everybody who looks, so each page is searched whole.
"""
import json
import re
import tomllib

from harness import SOURCE

CATALOGUE = SOURCE / "config/catalogue"
# An access row's members are a closed list: no tag, nonce, certificate or free fact.
ACCESS_MEMBERS = {"index", "at", "event", "operation", "org", "actor_type", "actor", "role", "purpose", "basis", "consent",
                  "decision", "code", "message", "referral", "recipient", "groups"}
BOARD_MEMBERS = {"line", "side", "other", "service", "state", "days", "waiting_for", "updates"}
CALENDAR = {"BEGIN", "END", "VERSION", "PRODID", "NAME", "REFRESH-INTERVAL", "TZID", "DTSTART", "RRULE", "TZOFFSETFROM",
            "TZOFFSETTO", "TZNAME", "UID", "SEQUENCE", "STATUS", "DTSTAMP", "LAST-MODIFIED", "DTEND", "SUMMARY", "URL", "CLASS"}


def service_names(code):
    """A service's code and its names in every language."""
    with open(CATALOGUE / "services.toml", "rb") as file:
        service = tomllib.load(file)[code]
    return [code, *(service[language] for language in ("he", "en", "ar", "ru"))]


def forbidden_stems():
    lines = (CATALOGUE / "never_shown.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and line[0] not in "#-"]


class Pages:
    """What one body reads: each page as programs get it, and as people do in Hebrew and in English."""

    def __init__(self, story, body):
        self.body = body
        self.board = body.ctl("board")
        self.agenda = body.ctl("agenda")
        self.access = body.ctl("access")
        self.text = {(page, language): story.plain(body, page, "--language", language)
                     for page in ("board", "agenda", "access") for language in ("he", "en")}
        self.calendar = story.plain(body, "agenda", "--ics", "--start", "2026-12-01T09:30")

    def whole(self):
        """Every page by its name."""
        found = {f"{page} in {language}": text for (page, language), text in self.text.items()}
        for name in ("board", "agenda", "access"):
            found[f"{name} for programs"] = json.dumps(getattr(self, name), ensure_ascii=False)
        return found | {"the meeting": self.calendar}

    def says(self, page, hebrew, english):
        """These lines, each as a pattern, stand on the page once for each time they are given; the heads come before."""
        for language, wanted in (("he", hebrew), ("en", english)):
            lines = self.text[page, language].splitlines()
            rest = lines[-len(wanted):] if wanted else []
            assert len(lines) == len(wanted) + (2 if wanted else 1), lines
            for pattern in wanted:
                found = [line for line in rest if re.fullmatch(pattern, line)]
                assert found, f"no line of {page} in {language} is {pattern}: {rest}"
                rest.remove(found[0])

    def never_say(self, *pages, values):
        """None of the values, {value: what it is}, stands on these pages, or on any where none is named."""
        whole = self.whole()
        for name in pages or {each.split()[0] for each in whole}:
            texts = {each: text for each, text in whole.items() if each.startswith(name)}
            assert texts, name
            for value, what in values.items():
                for each, text in texts.items():
                    assert value.casefold() not in text.casefold(), f"{what} stands on {each} of {self.body.name}: {text}"

    def judge_forms(self):
        """What holds whoever it is about: closed members, bands of days, no hour, no stem that says what she receives."""
        self.never_say(values={stem: "a stem that nobody may read" for stem in forbidden_stems()})
        lines = self.board["lines"]
        assert [each["line"] for each in lines] == list(range(1, len(lines) + 1)), lines
        assert all(set(each) <= BOARD_MEMBERS for each in lines), lines
        for name, text in self.whole().items():
            if name.startswith(("board", "agenda")):
                assert not re.search(r"\d\d:\d\d", text), f"an hour stands on {name}: {text}"
        assert all(set(each) <= ACCESS_MEMBERS for each in self.access["rows"]), self.access
        assert {each["org"] for each in self.access["rows"]} == {self.body.name}, self.access
        self.judge_calendar()

    def search_finds(self, page, value):
        """The search that finds nothing on the pages finds what does stand there."""
        try:
            self.never_say(page, values={value: "what does stand there"})
        except AssertionError:
            return
        raise AssertionError(f"the search does not find {value} on {page}: it would find nothing at all")

    def judge_calendar(self):
        """A meeting, when it is, and nothing of what it is about or of who comes."""
        lines = self.calendar.replace("\r\n ", "").split()
        names = {re.split("[:;]", line)[0] for line in lines}
        assert names <= CALENDAR, names - CALENDAR
        said = [line for line in lines if line.startswith(("DTSTART;TZID", "DTEND", "SUMMARY", "NAME"))]
        assert sorted(said) == ["DTEND;TZID=Asia/Jerusalem:20261201T110000", "DTSTART;TZID=Asia/Jerusalem:20261201T093000",
                                "NAME;LANGUAGE=he:פגישות", "SUMMARY;LANGUAGE=he:פגישה"], said
        assert self.calendar.count("BEGIN:VEVENT") == 1, self.calendar
