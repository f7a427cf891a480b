#!/usr/bin/env python3
"""Where a study stands, and then its events as they come. Python alone, nothing to install.

    python3 docs/examples/study.py http://127.0.0.1:7780 studies/demo/tokens/reader.read [--events N] [--ca keys/ca.pem]
"""
import argparse
import json
import ssl
import urllib.error
import urllib.request


class Isofleet:
    def __init__(self, url, token, ca=None):
        self.url = url.rstrip("/") + "/api/v1/"
        self.token = token
        self.tls = ssl.create_default_context(cafile=ca) if ca else None
        if self.tls:
            self.tls.check_hostname = False  # nodes prove that they are of the authority, not where they are

    def open(self, path, method="GET"):
        request = urllib.request.Request(self.url + path, method=method, headers={"Authorization": "Bearer " + self.token})
        try:
            return urllib.request.urlopen(request, context=self.tls, timeout=60)
        except urllib.error.HTTPError as e:
            raise SystemExit(f"{method} {path}: {json.load(e)['error']['message']}")

    def get(self, path):
        with self.open(path) as answer:
            return json.load(answer)

    def post(self, path):
        with self.open(path, "POST") as answer:
            return json.load(answer)

    def events(self):
        """Server-sent events as (name, value), until the connection ends."""
        name = ""
        with self.open("events") as lines:
            for line in lines:
                text = line.decode().rstrip("\n")
                if text.startswith("event: "):
                    name = text[len("event: "):]
                elif text.startswith("data: "):
                    yield name, json.loads(text[len("data: "):])


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("url")
    options.add_argument("token", type=argparse.FileType())
    options.add_argument("--events", type=int, default=0, help="how many to print before it ends; 0 for none")
    options.add_argument("--ca", help="ca.pem of the nodes' keys")
    given = options.parse_args()
    isofleet = Isofleet(given.url, given.token.read().strip(), given.ca)

    study = isofleet.get("study")["study"]
    print(f"{study['name']}: {study['share']:.0%} of the training done, {study['states']}")
    for run in isofleet.get("runs?state=training")["runs"]:
        print(f"  {run['name']}: step {run['step']} of {run['steps']}, {run['tokens_per_second']:.0f} tokens/s on {' + '.join(run['workers'])}")
    for fit in isofleet.get("fits")["fits"]:
        if fit["status"] != "refused":
            exponent = fit["n_exponent"]
            print(f"  {fit['group'].get('metric')}, {fit['method']}: N ~ C^{exponent['value']:.2f} [{exponent['low']:.2f}, {exponent['high']:.2f}]")
    if given.events:
        for number, (name, event) in enumerate(isofleet.events()):
            print(name, json.dumps(event)[:160], flush=True)
            if number == given.events:
                break


if __name__ == "__main__":
    main()
