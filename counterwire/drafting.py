"""A contract to start from, with what each part is for."""

from __future__ import annotations

DRAFT = """\
# A narrative is a falsifiable contract. Everything in <angle brackets> is yours to write. This draft is not read by
# any pass: `counterwire narrative test {id}` says what is missing, and when you are content move the file one folder up.
id: {id}
title: {title}
# What the press asks its readers to believe: one sentence that can turn out false.
proposition: <The office market will not recover.>
# The contrarian's answer, and the best case for the proposition; both are printed side by side.
counter: <Why it may be wrong.>
steelman: <Why it may be right.>
# What belongs to it and what does not, for whoever labels articles.
scope: <Offices and their owners. Not shops, not housing.>
about:                        # an article without any of these words is never read further: better too many than too few
  entities: []                # names, such as [WeWork, Vornado]; none that the press writes of mostly for other reasons
  terms: []                   # phrases, such as [office vacancy, empty offices]
  not: []                     # phrases that contain one of these and mean something else
claims: []                    # sub-claims: - {{id: vacancy, says: Vacancy will keep rising.}}
examples:                     # sentences as the press writes them, about twenty of a class; at least five
  promotes: []                # asserts the proposition
  disputes: []                # denies it
  reports: []                 # tells facts of it and takes no side
  unrelated: []               # has its words, and is about something else: these teach most
checks:                       # questions put to the data, with the sign stated beforehand; `counterwire series list`
  - id: example
    asks: <Is it so?>
    measure: {{kind: level, a: <macro.vix>}}
    unit: <points>
    family: <rates>           # checks of one family share their weight
    if_true: above            # the side on which the proposition predicts the value
    threshold: history        # or a number
    scale: history            # or the distance that counts as strong evidence
    max_age: 14d
    because: <Why this tells.>
concede_if: []                # the same shape: what would prove the contrarian wrong
outcome:                      # what a leaning verdict forecasts
  measure: {{kind: level, a: <macro.vix>}}
  direction: up
  horizon: 90d
"""


def draft(name: str) -> str:
    """The draft of a contract with this id."""
    return DRAFT.format(id=name, title=name.replace("_", " ").capitalize())
