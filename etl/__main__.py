"""Start the command `catalog`; `python -m etl` does the same."""

from catalog.garbage_collection import end_without_collection, rare_collections


def main() -> None:
    """Run the command, collecting garbage rarely from the first import on."""
    end_without_collection()
    with rare_collections():
        from etl.cli import main as catalog

        catalog(prog_name="catalog")


if __name__ == "__main__":
    main()
