"""Mini-batches: what is sampled, in which order, and what follows what."""

from itertools import pairwise

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lyricist.training.sampling import consecutive_batches, fit_batch_size, random_batches

SIZES = {
    "length": st.integers(3, 900),
    "batch_size": st.integers(1, 40),
    "num_steps": st.integers(1, 50),
    "seed": st.integers(0, 5),
}


def batches_of(sampler, length, batch_size, num_steps, seed):
    batch_size, num_steps = fit_batch_size(length, batch_size, num_steps)
    generator = torch.Generator().manual_seed(seed)
    return list(sampler(torch.arange(length), batch_size, num_steps, generator))


@given(**SIZES)
@settings(max_examples=150, deadline=None)
def test_targets_are_the_next_characters_and_shapes_hold(length, batch_size, num_steps, seed):
    for sampler in (random_batches, consecutive_batches):
        batches = batches_of(sampler, length, batch_size, num_steps, seed)
        assert batches, "even the shortest stream fills one batch"
        shape = batches[0][0].shape
        for inputs, targets in batches:
            assert torch.equal(targets, inputs + 1)
            assert inputs.shape == targets.shape == shape


@given(**SIZES)
@settings(max_examples=100, deadline=None)
def test_consecutive_batches_are_adjacent(length, batch_size, num_steps, seed):
    batches = batches_of(consecutive_batches, length, batch_size, num_steps, seed)
    for (before, _), (after, _) in pairwise(batches):
        assert torch.equal(after[:, 0], before[:, -1] + 1)


@given(**SIZES)
@settings(max_examples=100, deadline=None)
def test_random_sampling_reads_nothing_twice_in_a_pass(length, batch_size, num_steps, seed):
    batches = batches_of(random_batches, length, batch_size, num_steps, seed)
    positions = torch.cat([inputs.flatten() for inputs, _ in batches])
    assert len(positions.unique()) == len(positions)


def test_random_sampling_shuffles_and_both_start_anywhere():
    shuffled = batches_of(random_batches, 800, 4, 10, 0)
    starts = torch.cat([inputs[:, 0] for inputs, _ in shuffled]).tolist()
    assert starts != sorted(starts)
    for sampler in (random_batches, consecutive_batches):
        firsts = {int(batches_of(sampler, 800, 4, 10, s)[0][0].min()) % 10 for s in range(30)}
        assert len(firsts) > 3, "the offset is random"


def test_the_same_seed_gives_the_same_batches():
    for sampler in (random_batches, consecutive_batches):
        one, two = (batches_of(sampler, 500, 4, 10, 7) for _ in range(2))
        assert all(torch.equal(a[0], b[0]) for a, b in zip(one, two, strict=True))
