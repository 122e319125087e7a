"""The language a text is written in, by its script and its commonest words. Pure.

For rules such as "language is ar": a quick and small answer for the languages people write to a
help desk in, without a model of 60 MB. A text too short or too mixed to tell has none.
"""

import re
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

_READ_CHARS = 1000
_WORDS = re.compile(r"[^\W\d_]+")
# Each script with a letter class, in the order they are asked.
_KANA = re.compile("[\u3041-\u30ff]")
_SCRIPTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("arabic", re.compile("[\u0620-\u064a\u066e-\u06d3\ufb50-\ufdff\ufe70-\ufefc]")),
    ("he", re.compile("[\u05d0-\u05ea]")),
    ("cyrillic", re.compile("[\u0400-\u04ff]")),
    ("el", re.compile("[\u0370-\u03ff\u1f00-\u1fff]")),
    ("ko", re.compile("[\u1100-\u11ff\uac00-\ud7a3]")),
    ("han", re.compile("[\u3041-\u30ff\u3400-\u9fff]")),
    ("th", re.compile("[\u0e01-\u0e4e]")),
    ("hi", re.compile("[\u0900-\u097f]")),
    ("bn", re.compile("[\u0980-\u09ff]")),
    ("ka", re.compile("[\u10a0-\u10ff]")),
    ("hy", re.compile("[\u0531-\u0587]")),
)
# Letters beyond the Latin ones; a text that has hardly any is told by its words.
_NOT_LATIN = re.compile("[\u0370-\u1dff\u1f00-\u1fff\u2c80-\ufefc]")
# Letters that only one of the languages of a script has; the first that occurs decides.
_ARABIC = (("ur", "[ٹڈڑےںھ]"), ("fa", "[پچژگک\u06cc]"))
_CYRILLIC = (("uk", "[їєґіЇЄҐІ]"), ("be", "[ўЎ]"), ("sr", "[ђћџљњјЂЋЏЉЊЈ]"), ("ru", "[ыэёЫЭЁ]"))
_COMMON: Mapping[str, str] = {
    "en": "the and you for with that this have not are your from please was has been will our "
    "would can we is it of to in on my hello thanks order when what where me",
    "de": "der die das und ich nicht ist sie wir mit ein eine für auf den von zu ihr bitte mein "
    "meine habe wird haben auch noch sind es im wo wann danke hallo",
    "fr": "le la les et je vous nous pas est une des pour dans avec que qui sur ne au du mon ma "
    "votre bonjour merci ce cette suis ai où avez",
    "es": "el la los las y que no es una para con por del se mi su hola gracias como está pero "
    "yo me lo al buenos dónde cuándo tengo favor",
    "it": "il la che di non è un una per con sono mi ho del della grazie buongiorno vorrei come "
    "si anche questo ma più gli dove mio",
    "pt": "o a os as que não é uma para com por do da no na em meu minha obrigado olá você está "
    "como mas eu me seu onde bom favor",
    "nl": "de het een en ik niet is van voor met op dat zijn aan wij u mijn heb bedankt graag "
    "hallo hebben wordt naar ook deze waar kunt",
    "sv": "och att det jag inte är en ett för med på som har av till vi min hej tack kan ni från "
    "var när mitt",
    "da": "og at det jeg ikke er en et for med på som har af til vi min hej tak kan fra hvor "
    "hvad mit når",
    "no": "og at det jeg ikke er en et for med på som har av til vi min hei takk kan fra hvor "
    "hva mitt når",
    "fi": "ja on ei että se en mutta olen kun minun hei kiitos voi ole tämä missä tilaus ovat",
    "pl": "nie i w na się z do jest to że proszę dzień dobry jak mam mój dla dziękuję po od gdzie",
    "cs": "a je na se to že v s z do ne jsem dobrý den prosím děkuji mi jak pro kde kdy",
    "tr": "ve bir bu için ile değil merhaba teşekkürler ne var çok ben siparişim nasıl da de mi "
    "nerede lütfen",
    "ro": "și în nu la de cu pe este mulțumesc bună că un o pentru am meu unde vă sunt",
    "hu": "a az és nem hogy van egy köszönöm kérem meg de is jó napot nekem hol",
    "id": "dan yang di tidak saya untuk dengan ini itu dari terima kasih ada kami bisa mana",
    "vi": "và của là không tôi có cho với này được xin chào cảm ơn các một ở đâu",
}
_LANGUAGES: dict[str, tuple[str, ...]] = {}
for _language, _words in _COMMON.items():
    for _word in set(_words.split()):
        _LANGUAGES[_word] = (*_LANGUAGES.get(_word, ()), _language)


def language_of(text: str) -> str:
    """The ISO 639-1 code of the language of a text's beginning; "" when it cannot be told."""
    return _language_of(text[:_READ_CHARS])


@lru_cache(maxsize=2048)
def _language_of(text: str) -> str:
    foreign = "" if text.isascii() else "".join(_NOT_LATIN.findall(text))
    if 3 * len(foreign) < len(text.replace(" ", "")):
        return _by_words(text)
    found = ((name, len(letter.findall(foreign))) for name, letter in _SCRIPTS)
    name, count = max(found, key=lambda one: one[1])
    return _of_script(name, text) if 2 * count > len(foreign) else ""


def _of_script(name: str, text: str) -> str:
    if name == "arabic":
        return _by_letters(text, _ARABIC, "ar")
    if name == "cyrillic":
        return _by_letters(text, _CYRILLIC, "bg" if "ъ" in text and "ь" not in text else "ru")
    if name == "han":
        return "ja" if _KANA.search(text) else "zh"
    return name


def _by_letters(text: str, table: tuple[tuple[str, str], ...], otherwise: str) -> str:
    return next((code for code, letters in table if re.search(letters, text)), otherwise)


def _by_words(text: str) -> str:
    """The language with the most common words in the text, if it has two and leads."""
    scores = Counter(
        language
        for word in set(_WORDS.findall(text.lower()))
        for language in _LANGUAGES.get(word, ())
    )
    (language, best), (_, second) = [*scores.most_common(2), ("", 0), ("", 0)][:2]
    return language if best >= 2 and best > second else ""
