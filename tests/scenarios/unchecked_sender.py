"""A sender whose own programs check nothing: a submission that the hub once took, said again with other claims.

Signed with the body's true key by openssl; no program of ours takes part, so whatever refuses it is the hub.
"""
import base64
import json
import subprocess

HEADER = 10  # of an Avro single object: C3 01 and the schema's fingerprint


def signed_anew(submission, key, **claims):
    """The same submission under these claims; payload and openings stay, and so does what commits to them."""
    length, begin = read_long(submission, HEADER)
    statement = submission[begin:begin + length].decode()
    header, said, _ = statement.split(".")
    changed = json.loads(from_base64url(said)) | claims
    signed = header + "." + to_base64url(json.dumps(changed, separators=(",", ":")).encode())
    der = subprocess.run(["openssl", "dgst", "-sha256", "-sign", str(key)], input=signed.encode(),
                         stdout=subprocess.PIPE, check=True).stdout
    statement = (signed + "." + to_base64url(raw_signature(der))).encode()
    return submission[:HEADER] + write_long(len(statement)) + statement + submission[begin + length:]


def raw_signature(der):
    """SEQUENCE of two INTEGERs -> r and s, 32 bytes each (RFC 7518, 3.4)."""
    numbers, at = [], 2
    for _ in range(2):
        length = der[at + 1]
        numbers.append(int.from_bytes(der[at + 2:at + 2 + length], "big").to_bytes(32, "big"))
        at += 2 + length
    return b"".join(numbers)


def read_long(text, at):
    """Avro's zigzag number: (value, where it ends)."""
    value = shift = 0
    while True:
        byte = text[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return (value >> 1) ^ -(value & 1), at


def write_long(value):
    value, text = value << 1, b""
    while value > 0x7F:
        text += bytes([value & 0x7F | 0x80])
        value >>= 7
    return text + bytes([value])


def to_base64url(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def from_base64url(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
