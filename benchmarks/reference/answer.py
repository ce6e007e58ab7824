"""The measuring side of a Peer (peer.ts): one line of JSON for each line read."""
import json
import sys


def answer(measure):
    for request in sys.stdin:
        print(json.dumps(measure(request.strip())), flush=True)
