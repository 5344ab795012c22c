"""The tables of the debt register and its longer statements; plain SQL, `?` for parameters."""

from typing import Final

from issuer.debts import changes

MIGRATIONS: Final = (
    """
    create table debt_imports (
        id integer primary key,
        source text not null,
        file_digest text not null,
        dialect_digest text not null,
        reference_date text not null,
        imported_at integer not null,
        kinds text not null,
        report text not null
    );
    create table debt_sources (
        code text primary key,
        import_id integer not null references debt_imports (id),
        reachable integer not null
    );
    create table debts (
        import_id integer not null,
        line integer not null,
        person text not null,
        fingerprint text not null,
        birth text,
        content text not null
    );
    create index debts_by_person on debts (person, fingerprint, import_id);
    create table debt_refusals (
        import_id integer not null,
        line integer not null,
        code text not null,
        person text
    );
    create index debt_refusals_by_person on debt_refusals (person, import_id);
    create table debt_changes (
        person text primary key,
        changed_at integer not null
    );
    """,
    changes.MIGRATION,
    # A row for each person instead of each debt, which is much less to write. The debts are in the
    # order of their content, so that equal debts are equal text; its digest, which SQL cannot make
    # of the debts that are there already, spares an import the reading of that text.
    """
    create table debtors (
        import_id integer not null,
        person text not null,
        digest blob,
        lines text not null,
        births text,
        content text not null
    );
    insert into debtors
    select import_id, person, null,
           '[' || group_concat(line, ',' order by content) || ']',
           case when max(birth) is not null then
               '[' || group_concat(json_quote(birth), ',' order by content) || ']' end,
           '[' || group_concat(content, ',' order by content) || ']'
    from debts group by import_id, person;
    drop table debts;
    create unique index debtors_by_person on debtors (import_id, person, digest);
    create view debts as
    select import_id, person, debt.value as content
    from debtors join json_each(debtors.content) as debt;
    """,
)
ACCOUNT: Final = """
    select s.code, i.reference_date, i.kinds, s.reachable, d.lines, d.births, d.content,
           exists (select 1 from debt_refusals r
                   where r.import_id = s.import_id and r.person = ?) as refused
    from debt_sources s
    join debt_imports i on i.id = s.import_id
    left join debtors d on d.import_id = s.import_id and d.person = ?
    order by s.code
"""
CURRENT: Final = """
    select i.id, i.file_digest, i.dialect_digest, i.reference_date, i.report
    from debt_sources s join debt_imports i on i.id = s.import_id
    where s.code = ?
"""
SOURCE: Final = """
    insert into debt_sources (code, import_id, reachable) values (?, ?, 1)
    on conflict (code) do update set import_id = excluded.import_id, reachable = 1
"""
