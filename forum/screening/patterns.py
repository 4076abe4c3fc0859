"""Finding watched words in a text, written plainly or so that a machine should not find them.

The text is cut into words and each is looked up, so that the cost hardly rises with the number of watched words, and
rises with the length of the text as a line does, whatever the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice

from forum.screening.folding import LETTER, SIGNS, fold, fold_alike, readings, runs, skeleton
from forum.screening.wording import MOST_PLACES, WORD, Folded, Forms, Place, Word, read

# From so many letters a word is also found with one of them doubled (caasino): shorter ones become others (god, good).
LONG_ENOUGH = 4
# Letters written one by one are read together from so many: "A B" is no word.
ONE_BY_ONE = 3

_NO_LETTER = re.compile(rf"[^{LETTER}{SIGNS}]+")
_SINGLES = re.compile(
    rf"(?<![{LETTER}{SIGNS}])[{LETTER}{SIGNS}](?:[^{LETTER}{SIGNS}]{{1,3}}[{LETTER}{SIGNS}])+(?![{LETTER}{SIGNS}])"
)
# Written without spaces between words: Thai, Lao, Burmese, Khmer, Chinese, Japanese.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True)
class Pattern:
    """A word or phrase to be found; `*` in it stands for any letters. Its number is whose it is."""

    number: int
    text: str
    lang: str = ""
    words: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", tuple(_words_of(self.text)))

    @property
    def is_wild(self) -> bool:
        return any("*" in word for word in self.words)

    @property
    def together(self) -> str:
        return "".join(self.words)


def _words_of(pattern: str) -> list[str]:
    # A star is no joiner here, but part of a word.
    starred = re.findall(rf"[{LETTER}{SIGNS}*]+", fold(pattern))
    words = [re.sub(r"\*+", "*", word) for word in starred if WORD.search(word) or set(word) == {"*"}]
    # A star by itself is any word, between others.
    while words and words[0] == "*":
        words.pop(0)
    while words and words[-1] == "*":
        words.pop()
    return words


class Matcher:
    """Watched words made ready to be looked for."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self._exact: dict[str, list[tuple[list[int], Pattern]]] = {}
        self._wild: list[tuple[str, list[str], Pattern]] = []
        # By the word that is looked up, with its number in the phrase.
        self._phrases: dict[str, list[tuple[int, Pattern]]] = {}
        self._wild_phrases: list[tuple[int, Pattern]] = []
        self._unspaced: list[tuple[re.Pattern[str], Pattern]] = []
        self._all: list[Pattern] = [pattern for pattern in patterns if pattern.words]
        for pattern in self._all:
            self._keep(pattern)

    def __len__(self) -> int:
        return len(self._all)

    def _keep(self, pattern: Pattern) -> None:
        if _UNSPACED.search(pattern.together):
            words = (re.escape(word.replace("*", "")) for word in pattern.words)
            self._unspaced.append((re.compile(f"[^{LETTER}]*".join(words)), pattern))
        elif len(pattern.words) > 1:
            plain = [number for number, word in enumerate(pattern.words) if "*" not in word]
            if plain:
                # The longest is the rarest.
                anchor = max(plain, key=lambda number: len(pattern.words[number]))
                self._phrases.setdefault(skeleton(pattern.words[anchor]), []).append((anchor, pattern))
            else:
                self._wild_phrases.append((0, pattern))
        elif pattern.is_wild:
            chunks = pattern.words[0].split("*")
            self._wild.append((_anchor(chunks), chunks, pattern))
        else:
            word = pattern.words[0]
            self._exact.setdefault(skeleton(word), []).append((runs(word), pattern))

    def find(self, text: str, lang: str = "") -> dict[Pattern, list[Place]]:
        """The patterns of this language and of all that are in the text, and where. Linear in the text."""
        if not self._all:
            return {}
        found: dict[Pattern, list[Place]] = {}
        plain = fold(text)
        self._search(Folded(plain, text, alike=False), found)
        if not text.isascii():
            alike = fold_alike(text)
            if alike != plain:
                self._search(Folded(alike, text, alike=True), found)
        return {
            pattern: sorted(where)[:MOST_PLACES]
            for pattern, where in found.items()
            if not pattern.lang or pattern.lang == lang
        }

    def _search(self, folded: Folded, found: dict[Pattern, list[Place]]) -> None:
        for pattern, start, end in self._hits(folded):
            where = found.setdefault(pattern, [])
            if len(where) < MOST_PLACES:
                place = folded.place(start, end)
                if place is not None and not any(p.start < place.end and place.start < p.end for p in where):
                    where.append(place)
        for pattern in [pattern for pattern, where in found.items() if not where]:
            del found[pattern]

    def _hits(self, folded: Folded) -> Iterable[tuple[Pattern, int, int]]:
        forms: Forms = {}
        words = read(folded.text, forms)
        skeletons = {form: skeleton(form) for form in forms}
        for form, bare in skeletons.items():
            for counts, pattern in self._exact.get(bare, ()):
                if _is_drawn_out(runs(form), counts, len(pattern.together)):
                    yield from ((pattern, start, end) for start, end in forms[form])
        yield from self._wild_hits(forms, skeletons)
        yield from self._phrase_hits(words, set(skeletons.values()))
        yield from self._one_by_one(folded.text)
        for together, pattern in self._unspaced:
            found = islice(together.finditer(folded.text), MOST_PLACES)
            yield from ((pattern, *one.span()) for one in found)

    def _wild_hits(self, forms: Forms, skeletons: dict[str, str]) -> Iterable[tuple[Pattern, int, int]]:
        if not self._wild:
            return
        by_skeleton: dict[str, list[str]] = {}
        for form, bare in skeletons.items():
            by_skeleton.setdefault(bare, []).append(form)
        everything = f" {' '.join(by_skeleton)} "
        for anchor, chunks, pattern in self._wild:
            for bare in _words_with(anchor, everything):
                for form in by_skeleton[bare]:
                    if _fits(form, chunks) or (len(bare) < len(form) - 1 and _fits(bare, list(map(skeleton, chunks)))):
                        yield from ((pattern, start, end) for start, end in forms[form])

    def _phrase_hits(self, words: Sequence[Word], skeletons: set[str]) -> Iterable[tuple[Pattern, int, int]]:
        if not self._phrases and not self._wild_phrases:
            return
        if not self._wild_phrases and skeletons.isdisjoint(self._phrases):
            return
        for number, word in enumerate(words):
            candidates = [pair for form in word.forms for pair in self._phrases.get(skeleton(form), ())]
            for place, pattern in [*candidates, *self._wild_phrases]:
                first = number - place
                run = words[first : first + len(pattern.words)] if first >= 0 else []
                if len(run) == len(pattern.words) and all(map(_is_in, pattern.words, run)):
                    yield pattern, run[0].start, run[-1].end

    def _one_by_one(self, text: str) -> Iterable[tuple[Pattern, int, int]]:
        """Words spelled out letter by letter: where one ends and the next begins cannot be seen, so it is not asked."""
        for run in _SINGLES.finditer(text):
            at = [run.start() + place for place, c in enumerate(run.group()) if not _NO_LETTER.match(c)]
            if len(at) < ONE_BY_ONE:
                continue
            letters = "".join(text[place] for place in at)
            for form in {letters, *readings(letters)}:
                # A reading that leaves signs out at its ends has other places; it adds nothing here.
                if len(form) != len(letters):
                    continue
                for pattern in self._all:
                    needle = pattern.together.strip("*")
                    if len(needle) >= ONE_BY_ONE and "*" not in needle:
                        for start in _all_of(needle, form):
                            yield pattern, at[start], at[start + len(needle) - 1] + 1


def _is_drawn_out(counts: Sequence[int], wanted: Sequence[int], length: int) -> bool:
    """Whether a word is this one with letters repeated: three times or more, or twice in a word that is long enough."""
    for count, least in zip(counts, wanted, strict=True):
        if count == least or count >= max(3, least):
            continue
        if count == least + 1 and length >= LONG_ENOUGH:
            continue
        return False
    return True


def _is_in(wanted: str, word: Word) -> bool:
    if "*" in wanted:
        return any(_fits(form, wanted.split("*")) for form in word.forms)
    bare, counts = skeleton(wanted), runs(wanted)
    return any(skeleton(form) == bare and _is_drawn_out(runs(form), counts, len(wanted)) for form in word.forms)


def _fits(word: str, chunks: Sequence[str]) -> bool:
    """Whether these pieces stand in a word in their order, the first at its beginning, the last at its end."""
    if len(word) < sum(map(len, chunks)) or not word.startswith(chunks[0]) or not word.endswith(chunks[-1]):
        return False
    at, end = len(chunks[0]), len(word) - len(chunks[-1])
    for chunk in chunks[1:-1]:
        at = word.find(chunk, at, end)
        if at < 0:
            return False
        at += len(chunk)
    return True


def _anchor(chunks: Sequence[str]) -> str:
    """The longest piece of a pattern with stars, with a space where a word must begin or end with it."""
    longest = max(range(len(chunks)), key=lambda number: len(chunks[number]))
    before, after = " " * (longest == 0), " " * (longest == len(chunks) - 1)
    return f"{before}{skeleton(chunks[longest])}{after}"


def _words_with(anchor: str, everything: str) -> Iterable[str]:
    """The words between spaces that this stands in, each once."""
    at = everything.find(anchor)
    while at >= 0:
        start = everything.rfind(" ", 0, at + 1) + 1
        end = everything.find(" ", at + 1)
        yield everything[start:end]
        at = everything.find(anchor, end)


def _all_of(needle: str, text: str) -> Iterable[int]:
    at = text.find(needle)
    count = 0
    while at >= 0 and count < MOST_PLACES:
        yield at
        at = text.find(needle, at + len(needle))
        count += 1
