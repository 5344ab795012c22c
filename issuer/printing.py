"""What the commands print for people; `--json` prints the answers themselves."""

import json
from typing import Any


def checked(answer: dict[str, Any]) -> str:
    """Whether the settings are right, and the scheme that is refused."""
    if not answer["scheme_refused"]:
        return "The configuration is right."
    return f"The scheme of before goes on, since this one is refused: {answer['scheme_refused']}"


def report(answer: dict[str, Any]) -> str:
    """What came of an import, and the first rows as they were understood."""
    first = "".join(f"\n{json.dumps(row, ensure_ascii=False)}" for row in answer.get("first", ()))
    return f"{answer['report'].text()}{first}"


def ticked(answer: dict[str, Any]) -> str:
    """What came of the round of the folders."""
    if answer["busy"]:
        return "another tick is at work"
    return "\n".join(report.text() for report in answer["reports"])


def sources(answer: dict[str, Any]) -> str:
    """Each source with its state and reference date."""
    return "\n".join(
        f"{source['code']}: {source['status']} ({source['reference_date'] or '-'})"
        for source in answer["sources"]
    )


def offer(answer: dict[str, Any]) -> str:
    """The link of an offer, and its transaction code."""
    code = f"\ntransaction code: {answer['tx_code']}" if answer["tx_code"] else ""
    return f"{answer['link']}{code}"


def records(answer: dict[str, Any]) -> str:
    """What was given out."""
    return "\n".join(
        f"{record['record_id']} {record['configuration']}"
        f"{' withdrawn' if record['withdrawn_at'] else ''}"
        f"{' superseded' if record['superseded_at'] else ''}"
        for record in answer["records"]
    )


def acts(answer: dict[str, Any]) -> str:
    """What was done at the desk."""
    return "\n".join(
        f"{act['happened_at']} {act['staff'][:8]} {act['verb']} {act['record_id'] or ''}".rstrip()
        for act in answer["acts"]
    )


def revoked(answer: dict[str, Any]) -> str:
    """What was revoked."""
    return "\n".join(f"revoked: {record_id}" for record_id in answer["revoked"])
