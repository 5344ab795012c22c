"""Many requests at the same moment: connected first, then all sent together."""

import asyncio
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode, urlsplit

_LIMIT = 65_536


def form_request(url: str, form: Mapping[str, str]) -> bytes:
    """The bytes of a form as HTTP/1.1 sends it."""
    address = urlsplit(url)
    body = urlencode(form).encode()
    head = (
        f"POST {address.path} HTTP/1.1\r\nHost: {address.netloc}\r\nConnection: close\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def rush(url: str, requests: Sequence[bytes]) -> list[tuple[int, bytes]]:
    """Send all at once, each on its own connection; (status, body), (0, b"") where it broke off."""
    return asyncio.run(_rush(url, requests))


async def _rush(url: str, requests: Sequence[bytes]) -> list[tuple[int, bytes]]:
    start = asyncio.Event()
    connected = asyncio.Semaphore(0)
    visits = [asyncio.create_task(_visit(url, one, start, connected)) for one in requests]
    for _ in requests:
        await connected.acquire()
    start.set()
    return list(await asyncio.gather(*visits))


async def _visit(
    url: str, request: bytes, start: asyncio.Event, connected: asyncio.Semaphore
) -> tuple[int, bytes]:
    address = urlsplit(url)
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", address.port, limit=_LIMIT)
    finally:
        connected.release()
    await start.wait()
    try:
        writer.write(request)
        answer = await reader.read()
    except ConnectionError:
        return 0, b""
    finally:
        writer.close()
    return _read(answer)


def _read(answer: bytes) -> tuple[int, bytes]:
    head, _, body = answer.partition(b"\r\n\r\n")
    return (int(head.split(b" ", 2)[1]), body) if body else (0, b"")
