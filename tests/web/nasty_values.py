"""What nobody types into a form: some of it in `make test`, all of it, more than 200 values a field, with `slow`."""

from calendar import month_name

MARKUP = "\"'><svg/onload=x><b>{{7*7}}"
NOT_TEXT = ("NUL\0", "turned \u202e round", "un\u200bseen", "\x1b[31m", "del\x7fete", "\ud800 alone", "x" * 10_001)
VALUES = (
    "", "0", "-1", "NaN", "1.5", "²", "2026-02-30", "99999", "Febtober", "25:61", "null", "a" * 81,
    MARKUP, "9" * 400, str(2**63), "[]", "R6-ARR:x:y", "'; DROP TABLE victim; -- \\ % %00", "💔" * 20,
    "O’Neill \u0627\u0644\r\nSet-Cookie: a=b",
)  # fmt: skip
OF_A_PAGE = ("", "9" * 400, MARKUP)

_CONTROLS = tuple(f"a{chr(code)}b" for code in range(0x20) if chr(code) not in "\t\n\r\0\x1b")
_LATER_CONTROLS = tuple(f"a{chr(code)}b" for code in range(0x80, 0xA0))
_TURNS = tuple(f"a{chr(code)}b" for code in (0x202A, 0x202B, 0x202C, 0x202D, 0x2066, 0x2067, 0x2068, 0x2069))
_HALVES = ("a\udfffb", "\udc00", "\ud83d\ud83d")
EVERY_NOT_TEXT = (*NOT_TEXT, *_CONTROLS, *_LATER_CONTROLS, *_TURNS, *_HALVES, "y" * 10_240)

_NUMBERS = (
    "-0", "+1", "1e9", "1e999", "-1e999", "0x10", "0b1", "1_000", "1,000", "1 000", "٣", "１２", "½", "Infinity",
    "-inf", str(2**31), str(-(2**31)-1), str(2**63-1), str(2**64), str(10**40), "0.1", "00", "007", "NaN(1)",
)  # fmt: skip
_DATES = (
    "29/02/2027", "2027-02-29", "31/04/2026", "00/00/0000", "0001-01-01", "9999-12-31", "10000-01-01", "1752-09-03",
    "2026-13-01", "2026-1-1", "26-05-22", "22.05.2026", "22 May 2026", "May 22, 2026", "2026-W21-5", "2026-142",
    "today", "yesterday", "2026-05-22T25:00:00Z", "2026-05-22T10:00:00+99:00", "2026-03-29T01:30:00", "1779444000",
    "12:60", "24:01", *month_name[1:],
)  # fmt: skip
_COMMANDS = (
    "1; SELECT pg_sleep(9)", "' OR '1'='1", '" OR ""="', "admin'--", "1 UNION SELECT 1", "%' AND 1=0 --", "_%_%",
    "$(id)", "`id`", "; id", "| id", "&& id", "../../../etc/passwd", "..\\..\\x", "file:///etc/passwd", "/dev/null",
    "C:\\x", "%2e%2e%2f", "%00", "{{7*7}}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "{%raw%}", "{0.__class__}", "%s%s%s%n",
    "=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "a\r\nX: b", "Location: //x", "//evil.example", "javascript:x",
    "data:text/html,x", "<!--", "]]>", "<![CDATA[",
)  # fmt: skip
_CODES = (
    "true", "false", "None", "undefined", "{}", '{"a":1}', "[1]", "a,b", "a;b", "on", "off", "yes", "no", "Y", "*",
    "?", ".", "-", "_",
)  # fmt: skip
_LETTERS = (
    "Ⅷ", "ﬁ", "İ", "ß", "ǅ", "e\u0301" * 20, "Z\u0335" * 40, "\u0622\u0644\u0644\u0647", "नमस्ते", "ไทย", "日本",
    "👩‍👩‍👧‍👦", "a" * 201, "a" * 1001, " ", "\u00a0", "\u3000", "\n", "\n\n\n", "'", '"', "\\", "/", "&", "<", ">",
    "&lt;", "&#0;", "%",
)  # fmt: skip
EVERY_VALUE = (*VALUES, *_NUMBERS, *_DATES, *_COMMANDS, *_CODES, *_LETTERS)
