"""Runs `lyricist train` again and again in fresh processes that need not import torch anew.

Reads one JSON object a line, {"arguments": [...], "output": file}, and answers with the pid of the
forked process, and with its exit status once it has ended. Checkpoints are written all the time.
"""

import json
import os
import sys

import lyricist.training.reporter as reporter
import lyricist.training.run  # noqa: F401
from lyricist.cli import main

reporter._SECONDS_BETWEEN_CHECKPOINTS = 0.0
reporter._SHARE_OF_WRITING = 0.5


def run(arguments, output):
    """Be the child."""
    os.setsid()
    target = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(target, 1)
    os.dup2(target, 2)
    sys.argv = ["lyricist", *arguments]
    try:
        main()
    except SystemExit as ended:
        sys.stdout.flush()
        os._exit(ended.code if isinstance(ended.code, int) else 1)
    os._exit(0)


print("ready", flush=True)
for line in sys.stdin:
    wanted = json.loads(line)
    pid = os.fork()
    if pid == 0:
        run(wanted["arguments"], wanted["output"])
    print(pid, flush=True)
    _, status = os.waitpid(pid, 0)
    print(os.waitstatus_to_exitcode(status), flush=True)
