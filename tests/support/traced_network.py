"""What a command and all its children ask the system for that has to do with networks."""

import re
import shutil
import subprocess
from pathlib import Path

_LOCAL = ("AF_UNIX", "AF_LOCAL", "AF_UNSPEC")
_CALL = re.compile(r"\b(socket|socketpair|connect|bind|sendto|sendmsg|sendmmsg)\((.*)")
_FAMILY = re.compile(r"\b[AP]F_[A-Z0-9_]+")


def has_strace():
    """Whether system calls can be traced here."""
    command = ["strace", "-qq", "--seccomp-bpf", "-f", "-e", "trace=network", "true"]
    return shutil.which("strace") is not None and (
        subprocess.run(command, capture_output=True).returncode == 0
    )


def traced(log: Path) -> list[str]:
    """Return what to put before a command so that its calls come to be in `log`."""
    return ["strace", "-f", "-qq", "--seccomp-bpf", "-e", "trace=network", "-o", str(log)]


def families(log: Path) -> dict[str, list[str]]:
    """Return the calls that name a family of addresses, by family."""
    found: dict[str, list[str]] = {}
    for line in log.read_text(errors="replace").splitlines():
        call = _CALL.search(line)
        for family in set(_FAMILY.findall(call[2])) if call else ():
            found.setdefault(family, []).append(line)
    return found


def reaching_out(log: Path) -> list[str]:
    """Return the calls that would leave this computer, or ask how to."""
    return [
        line for family, lines in families(log).items() if family not in _LOCAL for line in lines
    ]
