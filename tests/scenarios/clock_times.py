"""Finds what tells an hour in a store: every text that may be a point in time finer than a day, in any form that is known
here, with its place. Whoever reads two stores pairs two referrals of one woman by the minute in which they were sent.

    clock_times.py      plants a time of each form and demands that each is found
"""
import base64
import datetime
import json
import re
import unittest
import uuid

DAY = 86_400_000
ISRAEL = (0, 2, 3)  # hours ahead of UTC that a native side may write: none, winter, summer
CUTS = (1_000, 60_000, 3_600_000)
UNITS = {6: 3_600_000, 8: 60_000, 10: 1_000, 13: 1, 16: 1e-3, 19: 1e-6}  # digits of a count since 1970 -> its unit
ISO = re.compile(r"\d{4}-\d\d-\d\d[T ](\d\d):(\d\d)(?::(\d\d(?:[.,]\d+)?))?(?:Z|[+-]\d\d:?\d\d)?")
COMPACT = re.compile(r"(?<![A-Za-z0-9])20\d\d[01]\d[0-3]\d[T_]?([01]\d|2[0-3])([0-5]\d)([0-5]\d\d{0,3})?Z?(?![A-Za-z0-9])")
CLOCK = re.compile(r"(?<![\w:.])([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?(?![\w:])")  # also in a date as HTTP writes it
HHMMSS = re.compile(r"(?<![A-Za-z0-9])([01]\d|2[0-3])([0-5]\d)([0-5]\d)(?![A-Za-z0-9])")
COUNT = re.compile(r"(?<![A-Za-z0-9])\d{6,19}(?![A-Za-z0-9])")
UUID = re.compile(r"(?<![A-Za-z0-9])[0-9a-f]{8}-[0-9a-f]{4}-[17][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}(?![A-Za-z0-9])")


# ---- every text with its place ----
def decoded(segment):
    return base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))


def texts_of(found, place=()):
    """(place, text or bytes) of all that stands in it; statements, leaves and JSON are taken apart, keys are texts too."""
    if isinstance(found, dict):
        for key, value in found.items():
            yield (*place, "key"), str(key)
            yield from texts_of(value, (*place, at_of(found) if key == "at" and "event" in found else str(key)))
    elif isinstance(found, (list, tuple)):
        for each in found:
            yield from texts_of(each, place)
    elif isinstance(found, bytes):
        yield place, found
        for text in re.findall(rb"[\x20-\x7e]{4,}", found):
            yield from texts_of(text.decode(), place)
    elif isinstance(found, str):
        yield from inside(found, place)
    elif found is not None and not isinstance(found, bool):
        yield place, str(found)


def at_of(record):
    """Whose time the one of a leaf is: of what was released to whom, or of what which body did."""
    to = f"to {record.get('recipient')}" if record["event"] == "released" else f"of {record.get('org')}"
    return f"at: {record['event']} {to}"


def inside(text, place):
    lines = text.split("\n")
    if len(lines) > 1:
        for line in lines:
            yield from inside(line, place)
        return
    if text[:1] in "{[" and text[-1:] in "}]":
        try:
            yield from texts_of(json.loads(text), place)
            return
        except ValueError:
            pass
    segments = text.split(".")
    if len(segments) in (3, 5) and segments[0].startswith("eyJ"):
        yield from texts_of(json.loads(decoded(segments[0])), (*place, "header"))
        if len(segments) == 3:
            yield from texts_of(json.loads(decoded(segments[1])), (*place, "claims"))
        return
    yield place, text


# ---- what in it is a time ----
class Acts:
    """When somebody acted, in milliseconds since 1970. What may be a number of another kind is a time where it is near."""

    def __init__(self, acts):
        self.acts = sorted(acts)

    def around(self, when):
        """Within a day of the story: a count since 1970, and no other number."""
        return self.acts[0] - DAY <= when <= self.acts[-1] + DAY and when % DAY != 0

    def near(self, when):
        return any(-1_000 <= when - act <= 1_500 for act in self.acts)

    def tells(self, when):
        """Near, or an act cut to its second, minute or hour."""
        return when % DAY != 0 and (self.near(when) or any(act - act % cut == when for act in self.acts for cut in CUTS))

    def tells_clock(self, seconds):
        """The same of a time of day, on the clock in Greenwich or in Israel."""
        of_day = {(act + hours * 3_600_000) % DAY for act in self.acts for hours in ISRAEL}
        when = seconds * 1000
        return when != 0 and any(-1_000 <= when - each <= 1_500 or when in [each - each % cut for cut in CUTS]
                                 for each in of_day)

    def times_in(self, text):
        """Milliseconds since 1970 where the text says them, None where it says an hour of some day."""
        if isinstance(text, bytes):
            yield from (when for when in varints(text) if self.tells(when))
            return
        for hour, minute, second in ISO.findall(text) + COMPACT.findall(text) + CLOCK.findall(ISO.sub(" ", text)):
            if int(hour) or int(minute) or float((second or "0").replace(",", ".")):
                yield stated(text)
        for hour, minute, second in HHMMSS.findall(text):
            if self.tells_clock(int(hour) * 3600 + int(minute) * 60 + int(second)):
                yield None
        for digits in COUNT.findall(text):
            when = int(int(digits) * UNITS.get(len(digits), 0))
            if self.around(when):
                yield when
        for each in UUID.findall(text):
            yield time_of_uuid(uuid.UUID(each))


def stated(text):
    try:
        return int(datetime.datetime.fromisoformat(text).timestamp() * 1000) if text.endswith("Z") else None
    except ValueError:
        return None


def time_of_uuid(found):
    return found.int >> 80 if found.version == 7 else found.time // 10_000 - 12_219_292_800_000


def varints(data):
    """Every number that Avro could have written here with five or six bytes, as seconds or milliseconds."""
    for found in re.finditer(rb"(?=([\x80-\xff]{4,5}[\x00-\x7f]))", data, re.S):
        value = sum((byte & 0x7F) << 7 * place for place, byte in enumerate(found[1]))
        number = (value >> 1) ^ -(value & 1)
        yield number
        yield number * 1000


def hours_of(store, acts):
    """(place, time or None, text) of all in a store that is finer than a day."""
    for place, text in texts_of(store):
        # The hour of an appointment, where it has a field: none is so early in this story that it could be nought.
        if place[-1:] == ("S100 hour",) and text.strip("0 "):
            yield place, None, text
        for when in acts.times_in(text):
            yield place, when, text


class Planted(unittest.TestCase):
    ACT = 1_795_341_104_856  # 2026-11-22T09:51:44.856Z

    def found(self, planted):
        return list(hours_of({"journal": [{"row": planted}]}, Acts([self.ACT])))

    def test_each_form_is_found(self):
        iso = "2026-11-22T09:51:44"
        signed = ".".join(base64.urlsafe_b64encode(json.dumps(each).encode()).rstrip(b"=").decode()
                          for each in ({"alg": "ES256", "iat": 1_795_341_104}, {"id": "x"}, 0))
        for planted in (self.ACT, str(self.ACT), self.ACT // 1000, self.ACT * 1000 + 7, self.ACT * 1_000_000,
                        self.ACT // 60_000, self.ACT // 3_600_000, f"at {self.ACT}", f"{self.ACT // 1000}.856",
                        iso + "Z", iso + ".856Z", iso + "+00:00", "2026-11-22T11:51:44+02:00", iso, "2026-11-22T09:51",
                        "2026-11-22 09:51:44", "2026-11-22T11:00:00", "20261122095144", "20261122T095144Z", "202611220951",
                        "20261122_115144", "Sun, 22 Nov 2026 09:51:44 GMT", "09:51", "at 11:51 she came", "11:51:44",
                        "095144", "115144", "125144", "115100", "110000", "a 115145 b", {"file 20261122095144.DAT": 1}, "IHUB_20261122_095144.DAT",
                        "IHUB_4000_095144.DAT",
                        f'{{"when":{self.ACT}}}', f"-\n{{\"when\":\"{iso}Z\"}}\n", signed,
                        str(uuid.UUID(int=self.ACT << 80 | 7 << 76 | 2 << 62)),
                        str(uuid.UUID(fields=self.as_version_1())), b"\x02" + varint(self.ACT) + b"\0",
                        varint(self.ACT // 60_000 * 60_000), varint(self.ACT // 1000), b"since 2026-11-22T09:51:44Z"):
            self.assertTrue(self.found(planted), planted)

    def as_version_1(self):
        ticks = (self.ACT + 12_219_292_800_000) * 10_000
        return ticks & 0xFFFFFFFF, ticks >> 32 & 0xFFFF, ticks >> 48 & 0x0FFF | 0x1000, 0x80, 0, 1

    def test_the_hour_of_a_step_in_a_departments_file_is_found_whatever_it_is(self):
        for planted, count in (("093000", 1), ("183000", 1), ("000000", 0), ("0", 0)):
            self.assertEqual(len(list(hours_of({"S100 hour": planted}, Acts([self.ACT])))), count, planted)

    def test_days_and_other_numbers_are_not(self):
        for planted in ("2026-11-22", "2026-11-22T00:00:00Z", "2026-11-22T00:00:00.000+02:00", "20261122", "000000",
                        self.ACT - self.ACT % DAY, (self.ACT - self.ACT % DAY) // 1000, "0500000000", "000000018", "000000000000042", 5000,
                        "8fae0e07-36c6-4c91-8971-96500650b4ce", "http://127.0.0.1:18440/Task", "urn:ietf:rfc:3986",
                        "0001.IHUB_4000_20261122_101.MSV", "093000", "Sun, 22 Nov 2026 00:00:00 GMT", varint(20_779),
                        varint(self.ACT - 3 * DAY), "1REYTG05VN8EJVM8XW"):
            self.assertEqual(self.found(planted), [], planted)

    def test_a_leafs_time_has_the_place_of_whose_it_is(self):
        for record, place in (({"event": "released", "org": "a", "recipient": "b"}, "at: released to b"),
                              ({"event": "accepted", "org": "a", "recipient": "b"}, "at: accepted of a")):
            (found, when, _), = hours_of({"leaf": "-\n" + json.dumps({**record, "at": self.ACT}) + "\n"}, Acts([self.ACT]))
            self.assertEqual((found, when), (("leaf", place), self.ACT))


def varint(number):
    number, coded = number * 2, b""
    while number >= 0x80:
        coded, number = coded + bytes([number & 0x7F | 0x80]), number >> 7
    return coded + bytes([number])


if __name__ == "__main__":
    unittest.main()
