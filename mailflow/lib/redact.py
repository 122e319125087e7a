"""Takes secrets out of text before it reaches a log, a table, a response or a prompt. Pure.

Two looks at the text: at what secrets look like (a vendor's prefix, a key block, a JWT) and at
what they are called (`password=`, `"client_secret": `, `Cookie: `). RE2, so the time is linear in
the text's length: no text can stall us. Where it is unsure, a loud name (password, api_key) loses
its value always and a quiet one (token, secret) only when the value looks made by a machine.
"""

import binascii
import re
from base64 import b64decode

import re2

REDACTED = "[redacted]"
_DEEPEST = 64

# One shape a line: whole match is secret, or only the group `s…` where the text before it is
# the context that makes it one. Repeats end at what they consume, never at a far-away end mark:
# that keeps a search from scanning the rest of the text once for each match.
_SHAPES = (
    # Private keys: PEM of every kind, PGP, PuTTY, age; also inside JSON, where a line end is \n.
    r"-{4,5} ?BEGIN(?:[A-Z0-9 +]|%20){0,60}PRIVATE(?:[ +]|%20)KEY(?: BLOCK)? ?-{4,5}"
    r"(?:(?:\\+[nr]|\s)*[A-Za-z-]{3,20}: [^\r\n\\]*)*(?:[A-Za-z0-9+/=\s\\>%]|-[^-])*"
    r"(?:-{4,5} ?END(?:[A-Z0-9 +]|%20)*-{4,5})?",
    r"Private-Lines: [0-9]+(?:[A-Za-z0-9+/=\s]|\\+[nr])*",
    r"AGE-SECRET-KEY-1[A-Z0-9]{20,}",
    # Cloud platforms
    r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b",
    r"\bAIza[A-Za-z0-9_-]{30,}",
    r"\bya29\.[A-Za-z0-9_-]{16,}",
    r"\bGOCSPX-[A-Za-z0-9_-]{16,}",
    r"\b1//0[A-Za-z0-9_-]{20,}",
    r"\bLTAI[A-Za-z0-9]{12,}",
    r"\b[A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,}",
    r"\b(?:dop|doo|dor)_v1_[a-f0-9]{32,}",
    r"\b(?:dapi|dose)[a-f0-9]{32}",
    # Code hosting and packages
    r"\bgh[a-z]_[A-Za-z0-9]{20,}",
    r"\bgithub_pat_[A-Za-z0-9_]{20,}",
    r"\bgl[a-z]{2,6}-[A-Za-z0-9_-]{16,}",
    r"\bATAT?T3[A-Za-z0-9_=-]{20,}",
    r"\bATBB[A-Za-z0-9_=-]{20,}",
    r"\bnpm_[A-Za-z0-9]{30,}",
    r"\bpypi-[A-Za-z0-9_-]{32,}",
    r"\brubygems_[a-f0-9]{32,}",
    r"\bdckr_(?:pat|oat)_[A-Za-z0-9_-]{16,}",
    r"\boy2[a-z0-9]{43}\b",
    # Money and shops
    r"\b(?:sk|rk)_(?:live|test|prod)_[A-Za-z0-9]{8,}",
    r"\bwhsec_[A-Za-z0-9+/=_-]{16,}",
    r"\bshp[a-z]{2}_[A-Fa-f0-9]{24,}",
    r"\bsq0[a-z]{3}-[A-Za-z0-9_-]{20,}",
    r"\bEAA[A-Za-z0-9_-]{48,}",
    # Models
    r"\bsk-[A-Za-z0-9_-]{16,}",
    r"\b(?:hf|gsk|r8|pplx|xai|tgp_v1|nvapi|fw)[_-][A-Za-z0-9_-]{24,}",
    # Talking
    r"\bxox[a-z](?:\.xox[a-z])?-[A-Za-z0-9-]{8,}",
    r"\bxapp-[A-Za-z0-9-]{10,}",
    r"\b[0-9]{6,12}:[A-Za-z0-9_-]{30,}",
    r"[0-9]{6,12}:AA[A-Za-z0-9_-]{30,}",
    r"\b[MNO][A-Za-z0-9_-]{22,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{26,}",
    r"discord(?:app)?\.com/api/(?:v[0-9]+/)?webhooks/[0-9]+/(?P<s1>[A-Za-z0-9_-]+)",
    r"hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/(?P<s2>[A-Za-z0-9_/-]+)",
    r"webhook\.office\.com/(?P<s3>[^\s\"'<>\\]+)",
    r"office\.com/webhook/(?P<s4>[^\s\"'<>\\]+)",
    r"hooks\.zapier\.com/hooks/(?P<s5>[^\s\"'<>\\]+)",
    r"maker\.ifttt\.com/trigger/[^\s/]+/(?:json/)?with/key/(?P<s6>[A-Za-z0-9_-]+)",
    r"hook\.[a-z0-9.]*make\.com/(?P<s7>[A-Za-z0-9]+)",
    # Mail and messages
    r"\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}",
    r"\bkey-[a-z0-9]{32}\b",
    r"\b[a-f0-9]{32}-[a-f0-9]{8}-[a-f0-9]{8}\b",
    r"\b[a-f0-9]{32}-us[0-9]{1,3}\b",
    r"\bmd-[A-Za-z0-9_-]{22}\b",
    r"\bx(?:keysib|smtpsib)-[a-f0-9]{32,}(?:-[A-Za-z0-9]+)?",
    r"\bre_[A-Za-z0-9]{6,12}_[A-Za-z0-9]{16,}",
    r"\b(?:SK|AC)[a-f0-9]{32}\b",
    # Running things
    r"\b(?:glsa|glc|ntn|lin_api|lin_oauth|sbp|figd|sntrys|sntryu|fo1|pscale_[a-z]+)"
    r"_[A-Za-z0-9_+/=-]{20,}",
    r"\bsecret_[A-Za-z0-9]{32,}",
    r"\bsb_secret_[A-Za-z0-9_-]{16,}",
    r"\bfm[12][a-z]?_[A-Za-z0-9+/=_-]{32,}",
    r"\bhv[sbr]\.[A-Za-z0-9_-]{20,}",
    r"\b[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{32,}",
    r"\bdp\.[a-z]{2,5}\.[A-Za-z0-9]{30,}",
    r"\bPMAK-[a-f0-9]{24}-[a-f0-9]{34}",
    r"\b(?:NRAK|NRIQ|NRJS)-[A-Za-z0-9_-]{20,}",
    r"\btskey-[a-z]+-[A-Za-z0-9-]{10,}",
    r"\bpat[A-Za-z0-9]{14}\.[a-f0-9]{32,}",
    r"\bsl\.[A-Za-z0-9_-]{60,}",
    r"\bmfs?_[A-Za-z0-9_-]{32,}",
    # Standards: JWT and JWE (RFC 7519, 7516), Authorization schemes (RFC 7617, 6750), user
    # information in URLs (RFC 3986 3.2.1)
    r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{2,}(?:\.[A-Za-z0-9_-]*){0,3}",
    r"(?i:\bbearer)[ +]{1,3}(?P<m1>[A-Za-z0-9._~+/=-]{8,})",
    r"(?i:\bbasic) {1,3}(?P<basic>[A-Za-z0-9+/_-]{6,}={0,2})",
    r"://[^\s/?#:@\"'<>\\]{0,256}:(?P<s8>[^\s/?#\"'<>\\]+)@",
    r"://(?P<m2>[^\s/?#:@\"'<>\\]{16,256})@",
    # Payment cards
    r"\b(?P<card>(?:4[0-9]{3}|5[1-5][0-9]{2}|2[2-7][0-9]{2}|6011|65[0-9]{2})"
    r"(?:[ -]?[0-9]{4}){3}|3[47][0-9]{2}[ -]?[0-9]{6}[ -]?[0-9]{5})\b",
)

# A loud name: nobody writes it before anything but a secret.
_LOUD = (
    r"pass(?:word|wd|phrase|code)s?|passwort|kennwort|contrase(?:ñ|n)a|mot[ _-]de[ _-]passe|"
    r"كلمة (?:المرور|السر)|\bpwd|_pwd|\bpw|_pw|db_?pass|smtp_?pass|\bpass|user_?pass|"
    r"api[ _-]?keys?|(?:access|private|auth|account|secret|signing|encryption|shared[ _-]?access|"
    r"subscription|master|admin|licen[cs]e|webhook|storage|function|host|hmac|ssh|aes)[ _-]?key|"
    r"(?:secret|client|shared|app|consumer|signing|webhook|api|oauth|jwt|totp|hmac)[ _-]?secret|"
    r"secret[ _-]?(?:access[ _-]?key|value)|"
    r"(?:access|refresh|id|auth|api|bearer|session|security|csrf|bot|server|account|oauth|"
    r"private|personal|device|push|user|admin|deploy)[ _-]?token|_authtoken|"
    r"session[_-]?id|sessid|credentials?|private[ _-]?key[ _-]?data"
)
# A quiet name: also an ordinary word, or the name of many other things.
_PLAIN = r"token|secret|session|otp|\bsid|[._]sid|\bsig"
_QUIET = r"token|secret|session|nonce|otp|auth|\bsig|signature|\bkey|code_verifier|cookie"

_NAME_END = r"[\"'`\\\])]{0,12}"
_SEPARATOR = r"\s{0,4}(?:=>|:=|[:=]|%3[aAdD]|&gt;|>)\s{0,4}"
_VALUE = (
    r"(?:\\{1,8}\"[^\"\n]*\"|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`[^`\n]*`|&quot;[^&\n]*|"
    r"(?:[^\s\"'`<>&\\]|\\[^nrt\"'\\])+)"
)
_NAMED = (
    # Header fields whose whole value is a secret.
    rf"authorization{_NAME_END}\s{{0,4}}[:=]\s{{0,4}}[\"'\\]{{0,2}}(?P<line1>[^\r\n\"'\\]+)",
    rf"\bcookie2?{_NAME_END}\s{{0,4}}[:=]\s{{0,4}}[\"'\\]{{0,2}}"
    r"(?P<line2>[^\s=;,\"'\\]+=[^\r\n\"\\]*)",
    # A passphrase has spaces in it.
    rf"passphrase{_NAME_END}{_SEPARATOR}(?P<line3>[^\s\"'\\][^\r\n\"'\\]*)",
    rf"(?:{_LOUD}){_NAME_END}{_SEPARATOR}(?P<loud1>{_VALUE})",
    rf"--?(?:{_LOUD}|token|secret|auth)[ =](?P<loud2>{_VALUE})",
    rf"(?:{_LOUD})\s{{1,3}}(?:is|was|ist|est|es|هي)\s{{1,3}}(?P<quiet1>{_VALUE})",
    # `token=x` and `"token": "x"` are written by programs, `token: x` may be prose.
    rf"(?:{_PLAIN})=(?P<plain1>{_VALUE})",
    rf"(?:{_PLAIN})[\"'\\]{{1,8}}\s{{0,4}}:\s{{0,4}}(?P<plain2>{_VALUE})",
    rf"(?:{_QUIET}){_NAME_END}{_SEPARATOR}(?P<quiet2>{_VALUE})",
    # Command lines and .netrc.
    rf"\blogin\s{{1,4}}\S{{1,100}}\s{{1,4}}password\s{{1,4}}(?P<loud3>{_VALUE})",
    r"(?:\s-u|--user)[ =]{1,3}[\"']?[^\s:\"']{1,100}:(?P<loud4>[^\s\"']+)",
    r"\bsshpass\s{1,3}-p\s{0,3}(?P<loud5>[^\s]+)",
)

_SHAPE = re2.compile("|".join(_SHAPES))
_NAME = re2.compile("(?i)" + "|".join(_NAMED))
_SECRET_NAME = re2.compile(rf"(?i)^(?:.*[^a-z])?(?:{_LOUD}|token|secret|cookie|authorization)$")

_HARMLESS = frozenset(
    {"", "null", "none", "nil", "true", "false", "yes", "no", "required", "optional", "undefined",
     "missing", "invalid", "wrong", "incorrect", "expired", "empty", "string", "str", "...", "…",
     "***", "****", "*****", "********", REDACTED, "[filtered]", "[hidden]"}
)  # fmt: skip
_QUOTES = "\"'`\\"
_NOT_DIGIT = re.compile(r"[^0-9]")


def redact(text: str) -> str:
    """The text with every secret in it replaced by `[redacted]`; its other words stay.

    Never raises: half a surrogate pair, which RE2 cannot read, becomes a question mark.
    """
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode()
    if _SHAPE.search(text) is not None:
        text = _SHAPE.sub(_redact_match, text)
    if _NAME.search(text) is not None:
        text = _NAME.sub(_redact_match, text)
    return text


def redact_json(value: object, depth: int = 0) -> object:
    """As `redact`, in every text of a JSON value; what stands under a secret's name goes whole.

    Keys are texts too. Deeper than 64 levels is replaced unread.
    """
    if isinstance(value, str):
        return redact(value)
    if not isinstance(value, dict | list | tuple):
        return value
    if depth >= _DEEPEST:
        return REDACTED
    if isinstance(value, dict):
        return {redact(str(k)): _redact_member(str(k), v, depth) for k, v in value.items()}
    return [redact_json(item, depth + 1) for item in value]


def _redact_member(name: str, value: object, depth: int) -> object:
    if value in (None, "", True, False) or _SECRET_NAME.search(name) is None:
        return redact_json(value, depth + 1)
    return REDACTED


def _redact_match(match: "re2._Match[str]") -> str:
    """The match with its secret group, or all of it, replaced; unchanged when it is harmless."""
    whole: str = match.group()
    name = match.lastgroup or ""
    if not name:
        return REDACTED if _is_secret_shape(whole) else whole
    secret: str = match.group(match.lastindex)
    if not _IS_SECRET[name.rstrip("0123456789")](secret):
        return whole
    start = match.start(match.lastindex) - match.start()
    return whole[:start] + _in_quotes(secret) + whole[start + len(secret) :]


def _in_quotes(secret: str) -> str:
    """Quotes around a value stay, so that JSON stays JSON."""
    bare = secret.strip(_QUOTES)
    if not bare or bare == secret:
        return REDACTED
    start = secret.index(bare)
    return secret[:start] + REDACTED + secret[start + len(bare) :]


def _is_secret_shape(text: str) -> bool:
    """`sk-` also begins words: a key of that shape has a digit in it."""
    return not text.startswith("sk-") or any(map(str.isdigit, text))


def _is_value(text: str) -> bool:
    return text.strip(_QUOTES).rstrip(".,;:!?)]}").casefold() not in _HARMLESS


def _is_plain(text: str) -> bool:
    """Counts and numbers of a line stand under such names too."""
    bare = text.strip(_QUOTES).rstrip(".,;:!?)]}")
    return _is_value(text) and not (bare.isdigit() and len(bare) < 5)


def _looks_made(text: str) -> bool:
    """Long and mixed, as machines make it; words, dates and numbers of people are not."""
    bare = text.strip(_QUOTES).rstrip(".,;:!?)]}")
    letters = sum(map(str.isalpha, bare))
    digits = sum(map(str.isdigit, bare))
    if len(bare) >= 20 and " " not in bare and (digits or bare != bare.lower()):
        return True
    return len(bare) >= 6 and letters > 1 and digits > 0 and " " not in bare


def _is_basic(text: str) -> bool:
    """RFC 7617: the base64 of `user:password`; "basic functions" is not."""
    try:
        return b":" in b64decode(text + "=" * (-len(text) % 4), altchars=b"-_")
    except (binascii.Error, ValueError):
        return False


def _is_card(text: str) -> bool:
    """ISO/IEC 7812-1, annex B: the Luhn sum."""
    digits = [int(digit) for digit in reversed(_NOT_DIGIT.sub("", text))]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


_IS_SECRET = {
    "s": lambda text: True,
    "line": _is_value,
    "loud": _is_value,
    "m": _looks_made,
    "plain": _is_plain,
    "quiet": _looks_made,
    "basic": _is_basic,
    "card": _is_card,
}
