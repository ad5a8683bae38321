"""The model pane: everything in every size, in whole cells, and nothing that acts."""

from dataclasses import replace

import pytest
from textual.app import App

from lyricist.app.widgets.model_pane import ModelPane, PaneState, percentiles
from lyricist.suggest.protocol import NextCharacter, Sources
from lyricist.text.lines import cell_width

LIKELY = tuple(
    NextCharacter(character, probability)
    for character, probability in zip(
        "雨夜a \n的\x1b是b，",
        (0.25, 0.125, 0.1, 0.09, 0.08, 0.05, 0.03, 0.02, 0.01, 0.001),
        strict=True,
    )
)
FULL = PaneState(
    model="my [/Hook] songs",
    status="ready",
    perplexity=12.34,
    held_out_perplexity=61.9,
    candidates=(
        "[Chorus] 唱着没有写完的歌",
        "[/Hook]",
        "[@click=app.quit]x[/]",
        "\x1b]0;x\x07",
        "五",
    ),
    shown=2,
    next_characters=LIKELY,
    temperature=0.7,
    top_p=0.85,
    own_character=(3.4, 8.8),
    ghost=(8.2, 14.6),
)
SIZES = [(34, 26), (34, 20), (34, 12), (120, 40), (78, 6), (64, 6), (58, 6), (38, 6), (38, 2)]


class Host(App):
    CSS = "ModelPane { padding: 0; height: 1fr; }"

    def compose(self):
        yield ModelPane(id="pane")


async def lines_of(state, size):
    """What is drawn, line by line."""
    app = Host()
    async with app.run_test(size=size) as pilot:
        pane = app.query_one(ModelPane)
        pane.show(state)
        await pilot.pause()
        strips = [pane.render_line(y) for y in range(size[1])]
        for strip in strips:
            assert strip.cell_length <= size[0]
        return ["".join(segment.text for segment in strip) for strip in strips]


@pytest.mark.parametrize("size", SIZES)
async def test_no_size_cuts_a_line_or_lets_anything_act(size):
    lines = await lines_of(FULL, size)
    text = "\n".join(lines)
    assert all(cell_width(line.rstrip()) <= size[0] for line in lines)
    assert not set(text) & set("\x1b\x07")
    assert "▸3 [@click=app.quit]x[/]" in text
    assert "my [/Hook] songs" in text and "ready" in text


@pytest.mark.parametrize("size", [(34, 26), (34, 20), (120, 40), (78, 6), (70, 6)])
async def test_everything_is_there_where_there_is_room(size):
    text = "\n".join(await lines_of(FULL, size))
    for part in (" 1 [Chorus]", " 2 [/Hook]", " 4 ␛]0;x␇", " 5 五", "12.3", "0.7", "0.85"):
        assert part in text
    for part in ("雨", "⏎", "␣", "␛", "25.0%", " 0.1%", "8", "15 ms"):
        assert part in text
    assert text.count("%") == 10
    assert text.count("━") > 10


async def test_a_column_has_the_usual_perplexity_beside_that_of_the_song():
    text = "\n".join(await lines_of(FULL, (34, 26)))
    assert "perplexity 12.3 · usual 61.9" in text
    assert "key to text  p50 3 · p95 9 ms" in text
    assert "key to ghost p50 8 · p95 15 ms" in text


async def test_nothing_jumps_when_there_is_nothing_to_show():
    full = await lines_of(FULL, (34, 26))
    empty = await lines_of(PaneState(model="zh", status="ready", rows=5), (34, 26))
    for lines in (full, empty):
        labels = [line[:13].strip() for line in lines[21:26]]
        assert labels == ["lock", "temperature", "top-p", "key to text", "key to ghost"]


async def test_bars_are_as_long_as_the_probabilities():
    lines = await lines_of(FULL, (34, 26))
    bars = [line.count("━") * 2 + line.count("╸") for line in lines if "%" in line]
    assert len(bars) == 10
    assert bars == sorted(bars, reverse=True)
    assert bars[0] == pytest.approx(2 * bars[1], abs=1)
    assert bars[-1] == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"status": "starting"}, "suggestions are starting"),
        ({"status": "restarting"}, "suggestions are restarting"),
        ({"status": "stopped"}, "suggestions are stopped"),
        ({"status": "ready", "line_complete": True}, "the line may end here"),
        ({"status": "ready"}, "no suggestion"),
    ],
)
async def test_without_candidates_the_reason_is_given(fields, words):
    for size in ((34, 26), (78, 6), (38, 2)):
        assert words in "\n".join(await lines_of(PaneState(model="zh", **fields), size))


async def test_a_candidate_that_is_not_offered_is_not_marked():
    state = PaneState(model="zh", status="ready", candidates=("one", "two"), shown=-1)
    text = "\n".join(await lines_of(state, (34, 26)))
    assert "▸" not in text and " 2 two" in text


def test_percentiles_are_of_what_was_measured():
    assert percentiles(()) is None
    assert percentiles((7.0,)) == (7.0, 7.0)
    assert percentiles([float(n) for n in range(101)]) == (50.0, 95.0)


ORIGIN = Sources(0.62, 0.07, 0.31)
SHARES = "network 62% · song 31% · yours 7%"


@pytest.mark.parametrize(
    ("size", "line"),
    [((34, 26), SHARES), ((44, 40), f"from {SHARES}"), ((78, 6), "· song 31% · yours 7%")],
)
async def test_where_the_shown_candidate_comes_from_is_said_where_there_is_room(size, line):
    state = replace(FULL, model="zh")
    with_origin = await lines_of(replace(state, sources=ORIGIN), size)
    without = await lines_of(state, size)
    assert line in "\n".join(with_origin)
    assert "song 31%" not in "\n".join(without)
    different = [
        n for n, pair in enumerate(zip(with_origin, without, strict=True)) if len({*pair}) > 1
    ]
    assert len(different) == 1, "nothing else moves"
    assert with_origin[different[0]].startswith(without[different[0]].rstrip())


async def test_where_it_comes_from_is_the_first_thing_given_up():
    full = replace(FULL, sources=ORIGIN)
    heights = [h for h in range(10, 30) if "song" in "\n".join((await lines_of(full, (34, h)))[7:])]
    assert heights == [21, 22, 23, 24, 26, 27, 28, 29]
    for size in ((58, 6), (38, 6), (38, 2), (34, 20), (34, 25)):
        assert await lines_of(full, size) == await lines_of(FULL, size)


@pytest.mark.parametrize("size", SIZES)
async def test_that_nothing_is_learned_is_said_in_every_size(size):
    state = replace(FULL, model="zh", adapts=False)
    assert "zh · ready · learning off" in "\n".join(await lines_of(state, size))
    assert "learning" not in "\n".join(await lines_of(FULL, size))
