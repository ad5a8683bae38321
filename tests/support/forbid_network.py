"""Ends any Python process that turns to the network, and notes which processes were watched.

Put as `sitecustomize.py` into a folder of `PYTHONPATH`; the folder that `WATCHED` names gets a file
`processes` with a line for each process, and `network` with a line for each attempt or import.
"""

import os
import socket
import sys

FOLDER = os.environ["WATCHED"]
LIBRARIES = {"http.client", "http.server", "urllib.request", "requests", "httpx", "aiohttp"}
LOCAL = {getattr(socket, "AF_UNIX", None)}


def note(name, text):
    descriptor = os.open(os.path.join(FOLDER, name), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.write(descriptor, f"{text} | {' '.join(sys.orig_argv)[:200]!r}\n".encode())
    os.close(descriptor)


def watch(event, arguments):
    if event == "import" and arguments[0] in LIBRARIES:
        note("imports", arguments[0])
    if not event.startswith("socket."):
        return
    if event == "socket.__new__":
        reaches_out = arguments[1] not in LOCAL
    elif event in ("socket.connect", "socket.bind", "socket.sendto"):
        reaches_out = isinstance(arguments[1], tuple)
    else:
        reaches_out = event in ("socket.getaddrinfo", "socket.gethostbyname")
    if reaches_out:
        note("network", event)
        os._exit(97)


note("processes", "watched")
sys.addaudithook(watch)
