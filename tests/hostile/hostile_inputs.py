"""Texts by name that no reader can use, whatever it expects."""

_WORD = b'{"a": '
TEXTS = {
    "empty": b"",
    "deep": b"[" * 100_000,
    "objects": _WORD * 50_000,
    "nul": b'{"Statement"\0: 1}',
    "not-utf8": b'{"Statement": "\xff"}',
    "overlong": b'{"Statement": "\xc0\xaf"}',
    "utf16": '{"Statement": []}'.encode("utf-16"),
    "marks": b"\xef\xbb\xbf" * 2 + b"{",
    "half": b'{"Statement": "\\ud800"',
    "twice": b'{"resource": "a", "resource": "b", "Statement": 1, "Statement": 2}',
    "digits": b'{"version": ' + b"9" * 100_000 + b"}",
    "escapes": '{"\x1b[31m\u202e\x9b2J": '.encode(),
    "escaped": rb'{"\u001b[31m\u202e\u009b2J": "\u2066\u0007"}',
    "aliases": b"a: &a [*a, *a]\n",
    "bomb": b"a0: &a0 [x, x]\n"
    + b"".join(b"a%d: &a%d [*a%d, *a%d]\n" % (i, i, i - 1, i - 1) for i in range(1, 40)),
    "tag": b'!!python/object/apply:os.system ["touch owned"]\n',
    "large": b" " * 1_048_577,
}
