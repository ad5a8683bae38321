"""Learn the mixing weights that the program ships, from songs that its models do not know.

    python tests/benchmarks/mixing_prior.py SCORES... > lyricist/suggest/mixing_prior.tsv

SCORES are files that `lyricist evaluate SONGS --model MODEL --scores FILE` has written. Each song
is read twice: alone, and with the other songs of its file as the writer's earlier ones.
"""

from __future__ import annotations

import json
import math
import sys
from collections import defaultdict
from pathlib import Path

from lyricist.suggest.adaptive import AdaptiveModel
from lyricist.suggest.mixing_weights import Evidence
from lyricist.suggest.suffix_index import SuffixIndex

# A writer's own songs soon weigh more than so many characters of other people's.
_STRENGTH = 20.0
_PARTS = 4


def learned(path: Path) -> dict[Evidence, tuple[float, float]]:
    """Return the counts of every kind of evidence over the songs of one file."""
    songs = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    totals: dict[Evidence, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for part in range(_PARTS):
        others = "\n\n\n".join(s["text"] for n, s in enumerate(songs) if n % _PARTS != part)
        index = SuffixIndex(others)
        for song in songs[part::_PARTS]:
            for writer in (None, index):
                model = AdaptiveModel(writer, prior={})
                for character, log_prob in zip(song["text"], song["log_probs"], strict=True):
                    model.read(character, math.exp(log_prob))
                for kind, (decided, left) in model.weights.counts().items():
                    total = totals[kind]
                    start = model.weights.beginning(kind)
                    total[0] += decided - start[0]
                    total[1] += left - start[1]
    return {kind: (decided, left) for kind, (decided, left) in totals.items()}


def main() -> None:
    """Add up the counts of all files and print those kept."""
    totals: dict[Evidence, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for path in sys.argv[1:]:
        for kind, counts in learned(Path(path)).items():
            totals[kind][0] += counts[0]
            totals[kind][1] += counts[1]
    print("# Made by tests/benchmarks/mixing_prior.py: characters decided, and left to others.")
    print("# source\torder\tcertainty\trun\tdecided\tleft")
    for kind, (decided, left) in sorted(totals.items()):
        share = (decided + 0.5) / (decided + left + 1.5)
        strength = min(_STRENGTH, decided + left + 2)
        print(*kind, f"{share * strength:.3f}", f"{(1 - share) * strength:.3f}", sep="\t")


if __name__ == "__main__":
    main()
