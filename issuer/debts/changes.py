"""Whose debts an import changed, so that their statements are old (wire.md "True for ever").

Interest and costs alone, below a threshold, set nothing: their cents are added up until they reach
it at a later import, or until something else changes.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from vckit.database import Database

MIGRATION: Final = """
    create table debt_pending (
        person text primary key,
        cents integer not null,
        import_id integer not null
    );
"""
# People whose debts or refused rows differ between the import before (?1) and the new one (?2).
_DEBTS: Final = """
    select made.person from debtors made
    left join debtors old on old.import_id = ?1 and old.person = made.person
    where made.import_id = ?2 and (
        old.person is null or made.digest <> old.digest
        or (old.digest is null and made.content <> old.content))
    union all
    select person from debtors where import_id = ?1
    and person not in (select person from debtors where import_id = ?2)
"""
_REFUSALS: Final = """
    select person from debt_refusals where import_id in (?1, ?2) and person is not null
    group by person having min(import_id) = max(import_id)
"""
_MEMBERS: Final = (
    "$.interest_cents",
    "$.reminder_costs_cents",
    "$.warrant_costs_cents",
    "$.other_costs_cents",
)
_EXTRA: Final = " + ".join(f"coalesce(content ->> '{name}', 0)" for name in _MEMBERS)
_REMOVED: Final = ", ".join(
    f"'{name}'" for name in (*_MEMBERS, "$.balance_cents", "$.interest_until", "$.history")
)
# Those people for whom interest and costs are all that differs, with how much.
_SMALL: Final = f"""
    insert into debt_pending (person, cents, import_id)
    select person, sum(abs(cents)), ?2 from (
        select person, sum(case when import_id = ?2 then extra else -extra end) as cents,
               min(import_id) = max(import_id) as is_other
        from (
            select person, import_id, {_EXTRA} as extra, content ->> '$.balance_cents' as balance,
                   json_remove(content, {_REMOVED}) as core
            from debts where import_id in (?1, ?2) and person in ({_DEBTS}))
        group by person, core, balance - extra)
    where person not in ({_REFUSALS})
    group by person having not max(is_other)
    on conflict (person) do update set
        cents = debt_pending.cents + excluded.cents, import_id = excluded.import_id
"""  # noqa: S608  of our own texts
_CHANGED: Final = f"""
    insert into debt_changes (person, changed_at)
    select person, ?4 from (
        select person from ({_DEBTS} union {_REFUSALS})
        where person not in (select person from debt_pending where import_id = ?2)
        union select person from debt_pending where cents >= ?3)
    where true
    on conflict (person) do update set changed_at = excluded.changed_at
"""  # noqa: S608  as above
_OF_KINDS: Final = """
    insert into debt_changes (person, changed_at)
    select person, ?3 from debts
    where import_id = ?1 and content ->> '$.kind' in (select value from json_each(?2))
    on conflict (person) do update set changed_at = excluded.changed_at
"""
_SETTLED: Final = "delete from debt_pending where person in (select person from debt_changes)"
_KINDS: Final = "select kinds from debt_imports where id = ?1"


def note(database: Database, before: int, made: int, now: int, *, threshold_cents: int) -> None:
    """Put everybody whose debts changed in debt_changes; inside the transaction of the import.

    `before` and `made` are ids of imports, while the debts of both are still there; `now` is in
    epoch seconds.
    """
    if threshold_cents:
        database.execute(_SMALL, (before, made))
    database.execute(_CHANGED, (before, made, threshold_cents, now))
    changed = _kinds_that_changed(_kinds(database, before), _kinds(database, made))
    if changed:
        database.execute(_OF_KINDS, (made, json.dumps(changed), now))
    database.execute(_SETTLED)


def _kinds(database: Database, import_id: int) -> dict[str, Any]:
    rows = database.execute(_KINDS, (import_id,))
    return dict(json.loads(rows[0]["kinds"])) if rows else {}


def _kinds_that_changed(before: Mapping[str, Any], made: Mapping[str, Any]) -> list[str]:
    """A dialect that explains a word otherwise changes every debt of that kind."""
    return [word for word in made if word in before and before[word] != made[word]]
