"""Journeys made up from a seed: debts, what organisations state of them, and what goes wrong."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import count

from tests.properties.truth import (
    BAILIFF,
    BOXTEL,
    GESTEL,
    STRANGER,
    TAX_OFFICE,
    UNKNOWN_ISSUER,
    WATER_BOARD,
    Credential,
    Debt,
    Journey,
    Showing,
)

# Ages around the week of the note and the thirty days of a stale statement, both sides.
FRESH = (0, 1, 2, 5, 6, 7, 8, 14, 28, 29)
OLD = (30, 31, 45, 200)


# The only form that is read of an issuer whom nobody knows: its keys come along.
_READABLE = ("sd_jwt",)


@dataclass(frozen=True)
class Means:
    """What a journey can be made of: less where real credentials have to be signed for it."""

    organisations: tuple[str, ...] = (BOXTEL, GESTEL, TAX_OFFICE, BAILIFF)
    forms: tuple[str, ...] = ("sd_jwt", "ldp_vc", "document")
    conditions: tuple[str, ...] = ("superseded", "revoked", "suspended", "expired", "unknown")
    all_chosen: bool = False
    rechecked: bool = True


ALL = Means()
SIGNED = Means(
    organisations=(BOXTEL, GESTEL),
    forms=("sd_jwt", "ldp_vc"),
    # A list of one bit knows nothing between valid and withdrawn.
    conditions=("superseded", "revoked", "expired", "unknown"),
    all_chosen=True,
    rechecked=False,
)


@dataclass
class Maker:
    """One journey in the making: chance, numbers that are not used yet, and what arrives."""

    chance: random.Random
    means: Means
    persons: int
    numbers: count = field(default_factory=count)
    showings: list = field(default_factory=list)
    debts: dict = field(default_factory=dict)

    def odds(self, part):
        return self.chance.random() < part

    def number(self):
        return next(self.numbers)


def journey(seed, means=ALL):
    """The journey of this seed, always the same."""
    chance = random.Random(seed)  # noqa: S311  no secret: a case must come back by its number
    maker = Maker(chance, means, persons=2 if chance.random() < 0.25 else 1)
    known = means.organisations
    chosen = known if means.all_chosen else tuple(chance.sample(known, chance.randint(1, 4)))
    for person in range(maker.persons):
        for organisation in known:
            maker.debts[organisation, person] = _own_debts(maker, organisation)
    _owe_together(maker)
    _state_elsewhere(maker)
    _arrive(maker, chosen)
    strangers = any(one.credential.person == STRANGER for one in maker.showings)
    if not means.all_chosen:
        chance.shuffle(maker.showings)
    return Journey(
        seed=seed,
        chosen=chosen,
        persons=maker.persons,
        named=maker.persons > 1 or strangers or chance.random() < 0.8,
        showings=tuple(maker.showings),
        too_many=means.rechecked and chance.random() < 0.01,
    )


def _own_debts(maker, organisation):
    wanted = maker.chance.choice((0, 1, 1, 2, 3, 4))
    return [_debt(maker, organisation, creditor=organisation) for _ in range(wanted)]


def _debt(maker, organisation, *, creditor):
    number = maker.number()
    balance = maker.chance.choice((0, 1, 4_321, 10_000, 42_900, 99_999, -2_500))
    balance += maker.chance.randint(0, 50) if balance > 0 else 0
    kind = maker.chance.choice(("plain", "plain", "kept", "broken", "prescribed", "unknown"))
    due, arrears = _due(maker, kind, balance)
    return Debt(
        identity=number,
        creditor=creditor,
        case=f"Z{organisation[-4:]}-{number // 2}",
        reference=f"V{number}",
        balance=balance,
        due=due,
        arrears=arrears,
        category=maker.chance.choice(("algemeen", "algemeen", "rente")),
        disputed=maker.odds(0.12),
        prescribed=kind == "prescribed",
        plan=kind if kind in {"kept", "broken"} else "",
    )


def _due(maker, kind, balance):
    """A kept plan makes its instalment due, a broken one the whole balance (case 8)."""
    owed = max(balance, 0)
    if kind == "unknown":
        return None, None
    if kind == "broken":
        return owed, owed
    if kind == "prescribed" or not owed:
        return 0, 0
    if kind == "kept":
        return min(5_000, owed), 0
    return owed, maker.chance.choice((0, owed, owed // 2))


def _owe_together(maker):
    """Debts that two persons owe: as a whole (case 4), or each a part under one number."""
    if maker.persons == 1:
        return
    for organisation in maker.means.organisations:
        if maker.odds(0.5):
            debt = replace(_debt(maker, organisation, creditor=organisation), category="algemeen")
            maker.debts[organisation, 0].append(debt)
            maker.debts[organisation, 1].append(debt)
        if maker.odds(0.2):
            for person in (0, 1):
                part = _debt(maker, organisation, creditor=organisation)
                alike = replace(part, case="Z-deel", reference="V-deel", category="algemeen")
                maker.debts[organisation, person].append(replace(alike, shared_out=True))


def _state_elsewhere(maker):
    """Some debts are stated by who collects them too (case 2): provably, or only alike."""
    for (organisation, person), debts in list(maker.debts.items()):
        others = [each for each in maker.means.organisations if each != organisation]
        for place, debt in enumerate(debts):
            if debt.creditor != organisation or debt.shared_out or debt.place:
                continue
            if not maker.odds(0.2):
                continue
            collector = maker.chance.choice(others)
            if any(each.identity == debt.identity for each in maker.debts[collector, person]):
                continue
            mine, theirs = _both(maker, debt, collector)
            debts[place] = mine
            maker.debts[collector, person].append(theirs)
            _also_of_the_other(maker, (organisation, 1 - person), debt, (mine, collector, theirs))
    for person in range(maker.persons):
        _collect_for_third(maker, person)


def _also_of_the_other(maker, cell, debt, handed_over):
    """What two persons owe is with the collector for both; whether it says so is another thing."""
    mine, collector, theirs = handed_over
    others = maker.debts.get(cell, [])
    if debt in others:
        others[others.index(debt)] = mine
        if maker.odds(0.5):
            maker.debts[collector, cell[1]].append(theirs)


def _both(maker, debt, collector):
    """The debt as its creditor and as its collector states it; whom it is with leads."""
    naming = maker.chance.choice(("none", "creditor", "collector", "both"))
    mine = replace(debt, place=1, collector=collector if naming in {"creditor", "both"} else None)
    extra = maker.chance.choice((0, 0, 900, 7_000)) if debt.balance > 0 else 0
    theirs = replace(
        debt,
        place=0,
        balance=debt.balance + extra,
        due=debt.due + extra if debt.due and debt.plan != "kept" else debt.due,
        collector=collector if naming in {"collector", "both"} else None,
    )
    how = maker.chance.choice(("key", "key", "original", "weak"))
    if how == "original":
        number = maker.number()
        theirs = replace(theirs, original=debt.reference, reference=f"D{number}", case=f"D{number}")
    if how == "weak":
        # Alike in case and amount; nothing proves it, so both count.
        number = maker.number()
        theirs = replace(theirs, identity=number, reference=f"W{number}")
    return mine, theirs


def _collect_for_third(maker, person):
    """Two organisations state what a third one is owed; one of both tells who collects it."""
    if len(maker.means.organisations) < 2 or not maker.odds(0.2):
        return
    first, second = maker.chance.sample(maker.means.organisations, 2)
    debt = _debt(maker, "third", creditor=WATER_BOARD)
    naming = maker.chance.choice(((second, None), (None, second), (second, second)))
    for organisation, collector in zip((first, second), naming, strict=True):
        place = 0 if organisation == second else 1
        balance = debt.balance if place else debt.balance + (700 if debt.balance > 0 else 0)
        stated = replace(debt, place=place, collector=collector, balance=balance)
        maker.debts[organisation, person].append(stated)


def _arrive(maker, chosen):
    cells = [(each, person) for each in chosen for person in range(maker.persons)]
    wrong = maker.chance.choices((0, 1, 2, 3), (45, 30, 15, 10))[0]
    unlucky = set(maker.chance.sample(cells, min(wrong, len(cells))))
    for cell in maker.debts:
        if cell in unlucky:
            maker.chance.choice(HARM)(maker, cell)
        elif cell in cells:
            _go_well(maker, cell)
        elif maker.odds(0.3):
            # Whom nobody asked, and who stated something after all.
            maker.chance.choice((_go_well, _go_well, *HARM))(maker, cell)


def _go_well(maker, cell):
    maker.chance.choice(WELL if maker.odds(0.4) else (_whole,))(maker, cell)


def credential(maker, cell, **changes):
    """A statement of this organisation about this person, with all debts that there are."""
    organisation, person = cell
    day = changes.pop("day", None)
    day = maker.chance.choice(FRESH) if day is None else day
    debts = changes.pop("debts", tuple(maker.debts.get(cell, ())))
    number = maker.number()
    forms = changes.pop("forms", maker.means.forms)
    return Credential(
        **{
            "number": number,
            "content": number,
            "organisation": organisation,
            "person": person,
            "day": day,
            "issued": maker.chance.randint(0, min(day, 3)),
            "debts": debts,
            "form": maker.chance.choice(forms),
            "spelling": maker.chance.randint(0, 2),
            **changes,
        }
    )


def show(maker, one, **how):
    """Let it arrive, whole unless told otherwise."""
    how.setdefault("shown", frozenset(range(len(one.debts))))
    if maker.means.rechecked and one.person == 1:
        how.setdefault("strange", maker.odds(0.5))
    maker.showings.append(Showing(one, **how))
    return one


def _whole(maker, cell):
    return show(maker, credential(maker, cell))


# What changes nothing: the overview is as complete as without it.


def _shown_twice(maker, cell):
    one = _whole(maker, cell)
    show(maker, one, at=maker.chance.randint(0, 2) if maker.means.rechecked else 0)


def _in_two_forms(maker, cell):
    one = _whole(maker, cell)
    show(maker, _copy(maker, one))


def _copy(maker, one, **changes):
    """The same statement in another credential, perhaps issued on another day."""
    changes = {"form": maker.chance.choice(maker.means.forms), **changes}
    issued = maker.chance.randint(0, min(one.day, 3))
    return replace(one, number=maker.number(), issued=issued, **changes)


def _copy_of_unknown_status(maker, cell):
    one = _whole(maker, cell)
    show(maker, _copy(maker, one), condition="unknown")


def _copy_that_hides(maker, cell):
    one = _whole(maker, cell)
    show(maker, _copy(maker, one, form="sd_jwt"), shown=frozenset())


def _older_one_too(maker, cell):
    """Case 1: of an older statement with other debts nothing counts."""
    new = show(maker, credential(maker, cell, day=maker.chance.choice((0, 1, 5, 14))))
    gone = _debt(maker, cell[0], creditor=cell[0])
    old = credential(maker, cell, day=new.day + 3, debts=(*new.debts[1:], gone))
    show(maker, old, condition=maker.chance.choice(("good", "superseded", "revoked", "unknown")))


def _corrected_within_the_day(maker, cell):
    """One reference date and other debts: issued later, it is the later word."""
    gone = _debt(maker, cell[0], creditor=cell[0])
    old = credential(maker, cell, day=6, issued=5, debts=(*maker.debts[cell], gone))
    show(maker, old, condition=maker.chance.choice(("good", "superseded")))
    show(maker, credential(maker, cell, day=6, issued=2))


def _changed_while_open(maker, cell):
    """Reference date and issue tell days: what was found current last counts."""
    if not maker.means.rechecked:
        return _whole(maker, cell)
    gone = _debt(maker, cell[0], creditor=cell[0])
    show(maker, credential(maker, cell, day=1, issued=0, debts=(*maker.debts[cell], gone)))
    return show(maker, credential(maker, cell, day=1, issued=0), at=1)


def _a_strangers_too(maker, cell):
    _whole(maker, cell)
    show(maker, credential(maker, (cell[0], STRANGER), debts=tuple(maker.debts[cell])))


def _a_fake_too(maker, cell):
    _whole(maker, cell)
    fake = credential(maker, cell, organisation=UNKNOWN_ISSUER, forms=_READABLE)
    show(maker, fake, condition="untrusted")


def _unknown_and_then_good(maker, cell):
    one = credential(maker, cell)
    if maker.means.rechecked:
        show(maker, one, condition="unknown")
    show(maker, one, at=1)


def _in_parts(maker, cell):
    """Asked again, the holder shows the rest: of one credential all of it is known."""
    one = credential(maker, cell, forms=("sd_jwt",))
    half = frozenset(range(0, len(one.debts), 2))
    show(maker, one, shown=half)
    rest = frozenset(range(len(one.debts))) - half
    show(maker, one, shown=rest, at=1 if maker.means.rechecked else 0)


WELL: tuple[Callable, ...] = (
    _shown_twice,
    _in_two_forms,
    _copy_of_unknown_status,
    _copy_that_hides,
    _older_one_too,
    _corrected_within_the_day,
    _changed_while_open,
    _a_strangers_too,
    _a_fake_too,
    _unknown_and_then_good,
    _in_parts,
)


# What goes wrong: none of these leaves the overview complete.


def _skipped(_maker, _cell):
    """The organisation gave nothing, or nothing was shown of it."""


def _withheld(maker, cell):
    one = credential(maker, cell, forms=("sd_jwt",))
    if one.debts:
        kept = maker.chance.randint(0, len(one.debts) - 1)
        shown = frozenset(maker.chance.sample(range(len(one.debts)), kept))
        show(maker, one, shown=shown)


def _source_down(maker, cell):
    debts = tuple(maker.debts[cell])[: maker.chance.randint(0, 2)]
    show(maker, credential(maker, cell, down=True, debts=debts))


def _stale(maker, cell):
    show(maker, credential(maker, cell, day=maker.chance.choice(OLD), issued=0))


def _of_bad_status(maker, cell):
    condition = maker.chance.choice(maker.means.conditions)
    show(maker, credential(maker, cell), condition=condition)


def _found_bad_later(maker, cell):
    one = credential(maker, cell)
    if maker.means.rechecked:
        show(maker, one)
    condition = maker.chance.choice(("superseded", "revoked", "unknown"))
    show(maker, one, condition=condition, at=1)


def _of_another(maker, cell):
    show(maker, credential(maker, (cell[0], STRANGER), debts=tuple(maker.debts[cell])))


def _of_a_fake(maker, cell):
    fake = credential(maker, cell, organisation=UNKNOWN_ISSUER, forms=_READABLE)
    show(maker, fake, condition="untrusted")


def _newer_unusable(maker, cell):
    """What counts is not the last word: another, not older, could not be used."""
    gone = _debt(maker, cell[0], creditor=cell[0])
    old = show(maker, credential(maker, cell, day=8, issued=5))
    day = maker.chance.choice((8, 2))
    debts = (*old.debts, gone)
    condition = maker.chance.choice(("unknown", "expired", "superseded"))
    # Of one day of issue it may be the newer one; superseded it is not.
    issued = 1 if condition == "superseded" else maker.chance.choice((1, 5 if day > 5 else 1))
    newer = credential(maker, cell, day=day, issued=issued, debts=debts)
    show(maker, newer, condition=condition)


def _copy_is_superseded(maker, cell):
    """The issuer tells of one form that there is a newer statement: so there is for the other."""
    one = _whole(maker, cell)
    show(maker, _copy(maker, one), condition="superseded")


def _breached(maker, cell):
    if any(debt.due is not None for debt in maker.debts[cell]) and maker.odds(0.5):
        show(maker, credential(maker, cell, wrong="balance"))
    else:
        wrong = maker.chance.choice(({"off": 1}, {"off": 250_000}, {"wrong": "completeness"}))
        show(maker, credential(maker, cell, **wrong))


def _unknown_and_then_lacking(maker, cell):
    """The check that broke off found nothing wrong; the next one does."""
    one = credential(maker, cell, forms=("sd_jwt",), off=maker.chance.choice((0, 1)))
    if maker.means.rechecked:
        show(maker, one, condition="unknown")
    if one.off:
        show(maker, one, at=1)
    elif one.debts:
        show(maker, one, shown=frozenset(range(len(one.debts) - 1)), at=1)


HARM: tuple[Callable, ...] = (
    _skipped,
    _withheld,
    _withheld,
    _source_down,
    _stale,
    _of_bad_status,
    _found_bad_later,
    _of_another,
    _of_a_fake,
    _newer_unusable,
    _copy_is_superseded,
    _breached,
    _unknown_and_then_lacking,
)
