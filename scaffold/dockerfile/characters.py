"""White space and line ends, as BuildKit's parser sees them."""

from __future__ import annotations

import re

# Go's unicode.IsSpace; Python's str.strip() would also take the separators U+001C to U+001F.
SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
# What divides words: only the ASCII ones.
GAP = re.compile(r"[\t\v\f\r ]+")
LINE_ENDS = "\r\n"
BYTE_ORDER_MARK = "\ufeff"
