"""Prints lines in place of training: what a trainer could be brought to say by hostile songs.

Put as `sitecustomize.py` into a folder of `PYTHONPATH`. The file that `SAYS` names is printed, and
once there is one called so with `.more` behind it, that is the rest.
"""

import os
import shutil
import sys
import time

if "SAYS" in os.environ and "train" in sys.orig_argv:
    for name in (os.environ["SAYS"], f"{os.environ['SAYS']}.more"):
        while not os.path.exists(name):
            time.sleep(0.05)
        with open(name, encoding="ascii") as file:
            shutil.copyfileobj(file, sys.stdout)
        sys.stdout.flush()
    os._exit(1)
