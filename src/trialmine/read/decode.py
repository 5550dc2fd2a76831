"""Bytes to text: a small ladder of encodings, and a plain refusal of what is no text.

Byte-order mark, NUL pattern (UTF-16 without a mark), strict UTF-8, then GB18030 and Big5 by the share
of common characters, last Windows-1252 for English with typographic signs. Line ends stay as they are.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from trialmine.core.errors import InputError, UsageError

#: the mark, the encoding's name; UTF-32 first, because its mark begins with that of UTF-16
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

#: the commonest Chinese characters, simplified and traditional, and medical ones
_COMMON = frozenset(
    "一万三上下不与专世业东两並个中临为主举么义之也书了争事二于五亚些亞交产京亲人什今从他代令以们件价任众"
    "会传但位住体何作你使來便保信個們候值做備傳像價儿元先光克免兒党入內全兩八公共关兵其具内再军农决况准几"
    "出分划则別利别到制剂則前劃劑力办功加务动势動務勢包化北区區十千半华单南即却卻历原去县参參又及反发取受"
    "变口古只叫可台史号司吃各合同名后向听告员周命和品員商問喫單器四回因团国图國圖團土在地场型城基報場境增"
    "士声处备复外多大天太夫头女她好如始委子字学學它安完官定实家容實对导将將專對導小少尔就展属屬山州工己已"
    "市布师帝带師帶常干平年并幹幾广床应府度廣建开式张張強强当形影往很律後得從復德心必快怎思性总息患情想意"
    "愛感應成我或战戰所手才打技把投抗报拉持指据接提據支收改放政效教数整數文料断斯新斷方於族无日早时明是显"
    "時更書最會月有望朝期本术机权李条来東极构林果校样根格條检業極構樣機檢權次正此步武歷死段每比民气氣水求"
    "汉江決沒没河治況法活派流测济海深清測游湖源準漢濟火点热無然熱爭爱爲爾牀片物特率王现現理生產用由电界當"
    "疗疫疾病症瘤療癌發白百的皇目直相省看真眼着知石研示社神种科积称程種稱積究空立笑第等算管米类精系紀約紅"
    "級組結給統經網線編縣總红约级纪线组经结给统编网美羣群義老考者而职联聯聲職聽肝股育肺能臨自至臺與舉色花"
    "英药華萬藥處號血衆行術表被装裏裝西要見規親觀见观规解言計記設許話該認語說調論證議變讓计认让议记许论设"
    "证话该语说调象資質质资走起路身車軍較轉车转较辦農边达过运近还这进远连选這通速造連進遊運過道達遠選還邊"
    "那部都里重量金鐵铁長长門開間關门问间队阳际院陽隊随際隨难集難電需非面革領頭題類顯领题風风首馬马體高魚"
    "鱼麼黃黄點黨"
    "αβγμΔ±×≤≥℃→‰ⅠⅡⅢⅣ①②③"
    "，。、；：？！（）《》“”‘’【】［］％～—…·０１２３４５６７８９　"
)
_WESTERN = frozenset("–—‘’“”•…±×·°µ®™²³¹¼½¾§©†‡éèêëáàâäãåçíìîïñóòôöõøúùûüßÄÅÖØÜÉ\xa0\xad")

#: what is guessed where nothing tells the encoding, with the characters that speak for it
_GUESSED = {"gb18030": _COMMON, "big5hkscs": _COMMON, "cp1252": _WESTERN}
#: of the characters beyond ASCII, the share that has to be common for a guess to hold
_ENOUGH = 0.3
#: a text in Windows-1252 has at most this share of characters beyond ASCII
_MOST_WESTERN = 0.1
#: of the NULs, the share that may stand at the other parity (U+4E00 ends in one)
_STRAY_NULS = 0.1

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text without its byte-order mark, and the encoding that it was read with."""

    text: str
    encoding: str


def decode(data: bytes, name: str, encoding: str | None = None) -> Decoded:
    """Decode a file's bytes; `name` stands in the message of the InputError of what is no text."""
    if not data:
        raise InputError(f"{name}: the file is empty")
    decoded = _as_told(data, name, encoding) if encoding else _ladder(data, name)
    text = decoded.text
    if not text.strip():
        raise InputError(f"{name}: the file holds white space only")
    if "\0" in text:
        raise InputError(f"{name}: NUL bytes, this is a binary file and no text")
    if len(_CONTROL.findall(text)) > len(text) / 100:
        raise InputError(f"{name}: control characters, this is a binary file and no text")
    return decoded


def check_encoding(encoding: str | None) -> None:
    """Raise a UsageError for an encoding that Python doesn't know."""
    if encoding is None:
        return
    try:
        "".encode(encoding)
    except (LookupError, UnicodeError, ValueError):
        raise UsageError(f"unknown encoding: {encoding}") from None


def _as_told(data: bytes, name: str, encoding: str) -> Decoded:
    check_encoding(encoding)
    try:
        text = data.decode(encoding)
    except UnicodeError as error:
        raise InputError(f"{name}: not a text in {encoding} ({error})") from None
    return Decoded(text.removeprefix("\ufeff"), encoding)


def _ladder(data: bytes, name: str) -> Decoded:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            text = _try(data[len(mark) :], encoding)
            if text is None:
                raise InputError(f"{name}: begins with the mark of {encoding} but is no text in it")
            return Decoded(text, encoding)
    if b"\0" in data:
        return _by_nul_pattern(data, name)
    text = _try(data, "utf-8")
    if text is not None:
        return Decoded(text, "utf-8")
    share, encoding, text = max(_guesses(data), default=(0.0, "", ""))
    if share < _ENOUGH:
        tried = "UTF-8, UTF-16, GB18030, Big5 or Windows-1252"
        raise InputError(f"{name}: no text in {tried} (a binary file, or give its encoding)")
    return Decoded(text, encoding)


def _guesses(data: bytes) -> Iterator[tuple[float, str, str]]:
    """The encodings that can read the bytes: share of common characters, encoding, text."""
    for encoding, common in _GUESSED.items():
        text = _try(data, encoding)
        if text is not None and (encoding != "cp1252" or _beyond_ascii(text) <= _MOST_WESTERN):
            yield _share(text, common), encoding, text


def _by_nul_pattern(data: bytes, name: str) -> Decoded:
    """UTF-16 without a mark: the NULs of its ASCII characters stand at one parity, nearly all of them."""
    even, odd = data[::2].count(0), data[1::2].count(0)
    encoding = "utf-16-be" if even > odd else "utf-16-le"
    if min(even, odd) <= _STRAY_NULS * max(even, odd):
        text = _try(data, encoding)
        if text is not None and (text.isascii() or _share(text, _COMMON | _WESTERN) >= _ENOUGH):
            return Decoded(text, encoding)
    raise InputError(f"{name}: NUL bytes, this is a binary file and no text")


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeError:
        return None


def _share(text: str, common: frozenset[str]) -> float:
    """Of the characters beyond ASCII, the share that is common."""
    beyond = _BEYOND_ASCII.findall(text)
    return sum(c in common for c in beyond) / len(beyond) if beyond else 0.0


def _beyond_ascii(text: str) -> float:
    return len(_BEYOND_ASCII.findall(text)) / len(text)
