"""An auditor's own copy of a log: checkpoint, tiles and entries, as C2SP tlog-tiles has them served.

    copy_log.py --body DIR --to FOLDER      DIR: an enrolled auditor's key directory

FOLDER is then what `kesher-verify log --dir FOLDER` reads. Python's standard library alone, nothing of ours.
"""
import argparse
import http.client
import json
import pathlib
import ssl


def tile_path(level, tile, width):
    """tile/<L>/x001/234 and .p/<W> where it is partial."""
    digits = f"{tile % 1000:03d}"
    while tile := tile // 1000:
        digits = f"x{tile % 1000:03d}/{digits}"
    return f"tile/{level}/{digits}" + ("" if width == 256 else f".p/{width}")


def copy_log(request, folder):
    """`request(path)` answers (status, bytes). The checkpoint comes first: the log grows with every reading."""
    def fetch(name):
        status, content = request(f"/log/{name}")
        if status != 200:
            raise RuntimeError(f"/log/{name} was answered with {status}")
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
        return content
    left = int(fetch("checkpoint").decode().split("\n")[1])
    level = 0
    while left:
        for tile in range((left + 255) // 256):
            width = min(256, left - tile * 256)
            fetch(tile_path(level, tile, width))
            if level == 0:
                fetch(tile_path("entries", tile, width))
        left //= 256
        level += 1


def client_of(body):
    """GET with this body's certificate, the hub's CA alone trusted."""
    pins = json.loads((body / "hub.json").read_text())
    context = ssl.create_default_context(cadata=pins["ca"])
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(body / "tls.pem", body / "tls.key")
    host, port = pins["url"].removeprefix("https://").split(":")

    def request(path):
        connection = http.client.HTTPSConnection(host, int(port), context=context, timeout=30)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()
    return request


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--body", type=pathlib.Path, required=True)
    parser.add_argument("--to", type=pathlib.Path, required=True)
    wish = parser.parse_args()
    copy_log(client_of(wish.body), wish.to)


if __name__ == "__main__":
    main()
