"""What every stranger does with our services."""

MODES = ("direct_post", "direct_post.jwt")
PREFIXES = ("x509_hash", "decentralized_identifier")


def accept(wallet, offer, **how):
    """Have a stranger's wallet take what was offered; its cards."""
    code = {"txCode": offer["tx_code"]} if offer.get("tx_code") else {}
    return wallet.call("accept", link=offer["link"], **code, **how)["cards"]


def outstanding(case):
    """What the counsellor sees as the whole debt in cents, once the answer is there."""
    result = case.result()
    assert result["state"] == "DONE"
    assert result["findings"] == [], result["findings"]
    return result["totals"]["outstanding"]
