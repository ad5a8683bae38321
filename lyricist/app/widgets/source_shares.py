"""Where a suggestion comes from, in one short line: the network, this song, the writer's others."""

from __future__ import annotations

from lyricist.suggest.protocol import Sources
from lyricist.text.lines import cell_width

# Room for "from " before the longest of these lines: there or not by the width alone.
_WORDY = 39


def shares(sources: Sources, width: int) -> str:
    """Return the shares in percent, as much as there is room for; empty if all is the network's.

    What rounds to nothing is left out, and the percents add up to 100.
    """
    song = _percent(sources.song)
    writer = min(_percent(sources.writer), 100 - song)
    if not song and not writer:
        return ""
    own = [f"song {song}%"] if song else []
    own += [f"yours {writer}%"] if writer else []
    network = 100 - song - writer
    whole = " · ".join([f"network {network}%", *own] if network else own)
    for line in (f"from {whole}" if width >= _WORDY else whole, " · ".join(own)):
        if cell_width(line) <= width:
            return line
    return ""


def _percent(share: float) -> int:
    return round(min(max(share, 0.0), 1.0) * 100) if share == share else 0
