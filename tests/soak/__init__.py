"""Long runs that break things on purpose: `python -m tests.soak NAME --runs N` from the root.

Each module here with a function `soak(runs, seed) -> Outcome` is one of them. A short version of
each runs in the suite, from the `test_*.py` beside it.
"""
