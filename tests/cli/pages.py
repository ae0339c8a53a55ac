"""Invented digest pages, and the content of a catalog made from them."""

import json

FILLER = "and so this abstract goes on for long enough that it cannot be taken for a title at all."


PAGE = f"""An invented digest

Mar 11

Invented Networks for Image Recognition

We reach 91.5% top-1 accuracy on ImageNet, {FILLER} Code: https://github.com/ada/nets.

A Second Invented Paper Without Numbers

We think about networks {FILLER}
"""


LISTING = f"""Abstract: We reach 91.5% top-1 accuracy on ImageNet, {FILLER} Code: this https URL.
Abstract: Something else entirely, {FILLER}
"""


def count(catalog, sql):
    return json.loads(catalog("query", sql, "--json").stdout)[0]["n"]
