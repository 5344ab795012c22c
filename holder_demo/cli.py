"""`blauweknop-holder`: the wallet on the command line, and the programs of the demo."""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from holder_demo import choosing, config, keystore, sharing
from holder_demo.cards import Card
from holder_demo.opening import open_wallet, typed_pin
from holder_demo.telling import in_words
from holder_demo.wallet import Wallet, reason_of
from vckit.errors import ConfigurationError, KitError

CONFIG_VARIABLE = "BLAUWEKNOP_HOLDER_CONFIG"
EXIT_REFUSED = 1
EXIT_USAGE = 2

EXAMPLES = """examples:
  blauweknop-holder --config wallet.toml accept "openid-credential-offer://…"
  blauweknop-holder --config wallet.toml list
  blauweknop-holder --config wallet.toml present "openid4vp://…" --without bsn
  blauweknop-holder --config wallet.toml --wallet ~/other-cards list
  blauweknop-holder demo --once

COMMAND --help shows an example of each command. The PIN is asked for, or read from
BLAUWEKNOP_WALLET_PIN. A folder without a wallet gets a new one, which opens with the PIN that is
given first."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it succeeded, 1 when it was refused, 2 for wrong use."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["digid"]:
        from holder_demo import digid  # noqa: PLC0415  loads the log-in library, which warns

        return digid.main(given[1:])
    if given[:1] == ["demo"]:
        from holder_demo.demo import cli as demo_cli  # noqa: PLC0415  only the demo needs it

        return demo_cli.main(given[1:])
    return _run(_parser().parse_args(given))


def _run(options: argparse.Namespace) -> int:
    try:
        answer, status = options.command(options)
    except KitError as error:
        return _fail(options, error)
    except KeyError:
        print("There is no card with this id.", file=sys.stderr)
        return EXIT_REFUSED
    if answer is not None:
        print(json.dumps(answer, ensure_ascii=False) if options.json else in_words(answer))
    return int(status)


def _fail(options: argparse.Namespace, error: KitError) -> int:
    if options.json:
        print(json.dumps({"error": reason_of(error), "text": str(error)}))
    print(f"{reason_of(error)}: {error}", file=sys.stderr)
    return EXIT_USAGE if isinstance(error, ConfigurationError) else EXIT_REFUSED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="blauweknop-holder",
        description="A wallet to try the Blauwe Knop with.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--wallet", type=Path, help="the folder of the sealed cards; default: what the settings say"
    )
    parser.add_argument(
        "--config",
        type=Path,
        default=os.environ.get(CONFIG_VARIABLE),
        help=f"the settings; default: ${CONFIG_VARIABLE}, else wallet.toml in the wallet's folder",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_wallet_commands(commands)
    _add_present(commands)
    _add(commands, "serve", _serve, "serve the wallet's pages", "serve")
    for name, text in (("digid", "the log-in stand-in"), ("demo", "start everything")):
        commands.add_parser(name, help=f"{text}; see: blauweknop-holder {name} --help")
    return parser


def _add(
    commands: Any,
    name: str,
    run: Callable[[argparse.Namespace], tuple[Any, int]],
    text: str,
    example: str,
) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(
        name,
        help=text,
        description=text,
        epilog=f"example: blauweknop-holder --config wallet.toml {example}",
    )
    command.add_argument("--json", action="store_true", help="print one JSON object")
    command.set_defaults(command=run)
    return command


def _add_wallet_commands(commands: Any) -> None:
    accept = _add(
        commands,
        "accept",
        _accept,
        "receive the card of an offer link",
        "accept 'openid-credential-offer://…' --tx-code 012345",
    )
    accept.add_argument("link", help="what the QR code of the offer holds")
    accept.add_argument(
        "--configuration",
        action="append",
        default=[],
        metavar="ID",
        help="which card of the offer; more than one can be taken (default: the first that fits)",
    )
    accept.add_argument("--tx-code", help="the transaction code that you were given")
    listing = _add(commands, "list", _list, "list the cards", "list --status")
    listing.add_argument("--status", action="store_true", help="ask the issuers what they say now")
    for name, run, text in (
        ("show", _show, "show one card whole"),
        ("export", _export, "print the credential as its issuer made it, for `check`"),
        ("delete", _delete, "destroy a card and its key"),
    ):
        chosen = _add(commands, name, run, text, f"{name} 3575297718ac31ad")
        chosen.add_argument("card", help="the id that `list` prints")
    identity = _add(
        commands, "identity", _identity, "get an identity card", "identity --bsn 999990019"
    )
    identity.add_argument("--bsn", required=True, help="whose card, among the people of the demo")
    _add(commands, "overview", _overview, "tell what all cards say together", "overview")
    _add(commands, "history", _history, "tell what was received and shared", "history")


def _add_present(commands: Any) -> None:
    present = _add(
        commands,
        "present",
        _present,
        "answer the request of a link",
        "present 'openid4vp://…' --without vorderingen --yes",
    )
    present.add_argument("link", help="what the QR code of the request holds")
    present.add_argument(
        "--without",
        action="append",
        default=[],
        metavar="WHAT",
        help="keep back a term (bsn, vorderingen, …) or the debt with this reference; a card that "
        "can only be shared whole then stays home",
    )
    present.add_argument(
        "--card", action="append", default=[], metavar="ID", help="answer with exactly this card"
    )
    present.add_argument("--yes", action="store_true", help="agree without being asked")
    present.add_argument("--decline", action="store_true", help="answer no")
    present.add_argument(
        "--trust-stranger", action="store_true", help="answer even who is not on the scheme"
    )


def _accept(options: argparse.Namespace) -> tuple[Any, int]:
    wallet = _wallet(options)
    contact = wallet.open_offer(options.link, now=_now())
    offered = wallet.read_offer(contact, now=_now(), configurations=options.configuration)
    if offered.needs_tx_code and options.tx_code is None:
        raise ConfigurationError("the offer needs a transaction code: --tx-code")
    received = wallet.fetch_all(offered, options.tx_code, now=_now())
    cards = [_received(wallet.store(one, now=_now())) for one in received]
    return cards[0] if len(cards) == 1 else {"cards": cards}, 0


def _received(card: Card) -> dict[str, Any]:
    return card.summary() | {"person": card.whose}


def _list(options: argparse.Namespace) -> tuple[Any, int]:
    wallet = _wallet(options)
    statuses = wallet.statuses(_now()) if options.status else {}
    return [
        card.summary() | ({"status": statuses[card.id]} if options.status else {})
        for card in wallet.cards()
    ], 0


def _show(options: argparse.Namespace) -> tuple[Any, int]:
    wallet = _wallet(options)
    card = wallet.card(options.card)
    status = wallet.status(card, _now())
    return card.summary() | {"status": status, "claims": dict(card.claims)}, 0


def _export(options: argparse.Namespace) -> tuple[Any, int]:
    credential = _wallet(options).card(options.card).credential
    print(json.dumps({"credential": credential}) if options.json else credential)
    return None, 0


def _delete(options: argparse.Namespace) -> tuple[Any, int]:
    _wallet(options).delete(options.card, now=_now())
    return None, 0


def _identity(options: argparse.Namespace) -> tuple[Any, int]:
    card = _wallet(options).get_identity_of(options.bsn, now=_now())
    return {"id": card.id, "person": card.whose, "expires": card.expires}, 0


def _overview(options: argparse.Namespace) -> tuple[Any, int]:
    return [one.summary() for one in _wallet(options).overviews(_now())], 0


def _history(options: argparse.Namespace) -> tuple[Any, int]:
    return _wallet(options).history(), 0


def _present(options: argparse.Namespace) -> tuple[Any, int]:
    wallet = _wallet(options)
    question = wallet.read_question(options.link, now=_now())
    stated = question.summary()
    if options.decline:
        wallet.decline(question, now=_now())
        return stated | {"sent": []}, 0
    shares = _chosen(wallet, question, options)
    if not choosing.is_answer(shares):
        print("No card of this wallet answers the question: it was declined.", file=sys.stderr)
    if not choosing.is_answer(shares) or not _agreed(options, question, shares):
        wallet.decline(question, now=_now())
        return stated | {"sent": []}, EXIT_REFUSED
    address = wallet.share(question, shares, now=_now())
    sent = [share.summary() for share in shares]
    return stated | {"sent": sent, "redirect_uri": address}, 0


def _chosen(
    wallet: Wallet, question: sharing.Question, options: argparse.Namespace
) -> list[choosing.Share]:
    proposed = wallet.propose(question, now=_now(), picked=options.card)
    shares = choosing.narrow(proposed, options.without)
    if len(shares) < len(proposed):
        print("A card that can only be shared whole stays here.", file=sys.stderr)
    return shares


def _agreed(
    options: argparse.Namespace, question: sharing.Question, shares: list[choosing.Share]
) -> bool:
    """Ask, unless told beforehand; a stranger needs more than a yes (security.md H10)."""
    if question.verifier is None and not options.trust_stranger:
        print("WARNING: nobody of the scheme asks this. Nothing is sent.", file=sys.stderr)
        return False
    if options.yes:
        return True
    print(in_words(question.summary() | {"to send": [share.summary() for share in shares]}))
    try:
        return input("Send this? Type 'ja' to agree: ").strip().lower() == "ja"
    except EOFError:
        return False


def _serve(options: argparse.Namespace) -> tuple[Any, int]:
    from holder_demo import service  # noqa: PLC0415  only the pages need Flask

    service.serve(_settings(options))
    return None, 0


def _settings(options: argparse.Namespace) -> config.Config:
    path = options.config or (options.wallet and options.wallet / "wallet.toml")
    if path is None:
        raise ConfigurationError("which settings? Use --config")
    settings = config.load(Path(path))
    return settings.model_copy(update={"folder": options.wallet or settings.folder})


def _wallet(options: argparse.Namespace) -> Wallet:
    settings = _settings(options)
    return open_wallet(settings, keystore.open_or_create(settings.folder, typed_pin()))


def _now() -> int:
    return int(time.time())


if __name__ == "__main__":
    sys.exit(main())
