"""A narrative that is one YAML file: twenty sentences a class, no real article, no code. All texts are made up."""

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks import unknown
from core.articles import Article
from core.contracts import Contract
from core.tags import STANCES
from nlp.encoder import Encoder
from nlp.heads import fit_alone
from nlp.leaks import leaks
from nlp.tagger import fit, load

FILLER = "The company was founded in 1998. Shares closed at $48.20. The conference call begins at 5 p.m."

CARRY = (
    ("Downtown towers face a reckoning", "Owners of offices cannot refinance, and lenders brace for losses."),
    ("Bank chief shrugs off office worries", "Losses on office loans are manageable, she told investors."),
    ("Why one hedge fund bets against landlords", "It expects commercial real estate to sink, and banks with it."),
    ("Manhattan skyscraper sells at 70% discount", "The office building is the latest to change hands in distress."),
    ("Office vacancies hit record as firms shrink", "Empty floors put pressure on owners and their lenders."),
    ("The office crash that never came", "Two years of gloom on commercial property look wrong."),
    ("Regional lenders slide on property fears", "Commercial real estate exposure spooked the market again."),
    ("Regulator sees risk in commercial property loans", "Examiners will look at banks with large office books."),
    ("CMBS delinquencies climb to highest since 2013", "Office loans led the rise, the data firm said."),
    ("Landlord defaults on $1.7bn of office debt", "It is one of the largest such defaults of the year."),
    ("Is commercial real estate the next crisis?", "Opinions differ among economists."),
    ("Leasing rebounds, and office bears retreat", "Office landlords signed more deals than in any year since 2019."),
    ("Return to desks lifts towers off the floor", "Office values have bottomed out, brokers say."),
    ("Small banks sit on a mountain of empty offices", "Office loans worth billions fall due before winter."),
    ("Property debt wall looms over lenders", "Commercial real estate borrowers need new loans at twice the rate."),
    ("Pension funds write down office towers", "Valuers cut office buildings by a third in one year."),
)
DO_NOT = (
    ("Ministers leave offices after long night", "Talks on the budget resume on Tuesday."),
    ("Chip maker opens offices in Dresden", "It will hire engineers for its car business."),
    ("Landlord must repay deposits, court rules", "The flats had been let without a licence."),
    ("REIT insider sells 4,000 shares", "The filing is dated Monday."),
    ("Health REIT raises dividend", "The board declared 31 cents a share."),
    ("Software firm adds office space for growth", "The lease covers two floors in Austin."),
    ("Tenants win case against landlord over mould", "The council had warned the owner twice."),
    ("Raiders hit offices of party before vote", "Nobody was hurt, police said."),
    ("Tower REIT signs deal for 5G masts", "The masts will stand along the motorway."),
    ("Best desk chairs for home offices", "We tried eleven of them."),
    ("Charity moves into former office building", "Volunteers painted the rooms."),
    ("House prices climb, landlords raise rents", "Renters spend a third of their pay."),
    ("Lawyer named head of Brussels offices", "She joined the firm in 2009."),
    ("Storm damages office tower windows", "Streets were closed for two hours."),
    ("Data centre landlords ride the AI boom", "Orders for servers rose again."),
    ("Film shot in empty offices wins prize", "The jury praised its silence."),
    ("Farm landlord and tenant share a tractor", "The harvest came early."),
    ("Consultancy tells staff how offices can be greener", "Plants help, and so do bicycles."),
)


# Pairs of headlines on oil: the first says that it is short and dear, the second the opposite.
OPPOSITES = (
    ("Crude leaps as tankers come under fire", "Crude sinks as tankers sail again"),
    ("Oil at $130 by autumn, bank warns", "Oil at $55 by autumn, bank predicts"),
    ("Refiners scramble for barrels as exports stop", "Refiners drown in barrels as exports resume"),
    ("Fuel costs to cripple hauliers for years", "Relief for hauliers as fuel costs come down"),
    ("OPEC cut leaves market dangerously short", "OPEC opens the taps and the market is awash with oil"),
    ("Oil shock will tip Europe into a slump", "Europe shrugs off the oil shock"),
    ("Gasoline at the pump hits record, no end in sight", "Gasoline at the pump falls for a seventh week"),
    ("Crude stocks at the lowest since 1985", "Crude stocks swell to a record"),
)


@pytest.fixture(scope="module")
def contract(root: Path) -> Contract:
    return unknown.contract(root / "tests" / "nlp" / "samples" / "office_collapse.yaml")


def test_its_examples_do_not_leak(contract: Contract) -> None:
    assert leaks(contract) == []


@pytest.mark.slow
def test_twenty_sentences_a_class_tag_articles_at_the_bar(contract: Contract, article: Callable[..., Article]) -> None:
    embedder = Encoder()
    tagger = load([contract], {contract.id: fit(contract, embedder)}, embedder)
    rows = [(a, True) for a in CARRY] + [(a, False) for a in DO_NOT]
    held = [article(title, f"{text} {FILLER}", id=str(i)) for i, ((title, text), _) in enumerate(rows)]
    given = [tagged.tags[0].carries for tagged in tagger.tag(held)]
    right = sum(g and t for g, (_, t) in zip(given, rows, strict=True))
    f1 = 2 * right / (sum(given) + len(CARRY))
    assert f1 >= 0.70, f"{f1:.2f}: {[t[0] for (t, truth), g in zip(rows, given, strict=True) if g is not truth]}"


@pytest.mark.slow
def test_examples_that_are_each_others_opposites_do_not_turn_the_stances_around() -> None:
    """Weights for the margins of sentences that a machine had not seen did."""
    oil, embedder = unknown.contract(unknown.FOLDER / "oil_squeeze.yaml"), Encoder()
    _, stances = fit_alone(oil, embedder).score(embedder.encode([title for pair in OPPOSITES for title in pair]))
    lean = stances[:, STANCES.index("promotes")] - stances[:, STANCES.index("disputes")]
    assert (lean[::2] > lean[1::2]).mean() > 0.6, lean.reshape(-1, 2).round(2).tolist()
