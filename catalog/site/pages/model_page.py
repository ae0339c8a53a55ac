"""The page of one model: all numbers that papers report for it."""

from catalog.reads.model_numbers import model as read_model
from catalog.site.routes import MissingError, Page, Site

SHOWN = 30
"""Numbers that are seen at once; the others unfold."""


async def model(site: Site, name: str) -> Page:
    """Show the numbers of a model by dataset, with paper and sentence."""
    everything = site.argument("all") == "1"
    found = await site.ask(read_model(name, with_unsure=everything))
    if found is None:
        raise MissingError(f"No paper here reports a number of a model {name}.", search=name)
    measured = [one for of in found.datasets for one in of.numbers]
    told = {"everything": everything, "every": measured, "shown": SHOWN}
    return Page("catalog_model.html", found, extra=told)
