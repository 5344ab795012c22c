"""PDF files written by hand, object by object, the way that no honest program does."""

import zlib


def raw(objects, trailer=b"", prev=None, head=b"%PDF-1.7\n", xref=None):
    """A file of these objects (number to body), with a plain cross-reference table."""
    written, places = bytearray(head), {}
    for number, body in objects.items():
        places[number] = len(written)
        written += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(written) if xref is None else xref
    written += b"xref\n0 1\n0000000000 65535 f \n"
    for number, place in places.items():
        written += b"%d 1\n%010d 00000 n \n" % (number, place)
    size = max(objects) + 1
    previous = b"" if prev is None else b"/Prev %d " % (table if prev == "itself" else prev)
    written += b"trailer\n<< /Root 1 0 R /Size %d %s%s >>\n" % (size, previous, trailer)
    return bytes(written + b"startxref\n%d\n%%%%EOF\n" % table)


def stream(data, entries=b"", length=None):
    length = len(data) if length is None else length
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (length, entries, data)


def deflated(data=b"", zeros=0):
    """`data` and then so many zeros, deflated without ever having them all."""
    packing = zlib.compressobj(9)
    parts = [packing.compress(data)]
    block = bytes(1024 * 1024)
    parts += [packing.compress(block) for _ in range(zeros // len(block))]
    return b"".join([*parts, packing.flush()])


CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R %s >>"
PLAIN = {1: CATALOG, 2: PAGES, 3: PAGE % b"/Resources << /Font << >> >>", 4: stream(b"")}


def image_only():
    """What a scanner makes: a page with one picture and no letters."""
    picture = stream(b"\xff\xd8\xff\xe0", b"/Type /XObject /Subtype /Image /Filter /DCTDecode")
    page = PAGE % b"/Resources << /XObject << /Im 5 0 R >> >>"
    return raw({**PLAIN, 3: page, 4: stream(b"/Im Do"), 5: picture})


def kids_loop():
    """The pages of a page tree are the tree itself."""
    return raw({**PLAIN, 2: b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"})


def deep_pages(depth=10_000):
    tree = {
        number: b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (number + 1)
        for number in range(10, 10 + depth)
    }
    return raw({1: b"<< /Type /Catalog /Pages 10 0 R >>", **tree, 10 + depth: PAGE % b""})


def deep_arrays(depth=2_000_000):
    return raw({**PLAIN, 5: b"[" * depth + b"]" * depth})


def lying_length(length):
    return raw({**PLAIN, 4: stream(b"q Q", length=length)})


def many_objects(count=1_000_000):
    """So many objects in one compressed object stream (ISO 32000-1, 7.5.7 and 7.5.8)."""
    numbers = range(10, 10 + count)
    index = b" ".join(b"%d %d" % (number, 2 * n) for n, number in enumerate(numbers))
    inside = deflated(index + b" " + b"0 " * count)
    entries = b"/Type /ObjStm /N %d /First %d /Filter /FlateDecode" % (count, len(index) + 1)
    return _with_object_stream(stream(inside, entries), count)


def object_stream_bomb(zeros=1024 * 1024 * 1024):
    """A gibibyte as soon as anything asks for the one object in it."""
    entries = b"/Type /ObjStm /N 1 /First 5 /Filter /FlateDecode"
    return _with_object_stream(stream(deflated(b"10 0 0 ", zeros), entries), 1)


def _with_object_stream(objects, count):
    written, places = bytearray(b"%PDF-1.7\n"), {}
    for number, body in {**PLAIN, 5: objects}.items():
        places[number] = len(written)
        written += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(written)
    rows = [bytes(8), *(b"\x01" + places[n].to_bytes(4) + bytes(3) for n in range(1, 6))]
    rows.append(b"\x01" + table.to_bytes(4) + bytes(3))
    rows += [bytes(8)] * 3
    rows += [b"\x02" + (5).to_bytes(4) + n.to_bytes(3) for n in range(count)]
    entries = b"/Type /XRef /Root 1 0 R /Size %d /W [1 4 3] /Filter /FlateDecode" % (10 + count)
    body = stream(deflated(b"".join(rows)), entries)
    written += b"6 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (body, table)
    return bytes(written)
