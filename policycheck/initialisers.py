"""``__init__`` of a dataclass with so many fields: code whose names stand for those of the fields.

To compile one takes 0.1 ms, and a small proof would have 26 of them compiled each time it is run;
Python keeps what it compiled of a module. policycheck.dataclass puts in the names.
"""

# mypy: allow-untyped-defs

_set = _last = object.__setattr__


def _0(self):
    pass


def _1(self, a):
    _last(self, "a", a)


def _2(self, a, b):
    _set(self, "a", a)
    _last(self, "b", b)


def _3(self, a, b, c):
    _set(self, "a", a)
    _set(self, "b", b)
    _last(self, "c", c)


def _4(self, a, b, c, d):
    _set(self, "a", a)
    _set(self, "b", b)
    _set(self, "c", c)
    _last(self, "d", d)


def _5(self, a, b, c, d, e):
    _set(self, "a", a)
    _set(self, "b", b)
    _set(self, "c", c)
    _set(self, "d", d)
    _last(self, "e", e)


def _6(self, a, b, c, d, e, f):
    _set(self, "a", a)
    _set(self, "b", b)
    _set(self, "c", c)
    _set(self, "d", d)
    _set(self, "e", e)
    _last(self, "f", f)


def _7(self, a, b, c, d, e, f, g):
    _set(self, "a", a)
    _set(self, "b", b)
    _set(self, "c", c)
    _set(self, "d", d)
    _set(self, "e", e)
    _set(self, "f", f)
    _last(self, "g", g)


def _8(self, a, b, c, d, e, f, g, h):
    _set(self, "a", a)
    _set(self, "b", b)
    _set(self, "c", c)
    _set(self, "d", d)
    _set(self, "e", e)
    _set(self, "f", f)
    _set(self, "g", g)
    _last(self, "h", h)


def _9(self, a, b, c, d, e, f, g, h, i):
    _set(self, "a", a)
    _set(self, "b", b)
    _set(self, "c", c)
    _set(self, "d", d)
    _set(self, "e", e)
    _set(self, "f", f)
    _set(self, "g", g)
    _set(self, "h", h)
    _last(self, "i", i)


def _10(self, a, b, c, d, e, f, g, h, i, j):
    _set(self, "a", a)
    _set(self, "b", b)
    _set(self, "c", c)
    _set(self, "d", d)
    _set(self, "e", e)
    _set(self, "f", f)
    _set(self, "g", g)
    _set(self, "h", h)
    _set(self, "i", i)
    _last(self, "j", j)


def _11(self, a, b, c, d, e, f, g, h, i, j, k):
    _set(self, "a", a)
    _set(self, "b", b)
    _set(self, "c", c)
    _set(self, "d", d)
    _set(self, "e", e)
    _set(self, "f", f)
    _set(self, "g", g)
    _set(self, "h", h)
    _set(self, "i", i)
    _set(self, "j", j)
    _last(self, "k", k)


def _12(self, a, b, c, d, e, f, g, h, i, j, k, m):
    _set(self, "a", a)
    _set(self, "b", b)
    _set(self, "c", c)
    _set(self, "d", d)
    _set(self, "e", e)
    _set(self, "f", f)
    _set(self, "g", g)
    _set(self, "h", h)
    _set(self, "i", i)
    _set(self, "j", j)
    _set(self, "k", k)
    _last(self, "m", m)


def _13(self, a, b, c, d, e, f, g, h, i, j, k, m, n):
    _set(self, "a", a)
    _set(self, "b", b)
    _set(self, "c", c)
    _set(self, "d", d)
    _set(self, "e", e)
    _set(self, "f", f)
    _set(self, "g", g)
    _set(self, "h", h)
    _set(self, "i", i)
    _set(self, "j", j)
    _set(self, "k", k)
    _set(self, "m", m)
    _last(self, "n", n)


def _14(self, a, b, c, d, e, f, g, h, i, j, k, m, n, o):
    _set(self, "a", a)
    _set(self, "b", b)
    _set(self, "c", c)
    _set(self, "d", d)
    _set(self, "e", e)
    _set(self, "f", f)
    _set(self, "g", g)
    _set(self, "h", h)
    _set(self, "i", i)
    _set(self, "j", j)
    _set(self, "k", k)
    _set(self, "m", m)
    _set(self, "n", n)
    _last(self, "o", o)


def _15(self, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p):
    _set(self, "a", a)
    _set(self, "b", b)
    _set(self, "c", c)
    _set(self, "d", d)
    _set(self, "e", e)
    _set(self, "f", f)
    _set(self, "g", g)
    _set(self, "h", h)
    _set(self, "i", i)
    _set(self, "j", j)
    _set(self, "k", k)
    _set(self, "m", m)
    _set(self, "n", n)
    _set(self, "o", o)
    _last(self, "p", p)


def _16(self, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q):
    _set(self, "a", a)
    _set(self, "b", b)
    _set(self, "c", c)
    _set(self, "d", d)
    _set(self, "e", e)
    _set(self, "f", f)
    _set(self, "g", g)
    _set(self, "h", h)
    _set(self, "i", i)
    _set(self, "j", j)
    _set(self, "k", k)
    _set(self, "m", m)
    _set(self, "n", n)
    _set(self, "o", o)
    _set(self, "p", p)
    _last(self, "q", q)


INITIALISERS = (_0, _1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13, _14, _15, _16)
"""By the number of fields."""
