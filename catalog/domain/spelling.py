"""Find words that differ by a letter, and the nearest of many names."""

import difflib
import itertools
from collections import Counter
from collections.abc import Iterable, Sequence

from catalog.domain.search_words import folded, tokens

SHORTEST = 4
"""Letters; a shorter word is near to too many others."""

BEGINNING = 4
"""Letters with which a word begins that has more than one slip."""

_ALPHABET = "abcdefghijklmnopqrstuvwxyz"
_SHORTEST_PART = 3


def may_be_misspelt(word: str) -> bool:
    """Tell whether a word is one in which slips can be told.

    >>> may_be_misspelt("difusion"), may_be_misspelt("gpt"), may_be_misspelt("resnet50")
    (True, False, False)
    """
    return len(word) >= SHORTEST and word.isascii() and word.isalpha()


def one_slip_away(word: str) -> list[str]:
    """Give all words that one slip makes of a word: a letter more, less, other, or two exchanged.

    >>> found = one_slip_away("bret")
    >>> "bert" in found, "brett" in found, "bet" in found, "bres" in found, "bret" in found
    (True, True, True, True, False)
    """
    halves = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    less = [a + b[1:] for a, b in halves if b]
    exchanged = [a + b[1] + b[0] + b[2:] for a, b in halves if len(b) > 1]
    other = [a + letter + b[1:] for a, b in halves if b for letter in _ALPHABET]
    more = [a + letter + b for a, b in halves for letter in _ALPHABET]
    return sorted({*less, *exchanged, *other, *more} - {word})


def in_two(word: str) -> list[tuple[str, str]]:
    """Take a word apart, in case a space was left out.

    >>> in_two("datasets")
    [('dat', 'asets'), ('data', 'sets'), ('datas', 'ets')]
    """
    last = len(word) - _SHORTEST_PART + 1
    return [(word[:place], word[place:]) for place in range(_SHORTEST_PART, last)]


def most_frequent(word: str, texts: Sequence[str]) -> str | None:
    """Find the word, or two, of most texts that is one slip away; None where none is.

    >>> most_frequent("difusion", ["Latent diffusion", "A diffusion model", "Fusion"])
    'diffusion'
    >>> most_frequent("latentspace", ["a latent space"])
    'latent space'
    """
    near, parts = set(one_slip_away(word)), set(in_two(word))
    seen: Counter[str] = Counter()
    for text in texts:
        found = tokens(text)
        pairs = {pair for pair in itertools.pairwise(found) if pair in parts}
        seen.update((near & set(found)) | {" ".join(pair) for pair in pairs})
    return min(seen, key=lambda one: (-seen[one], one), default=None)


def most_alike(word: str, texts: Sequence[str]) -> str | None:
    """Find the word of texts that is most alike, if any is much so; of several the most frequent.

    >>> most_alike("convoluitonl", ["Convolutional networks", "A convex convolution"])
    'convolutional'
    """
    seen = Counter(one for text in texts for one in set(tokens(text)) if may_be_misspelt(one))
    near = difflib.get_close_matches(word, seen, n=3, cutoff=0.82)
    return max(near, key=lambda one: seen[one] > 1, default=None)  # of equals the most alike


def nearest_names(name: str, names: Iterable[str], *, most: int = 3) -> list[str]:
    """Choose the names nearest to one: those that hold it, then those spelt alike.

    >>> nearest_names("imagnet", ["ImageNet-1K", "CIFAR-10", "ImageNet"])
    ['ImageNet', 'ImageNet-1K']
    >>> nearest_names("coco", ["MS COCO", "COCO-Stuff", "VOC"])
    ['MS COCO', 'COCO-Stuff']
    """
    typed = folded(name)
    by_fold = {folded(one): one for one in names}
    holding = sorted((one for one in by_fold if typed in one), key=len)[:most]
    alike = difflib.get_close_matches(typed, by_fold, n=most, cutoff=0.6)
    return [by_fold[one] for one in dict.fromkeys([*holding, *alike])][:most]
