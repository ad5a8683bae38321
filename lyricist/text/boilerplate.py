"""Lines of a song file that nobody sings: credits, copyright, sources, links, times, chords, tags.

In doubt a line is a lyric: one credit left in costs little, one line of a song taken out is lost.
"""

from __future__ import annotations

import re
from enum import StrEnum

_MAX_LINE = 200


class Boilerplate(StrEnum):
    """The kinds, in the order of a report."""

    CREDIT = "credit"
    COPYRIGHT = "copyright"
    SOURCE = "source"
    LINK = "link"
    TIME = "time"
    CHORDS = "chords"
    TAG = "tag"


def boilerplate_of(line: str) -> Boilerplate | None:
    """Return what kind of boilerplate a whole line is, None for a lyric, a heading or no words."""
    line = line.strip()
    # Nothing below is that long, and a file may be a single line.
    if not line or len(line) > _MAX_LINE or not _is_worth_a_look(line):
        return None
    for kind, pattern in _WHOLE_LINES:
        if pattern.search(line):
            return kind
    inner = _bracketed(line) or line
    if _CREDIT.fullmatch(inner):
        return Boilerplate.CREDIT
    return Boilerplate.CHORDS if _is_chord_line(line) else None


def without_inline(line: str) -> str:
    """Return a line without the times and chords that stand in it: `[00:12.30]雨[Am]落` is `雨落`.

    A line that is a mark only, such as the heading `[A]`, stays as it is.
    """
    if "[" not in line and "<" not in line:
        return line
    times = _INLINE_TIME.sub("", line)
    plain = _INLINE_CHORD.sub("", times)
    # A chord between two words leaves both their spaces behind.
    plain = plain if plain == times else _SPACES.sub(" ", plain)
    return plain.strip(" ") if plain.strip() else times.strip(" ")


# What makes a line worth a closer look; most lines of a corpus end here.
_SIGNS = re.compile(r"[:：/@©℗|\[{<※]")
_STARTS = re.compile(
    r"[(（【]?(?:[作编編填词詞曲歌更本版未]|[A-G](?:[^a-z]|[abdms])|\d|[Cc]apo|[Ww]ww|LRC |lrc "
    r"|\([Cc]\))"
)
_DOMAIN = re.compile(r"\.[a-z]{2,3}(?![a-z])")


def _is_worth_a_look(line: str) -> bool:
    if _SIGNS.search(line) or _STARTS.match(line):
        return True
    folded = line.lower()
    return (
        " by" in folded
        or "right" in folded
        or "contributor" in folded
        or ("." in folded and _DOMAIN.search(folded) is not None)
    )


# Who did what. A colon or a name must follow, since all of these are words of songs as well.
_ROLE_ZH = (
    r"(?:作词|作詞|作曲|编曲|編曲|填词|填詞|词曲|詞曲|词|詞|曲|编|編|原曲|原词|原詞|译词|譯詞"
    r"|演唱|原唱|翻唱|主唱|歌手|配唱|演奏|制作|製作|总监|總監|监制|監製|监製|出品|发行|發行|统筹"
    r"|統籌|企划|企劃|策划|策劃|宣发|推广|推廣|混音|混缩|混縮|母带|母帶|录音|錄音|后期|後期|音频"
    r"|配器|弦乐|弦樂|吉他|贝斯|貝斯|贝司|键盘|鍵盤|钢琴|鋼琴|鼓手|架子鼓|打击乐|和声编写|和聲編寫"
    r"|和声编唱|和音|人声|人聲|音乐|音樂|封面|海报|海報|版权|版權|专辑|專輯|所属专辑|唱片|厂牌|廠牌|文案)"
    r"(?:人|者|师|師|家|棚|室|公司|编写|編寫|编辑|編輯|设计|設計|统筹|統籌|制作人|製作人|监制|監製"
    r"|总监|總監|助理|工程|工程师|工程師|单位|單位|经理|母带|母帶)?"
)
_ROLE_EN = (
    r"(?i:lyrics?|lyricists?|words|music|composers?|composition|song\s?writers?|writers?|authors?"
    r"|arrangers?|arrangements?|producers?|executive producers?|co-producers?|lead vocals?"
    r"|backing vocals?|background vocals?|vocalists?|singers?|artists?|guitars?|bass|drums"
    r"|keyboards?|piano|strings|percussion|mix(?:ing)?(?: engineers?)?|mastering(?: engineers?)?"
    r"|recording(?: engineers?| studio)?|engineers?|albums?|publishers?|publishing|record label"
    r"|label|isrc|iswc|op|sp|genre|released?|release date)"
)
_JOIN = r"[ \t]*+(?:[/&、,，和与與+]|and\b)[ \t]*+"
_COLON = r"[ \t]*+[:：]"
# Latin words of a name: each begins with a capital, but for the little ones between.
_CAPITAL = r"A-ZÀ-ÖØ-Þ"
_NAME_WORD = (
    rf"(?:[(\"'“]?[{_CAPITAL}0-9\u2e80-\U0003ffff][^\s:：]*+"
    r"|[&/+,|-]|x|and|feat\.?|ft\.?|of|de|da|van|von|el|la|at|for)"
)
_NAMES = rf"{_NAME_WORD}(?:[ \t]++{_NAME_WORD})*+"
_SEVERAL_NAMES = rf"{_NAME_WORD}(?:[ \t]++{_NAME_WORD})++"
_HAN = r"\u3400-\u9fff\U00020000-\U0003ffff"
# A short name without the little words that make a sentence of it.
_HAN_NAME = rf"(?:(?![的了在是我你妳他她它们們这這那不太很都就着著也和])[{_HAN}·]){{2,4}}"
_STRONG_ROLE = r"(?:作词|作詞|作曲|编曲|編曲|填词|填詞|词曲|詞曲)"
_PAIR_ROLE = r"(?:作词|作詞|作曲|编曲|編曲|填词|填詞|词|詞|曲|编|編|演唱|唱|监制|監製|制作|製作)"
_BY_ONE = (
    r"(?i:(?:all |original |english |chinese )?(?:lyrics?|words|music|song|composed|arranged"
    r"|arrangement|translated|translation|mastered|remixed|co-written|co-produced)"
    r"(?:(?:[ \t]*+(?:,|&|and|/)[ \t]*+)(?:lyrics?|words|music|composed|arranged|produced|written"
    r"|performed|sung))*+[ \t]++by)"
)
_BY_SEVERAL = (
    r"(?i:(?:written|produced|performed|recorded|mixed|sung|engineered|published|directed)"
    r"(?:(?:[ \t]*+(?:,|&|and|/)[ \t]*+)(?:composed|arranged|produced|written|performed|recorded"
    r"|mixed|sung|directed))*+[ \t]++by)"
)
_CREDIT = re.compile(
    # 作词：X  Lyrics: X  作词/作曲：  (a name may also follow on the next line)
    rf"{_ROLE_ZH}(?:(?:{_JOIN})?{_ROLE_ZH})*+{_COLON}.{{0,80}}"
    rf"|{_ROLE_EN}(?:{_JOIN}{_ROLE_EN})*+{_COLON}(?:[ \t]*+{_NAMES})?"
    rf"|{_STRONG_ROLE}(?:{_JOIN}{_STRONG_ROLE})*+(?:[ \t]++(?:{_HAN_NAME}|{_SEVERAL_NAMES}))?"
    # 词 李宗盛 曲 李宗盛
    rf"|(?:{_PAIR_ROLE}[ \t]++{_HAN_NAME}[ \t/]*+){{2,6}}"
    rf"|(?:{_BY_ONE}|{_BY_SEVERAL})[ \t]*+[:：].*"
    rf"|{_BY_ONE}[ \t]++{_NAMES}|{_BY_SEVERAL}[ \t]++(?:{_SEVERAL_NAMES}|[{_HAN}].*)"
)

_TIME = r"[\[<(（]?\d{1,3}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?[\])>）]?"
_INLINE_TIME = re.compile(r"[\[<]\d{1,3}:\d{1,2}(?:[.:]\d{1,3})?[\]>] ?")
_WHOLE_LINES = (
    (Boilerplate.LINK, re.compile(r"https?://\S|^\s*+www\.\S|[A-Za-z0-9-]\.(?:com|cn|net|org)/")),
    (
        Boilerplate.LINK,
        re.compile(
            r"(?i)^[^\s@]++@[^\s@]+\.[a-z]{2,6}$|^(?:[a-z0-9-]++\.)+?(?:com|cn|net|org|tw)$"
        ),
    ),
    (
        Boilerplate.COPYRIGHT,
        re.compile(
            r"[©℗]|(?i:^\(c\)\s*+\d{4}|^copyright\s*+(?:\(c\)|[:：]|\d{4})|all rights reserved)"
            r"|^(?:版权|版權|著作权|著作權)(?:所有|声明|聲明|[归歸].{1,20}所有)"
            r"|^[(（【]?未经.{0,24}(?:许可|授权|允许|同意).{0,30}(?:不得|禁止|请勿)"
            r"|^[(（【]?未經.{0,24}(?:許可|授權|允許|同意).{0,30}(?:不得|禁止|請勿)"
        ),
    ),
    (
        Boilerplate.SOURCE,
        re.compile(
            r"^(?:本)?(?:歌词|歌詞)(?:来自|來自|来源|來源|由|提供|出自)"
            r"(?:\s*+[:：「《【@A-Za-z]|.{0,16}(?:音乐|音樂|网|網|站|百科|平台|酷狗|千千|提供|制作"
            r"|製作))|^更多.{0,6}(?:歌词|歌詞)|^(?:歌词|歌詞)(?:制作|製作|编辑|編輯|整理|上传|上傳|贡献"
            r"|贡獻|校对|校對|翻译|翻譯|提供)\s*+[:：]|^※.{0,40}(?:歌词|歌詞|\.com)"
            r"|(?i:^lyrics (?:provided|licensed|submitted|powered|transcribed) by\b"
            r"|^lyrics from\s*+:|^lrc (?:by|made by)\b|^submitted by\s*+:?\s*+\S++$"
            r"|^\d{1,3} contributors?(?![a-z]))"
        ),
    ),
    (
        Boilerplate.TIME,
        re.compile(
            # In brackets, with hundredths, or from ... to; a bare 3:15 may be sung.
            r"^(?:[\[<(（]\d{1,3}:\d{1,2}(?:[.:,]\d{1,3}){0,2}[\])>）]\s*+)++$"
            r"|^\d{1,3}:\d{2}(?::\d{2})?[.,]\d{1,3}$|^\d{1,2}:\d{2}:\d{2}$"
            rf"|^{_TIME}\s*+(?:-->|->)\s*+{_TIME}$"
        ),
    ),
    (
        Boilerplate.TAG,
        re.compile(
            r"(?i)^\[(?:ti|ar|al|au|lr|by|re|ve|offset|length|tool|la|id|kana|#)\s*+:[^\]]*+\]$"
            r"|^\{(?:[a-z_]++\s*+:[^{}]*+|(?:start|end)_of_[a-z]++|[se]o[cbtv])\}$"
        ),
    ),
)

_BRACKETS = {"[": "]", "(": ")", "（": "）", "【": "】", "「": "」", "『": "』", "*": "*"}

_QUALITY = r"(?:maj|min|dim|aug|sus|add|M(?=7|9|11|13)|m|\+|°|ø)?(?:2|4|5|6|7|9|11|13)?"
_CHORD = (
    rf"[A-G](?:##?|bb?|♯|♭)?{_QUALITY}(?:(?:sus|add|maj|no)(?:2|4|7|9|11|13)?)?"
    r"(?:\([#b♯♭]?\d{1,2}\))?(?:[#b](?:5|9|11|13))?(?:/[A-G](?:#|b|♯|♭)?)?"
)
_IS_CHORD = re.compile(_CHORD)
_SURELY_CHORD = re.compile(r"[#♯♭/]|7|9|11|13|sus|dim")
_INLINE_CHORD = re.compile(rf"\[{_CHORD}\]")
# What stands between chords: bars, rests, repeats.
_BETWEEN = re.compile(r"[|/%‖:.~()*,，\-–—]++|\(?[x×]\d{1,2}\)?|N\.?C\.?", re.IGNORECASE)
_CHORD_LABEL = re.compile(
    r"(?i)^(?:(?:intro|outro|verse|chorus|bridge|solo|interlude|instrumental)(?: \d{1,2})?"
    r"|前奏|间奏|間奏|尾奏|主歌|副歌)\s*+[:：]?\s*+"
)
_CHORD_SETTING = re.compile(
    r"(?i:key|调|調|原调|原調|选调|選調)\s*+[:：=]\s*+[A-G][#b♯♭]?m?(?i:\s*+(?:major|minor))?"
    r"|(?i:capo)\s*+[:：=]?\s*+\d.{0,12}|(?i:tempo|bpm)\s*+[:：=]\s*+\d{2,3}.{0,8}"
    r"|(?i:tuning)\s*+[:：=]\s*+(?:[A-G][#b♯♭]?\s*+|(?i:standard|drop\s|half step down)){1,6}"
    r"|1\s*+=\s*+[#b♯♭]?[A-G][#b♯♭]?(?:\s++\d/\d)?"
)
_TABLATURE = re.compile(r"[A-Ga-g]?[|｜][-0-9hpbrsx/\\~|.()]{6,}+")
_VOWELS = {"A", "E"}
_SPACES = re.compile(r" {2,}")


def _bracketed(line: str) -> str:
    """What a line that stands in brackets as a whole holds, else nothing."""
    closing = _BRACKETS.get(line[0])
    return line[1:-1].strip() if closing == line[-1] and len(line) > 2 else ""


def _is_chord_line(line: str) -> bool:
    if _CHORD_SETTING.fullmatch(line):
        return True
    if _TABLATURE.fullmatch(line) and "--" in line:
        return True
    line = _CHORD_LABEL.sub("", line, count=1)
    bracketed = "[" in line
    tokens = line.replace("[", " ").replace("]", " ").replace("|", " | ").split()
    chords = [token for token in tokens if _IS_CHORD.fullmatch(token)]
    others = [token for token in tokens if not _IS_CHORD.fullmatch(token)]
    if not chords or not all(_BETWEEN.fullmatch(token) for token in others):
        return False
    if len(chords) == 1:
        # "A" and "Am" may be words; a chord in brackets alone may be a heading.
        return not bracketed and _SURELY_CHORD.search(chords[0]) is not None
    letters = [chord for chord in chords if len(chord) == 1]
    if len(letters) < len(chords) or bracketed or "|" in tokens or "  " in line:
        return True
    # Plain letters in a row may spell something: A B C, B A B E.
    return len(letters) > 3 and not _VOWELS & set(letters) and letters != sorted(letters)
