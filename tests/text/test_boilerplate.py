"""Which lines of a song file are no lyrics; above all which lines are."""

import time

import pytest

from lyricist.library.paths import songbook
from lyricist.text.boilerplate import Boilerplate, boilerplate_of, without_inline
from lyricist.text.corpus import read_corpus

BOILERPLATE = {
    Boilerplate.CREDIT: """
        作词：李宗盛
        作詞：李宗盛
        作曲: 周杰伦
        词：方文山
        曲:周杰倫
        词曲：某人
        词/曲：某人
        作词 / 作曲：某人
        作词作曲：某人
        编曲：林迈可
        編曲：林邁可
        作词：方文山  作曲：周杰伦
        词：方文山 曲：周杰伦 编：林迈可
        作词 李宗盛
        作曲 周杰伦
        词 李宗盛 曲 李宗盛
        作词 李宗盛 作曲 陈升
        作曲
        编曲
        （词：李宗盛 曲：李宗盛）
        【作词：李宗盛】
        制作人：张三
        音乐制作人：张三
        监制：李四
        混音师：王五
        录音棚：某某工作室
        和声编写：张三
        吉他：赵六
        母带工程师：某人
        演唱：某人
        原唱：某人
        专辑：《某》
        OP：某某音乐
        SP: Some Publishing
        Lyrics by John Smith
        Lyrics by Prince
        Lyrics by 方文山
        Lyrics: Jane Doe
        Lyrics and music by Jane Doe
        Words and Music by Jane Doe and John Smith
        Music: Jane Doe
        Written by John Smith
        written by: john smith
        Written by 方文山
        Written, produced and performed by Jane Doe
        Composed by Ludwig van Beethoven
        Composed by 周杰伦
        COMPOSED BY JOHN SMITH
        Produced by Max Martin & Shellback
        [Produced by Metro Boomin]
        Arranged by Someone
        Composer: A. Smith
        Songwriters: John Smith / Jane Doe
        Producer: Jane
        Artist: The Somethings
        Album: Something
        ISRC: GBAYE0601477
    """,
    Boilerplate.COPYRIGHT: """
        © 1999 Some Music Ltd.
        (c) 1999 Some Music
        Copyright 2003 by Someone
        Copyright (c) Someone
        All rights reserved.
        ℗ 2010 Somebody
        版权所有 翻录必究
        未经著作权人许可，不得翻唱、翻录或使用
        【未经著作权人书面许可，不得以任何方式使用】
    """,
    Boilerplate.SOURCE: """
        歌词来自网易云音乐
        歌词来自：某网站
        歌词来自QQ音乐
        歌詞來自 魔鏡歌詞網
        更多更詳盡歌詞 在 ※ Mojim.com　魔鏡歌詞網
        ※ Mojim.com　魔鏡歌詞網
        歌词制作：某人
        LRC by lzh
        Lyrics provided by Someone
        Lyrics licensed by LyricFind
        12 Contributors
    """,
    Boilerplate.LINK: """
        https://example.com/lyrics?id=1
        Get it at http://example.com
        www.example.com
        example.com
        lyrics.example.org/song/1
        someone@example.com
    """,
    Boilerplate.TIME: """
        [00:12.34]
        [00:12.34][01:15.20]
        <00:12>
        (0:15)
        00:12.34
        01:02:03
        00:00:01,000 --> 00:00:04,000
        [00:01.00] --> [00:04.00]
    """,
    Boilerplate.CHORDS: """
        Am  F  C  G
        Am F C G
        C G Am F
        C  G  D  G
        C G F C
        C | G | Am | F
        | C | G | D | G |
        F#m7 B7/D# Esus4 Cadd9
        Bb Eb Gm7 Cm
        Dm7b5 G7(b9) Cmaj7
        [Am] [F] [C] [G]
        [C] [G]
        Intro: Am F C G
        前奏：C G Am F
        Verse 1: C G Am F x2
        G7
        F#m
        Am F C G (x2)
        Capo 2
        Capo: 3rd fret
        Key: G
        Key: F#m
        Tempo: 120 bpm
        Tuning: E A D G B E
        1=C 4/4
        e|--0--2--3--|--0--2--3--|
        B|-----------1p0-------|
    """,
    Boilerplate.TAG: """
        [ar:周杰伦]
        [ti: Some song]
        [offset:0]
        {title: Some song}
        {start_of_chorus}
        {c: softly}
    """,
}

LYRICS = """
    Am I the only one
    A
    I
    Am
    AM FM
    FM
    B4
    A man I am
    A B C
    A B C D E F G
    B A B E
    D E A D
    A Dad
    Dad
    Bad Bad Bad
    E
    G
    Em and I went down
    C you later
    Be a man, Bb said
    作词的人在哭
    作词 是我唯一的事
    作曲的人走了
    编曲太满 留白太少
    曲终人散
    词不达意
    词 写在你的窗
    曲 唱给谁听
    歌手唱着别人的歌
    歌词来自你的心
    歌词写到一半
    唱片在转
    版权归谁
    未经允许 我爱上你
    更多的是沉默
    制作一个梦
    录音机里的歌
    和声：啦啦啦
    女：我爱你
    男：你爱谁
    他说：别走
    她问：“你是谁？”
    吉他弹着老歌
    钢琴声里的雨
    written by the stars above
    Written by the hand of God
    Written in the stars
    Written by Heaven
    written by moonlight
    the lyrics by heart I know
    Music by the river
    music by night
    Music: it takes me away
    Words: they mean nothing
    produced by love alone
    Stand by me
    by my side
    composed by no one
    Copyright on my heart
    All my rights are gone
    Call me at 3:15
    3:15
    12:30 and you are gone
    It's 5:00 somewhere
    John 3:16
    9:00 - 5:00
    Key to my heart
    Key: to my heart
    Tempo: rising
    I love you.com
    see.me
    me @ you
    a/b
    9/11
    love (x2)
    oh - oh - oh
    -
    ...
    la la la | la la la
    Go
    Ed
    Abe
    Fade
    Amen
    Amin
    Emma
    Dm me
    [Verse 1]
    [Chorus]
    [Verse 1: John Smith]
    [A]
    [B]
    [Hook]
    【主歌】
    【副歌】
    Chorus:
    Verse 2
    副歌：
    # Title
    《晴天》
    晴天 - 周杰伦
    <3
    [laughs]
    {oh}
    100%
    1
    2 contributorships
"""


def lines_of(block):
    return [line.strip() for line in block.strip().splitlines()]


@pytest.mark.parametrize(
    ("line", "kind"),
    [(line, kind) for kind, block in BOILERPLATE.items() for line in lines_of(block)],
)
def test_boilerplate_is_recognised_by_kind(line, kind):
    assert boilerplate_of(line) == kind
    assert boilerplate_of(f"  {line} ") == kind


@pytest.mark.parametrize("line", lines_of(LYRICS))
def test_lyrics_and_headings_are_left_alone(line):
    assert boilerplate_of(line) is None


def test_blank_and_very_long_lines_are_left_alone():
    assert boilerplate_of("") is None
    assert boilerplate_of("  \t") is None
    assert boilerplate_of("作词：" + "李" * 300) is None


@pytest.mark.parametrize(
    ("line", "plain"),
    [
        ("[00:12.34]雨落在窗台", "雨落在窗台"),
        ("[00:12.34][01:40.00]雨落", "雨落"),
        ("<00:12.3>the <00:12.9>rain", "the rain"),
        ("[Am]雨落[F]在[C]窗台", "雨落在窗台"),
        ("[Am] the rain [F#m7] came [C/G] down", "the rain came down"),
        ("[C]Twinkle [G7]little", "Twinkle little"),
        ("[A]", "[A]"),
        ("[Verse 1]", "[Verse 1]"),
        ("[Am I] the one", "[Am I] the one"),
        ("[Bad] [Add]", "[Bad] [Add]"),
        ("a  b", "a  b"),
        ("1 < 2 [yes]", "1 < 2 [yes]"),
        ("", ""),
    ],
)
def test_times_and_chords_inside_a_line_are_taken_out(line, plain):
    assert without_inline(line) == plain


@pytest.mark.parametrize(
    "line",
    [
        "A " * 99,
        "作词" * 99,
        "作词 " * 60,
        "written by " + "A " * 90,
        "Lyrics, Music, " * 13,
        "[00:11]" * 28,
        "a." * 99,
        "词 曲 " * 49,
        "C" + "#" * 190,
        "[" * 200,
        "未经" + "许可" * 90,
        "© " * 99,
    ],
)
def test_no_line_takes_long(line):
    start = time.perf_counter()
    for _ in range(20):
        boilerplate_of(line)
        without_inline(line * 1000)
    assert time.perf_counter() - start < 2


def test_the_songbook_holds_no_boilerplate():
    lines = [line for song in read_corpus([songbook()]).songs for line in song.text.split("\n")]
    assert [line for line in lines if boilerplate_of(line)] == []
    assert [line for line in lines if without_inline(line) != line] == []
