"""`counterwire explain`: a narrative's verdict taken apart."""

from __future__ import annotations

from typing import Annotated

import typer

from counterwire.options import AsOf, Config


def explain(
    narrative: Annotated[str, typer.Argument(help="The narrative's id, such as nvidia_killer.")],
    config: Config = None,
    as_of: AsOf = None,
) -> None:
    """Show the verdict on a narrative with every term that made it."""
    from core.errors import InputError
    from counterwire.board import show
    from counterwire.findings import beside
    from counterwire.house import open_house
    from counterwire.stages.judge import Court

    with open_house(config) as house:
        moment = house.instant(as_of)
        contract = next((c for c in house.contracts_at(moment) if c.id == narrative), None)
        if contract is None:
            names = ", ".join(c.id for c in house.contracts)
            raise InputError(f"there is no narrative {narrative!r}; there are {names}")
        court = Court(house)
        show(
            contract,
            court.verdict(contract, as_of=moment),
            beside(house, court, contract, as_of=moment),
            zone=house.zone,
        )
