"""Cluster words by their contexts: `python -m benchmarks.extraction.cluster`.

Positive pointwise mutual information of words and their neighbours in the abstracts without
annotation, reduced by SVD, grouped by k-means. The result, `etl/extract/clusters.json`, lets the
weights speak of words that no annotated abstract has. Needs scikit-learn.
"""

import argparse
import json
from collections import Counter
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.cluster import KMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.preprocessing import normalize

from benchmarks.extraction.corpus import ROOT, bulk
from etl.extract.plain_text import clean
from etl.extract.tokens import split_words

CLUSTERS = ROOT / "etl" / "extract" / "clusters.json"
LEAST = 6
"""Rarer words get no group."""
CONTEXTS = 4000
"""Only the most frequent words count as neighbours."""


def sentences() -> list[list[str]]:
    """Yield the words of every abstract in lower case, with numbers as "#"."""
    found = []
    for row in bulk():
        words = split_words(clean(row["abstract"]))
        found.append(["#" if word[0].isdigit() else word.lower() for word in words])
    return found


def vectors(texts: list[list[str]]) -> tuple[list[str], np.ndarray]:
    """Compute a vector for every word that is frequent enough."""
    counts = Counter(word for words in texts for word in words)
    vocabulary = sorted(word for word, count in counts.items() if count >= LEAST)
    index = {word: at for at, word in enumerate(vocabulary)}
    near = {word: at for at, (word, _) in enumerate(counts.most_common(CONTEXTS))}
    pairs: Counter[tuple[int, int]] = Counter()
    for words in texts:
        for at, word in enumerate(words):
            row = index.get(word)
            if row is None:
                continue
            for slot, offset in enumerate((-2, -1, 1, 2)):
                place = at + offset
                if 0 <= place < len(words) and (column := near.get(words[place])) is not None:
                    pairs[row, slot * CONTEXTS + column] += 1
    rows, columns = zip(*pairs, strict=True)
    data = np.array(list(pairs.values()), dtype=float)
    matrix = csr_matrix((data, (rows, columns)), shape=(len(vocabulary), 4 * CONTEXTS))
    by_row = np.asarray(matrix.sum(1)).ravel()
    by_column = np.asarray(matrix.sum(0)).ravel() ** 0.75
    by_column *= by_row.sum() / by_column.sum()
    joint = matrix.tocoo()
    expected = by_row[joint.row] * by_column[joint.col] / by_row.sum()
    weight = np.maximum(np.log(joint.data / expected), 0)
    information = csr_matrix((weight, (joint.row, joint.col)), shape=matrix.shape)
    reduced = TruncatedSVD(100, random_state=0).fit_transform(information)
    return vocabulary, normalize(reduced)


def main() -> None:
    """Group the words twice, coarsely and finely, and write both numbers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--coarse", type=int, default=64)
    parser.add_argument("--fine", type=int, default=400)
    parser.add_argument("--output", type=Path, default=CLUSTERS)
    arguments = parser.parse_args()
    vocabulary, table = vectors(sentences())
    groups = [
        KMeans(count, n_init=2, random_state=0).fit_predict(table)
        for count in (arguments.coarse, arguments.fine)
    ]
    content: dict[str, str] = {}
    for word, coarse, fine in zip(vocabulary, *groups, strict=True):
        if word[0].isalnum():
            content[word] = f"{coarse} {fine}"
    arguments.output.write_text(json.dumps(content, indent=0, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
