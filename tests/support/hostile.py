"""Texts that would act on a terminal, hide in it, reorder it or break markup, by what they try.

Each that would act carries `CANARY` where a terminal would take it in.
"""

import re
import unicodedata

CANARY = "CANARY"

HOSTILE = {
    "title": f"\x1b]0;{CANARY}\x07title",
    "icon": f"\x1b]1;{CANARY}\x1b\\icon",
    "clipboard": f"\x1b]52;c;{CANARY}\x07clip",
    "link": f"\x1b]8;;https://{CANARY}\x1b\\link\x1b]8;;\x1b\\",
    "notification": f"\x1b]9;{CANARY}\x07\x1b]777;notify;{CANARY};x\x1b\\",
    "unterminated": f"\x1b]0;{CANARY}",
    "device control": f"\x1bP$q{CANARY}\x1b\\\x1bP+q{CANARY}\x1b\\",
    "application": f"\x1b_G{CANARY}\x1b\\\x1b^{CANARY}\x1b\\\x1bX{CANARY}\x1b\\",
    "answers": "\x1b[6n\x1b[c\x1b[>q\x1b]11;?\x07\x05",
    "modes": "\x1b[?1049l\x1b[?1000h\x1b[?25l\x1b[?2004l\x1bc\x1b(0",
    "cursor": "\x1b[2J\x1b[H\x1b[999B\x1b[3A\x1b7\x1b8\x1b[31;1m",
    "eight bits": f"\x9d0;{CANARY}\x9c\x9b31m\x90q{CANARY}\x9c\x9f{CANARY}\x9c\x85\x84",
    "controls": "a\x00b\x07c\x08d\x0be\x0cf\x0eg\x0fh\x1ai\x7fj",
    "carriage": "shown\rhidden",
    "bidi": "abc\u202edcba\u202c \u2066left\u2069 \u2067right\u2069 \u200e\u200f\u061c",
    "zero width": "a\u200bb\u2060c\ufeffd\u00ade\u180ef\u2063g",
    "joiners": "no\u200cjoin a\u200db \u200d\u200d",
    "tags": "a\U000e0001\U000e0041\U000e0062\U000e007fb",
    "selectors": "A\ufe0fB\ufe00\ufe01 \U000e0100x\U000e01ef",
    "fillers": "\u115fa\u1160b\u3164c\uffa0d\u034fe\u17b4f",
    "surrogates": "\ud800a\udfffb\udcffc",
    "separators": "a\u2028b\u2029c\u0085d",
    "annotation": "\ufff9base\ufffareading\ufffb",
    "no characters": "\ufdd0a\ufffeb\uffffc\U0001fffed\U0010ffff",
    "chorus": "[Chorus]",
    "hook": "[/Hook]",
    "click": "[@click=app.quit]free[/]",
    "style": "[bold red]x[/bold red][link=https://x.y]z[/link][/]",
    "open": "[[a[b]c] \\[d] [/] [",
    "variable": "$text [$primary]x[/] {0} %s %(x)s",
    "tower": "z" + "\u0301" * 200 + "algo",
    "many towers": "".join(letter + "\u0325\u0348\u030e\u0489" * 5 for letter in "zalgo"),
    "family": "👩\u200d👩\u200d👧\u200d👦 🏳\ufe0f\u200d🌈 👍🏽 🇨🇳",
    "flag": "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "indic": "क्\u200dष می\u200cخواهم 葛\U000e0100",
    "long word": "w" * 4000,
    "wide word": "字" * 2000,
    "tabs": "\t\ta\tb\t",
}

# What no terminal may get from us, in whatever a program prints or paints as text.
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\ufffe\uffff\U000e0001]"
)
_SEQUENCE = re.compile(
    r"\x1b(?:"
    r"\[[0-9;:<=>?]*[ -/]*[@-~]"  # CSI
    r"|\][^\x07\x1b]*(?:\x07|\x1b\\)"  # OSC
    r"|[P_^X][^\x1b]*\x1b\\"  # DCS, APC, PM, SOS
    r"|[()][A-Z0-9]|[78=>cMDEH]"
    r")"
)
# Everything that Textual itself sends: colours and cursor, clearing, modes, the pointer's shape,
# and the question what the terminal can do.
_OWN = re.compile(
    r"\x1b(?:\[[0-9;:]*[mHABCDKJ]|\[[?=>][0-9;$]*[hlpuq]|\[[<]u|\[[>][0-9;]*[muq]"
    r"|\[[0-9 ]*[qt]|\]22;[a-z-]*\x07|\[6n|\[c|P[=+$][0-9qs]*\x1b\\|[78])"
)


def sequences(data: str) -> tuple[list[str], str]:
    """Return the escape sequences of what a terminal got, and the text between them."""
    return _SEQUENCE.findall(data), _SEQUENCE.sub("", data)


def acting(data: bytes) -> list[str]:
    """Return everything in `data` that a terminal would act on and that is not Textual's own.

    data: all that a program of ours has sent to its terminal.
    """
    found, text = sequences(data.decode("utf-8", "surrogateescape"))
    wrong = [sequence for sequence in found if not _OWN.fullmatch(sequence) or CANARY in sequence]
    plain = text.replace("\r", "").replace("\x08", "")
    return wrong + [f"U+{ord(c):04X}" for c in sorted(set(FORBIDDEN.findall(plain)))]


def file_name(text: str) -> bytes | None:
    """Return `text` as the name of a file, None where no file can be called so."""
    name = text.replace("/", "∕").replace("\0", "").encode("utf-8", "surrogatepass")[:120]
    return name if name.strip(b". ") else None


def marks_in_a_row(text: str) -> int:
    """Return how many marks stand on one letter at most."""
    most = now = 0
    for character in text:
        now = now + 1 if unicodedata.category(character)[0] == "M" else 0
        most = max(most, now)
    return most
