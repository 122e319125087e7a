"""The words by which mail systems have told of failure since long before RFC 3464. Pure.

Senders are told by their address, reports by subject and text. No single sign decides: see
`classify`. Each table is one alternation; bounded gaps keep the matching linear.
"""

import re

# Who never writes anything but reports.
DAEMON = re.compile(
    r"(?:mailer|mail|smtp|delivery|bounce)[-_. ]?daemon|mail[-_.]?delivery(?:[-_.]?(?:sub)?system)?"
    r"|bounces?|mdaemon|double-bounce|daemon"
)
# Who answers for a mail system, and writes its reports among other things.
POSTMASTER = re.compile(r"poo?st[-_.]?master|mail[-_.]?master|mail[-_.]?system")
ADMINISTRATOR = re.compile(
    r"mail[-_.]?admin|root|system|administrator|hostmaster|.{1,60}[-_.]admin|mta|smtp|antispam"
)
NO_REPLY = re.compile(r"(?:no|do[-_.]?not)[-_.]?reply.{0,40}")
DAEMON_NAME = re.compile(
    r"mailer?[- ]?daemon|mail delivery|^delivery (?:sub)?system|delivery subsystem"
    r"|mail (?:sub)?system|system ?administrator|content[- ]filter|returned mail|message router"
    r"|postmaster|internet mail|mail administrator|smtp gateway|mail gateway|interscan|mailmarshal",
    re.IGNORECASE,
)

_SUBJECTS = (
    "undeliver",
    "non-?deliver(?:y|able)",
    r"\bnot? deliver",
    r"\bn?ndr?n?:",
    r"delivery[ :_-]{1,3}(?:status|failure|failed|error|problem|unsuccessful|notification|report)",
    "delivery (?:has|delayed|notice|incomplete)",
    "fail(?:ed|ure)[ :_-]{1,3}(?:notice|notification|delivery|mail|to deliver|to send|report)",
    "(?:mail|message|e-?mail|sending|transmission)[ :_-]{1,3}(?:system )?(?:failure|failed|error)",
    "return(?:ed|ing)? (?:e-?mail|message|to sender|mail)",
    "(?:mail|message) (?:was )?(?:returned|rejected|refused|blocked|bounced|undelivered)",
    "(?:you sent|your message|from you|your mail).{0,20}(?:blocked|rejected|not|failed)",
    "(?:unable|failed|cannot|can't|could ?n.t|could not) (?:to )?(?:send|deliver|be sent)",
    "(?:could not|couldn't|wasn't|was not|not) (?:be )?(?:sent|delivered)",
    "delayed mail|mail delayed|(?:message|mail) .{0,40}delayed|still being retried",
    "mail (?:system|delivery|service) error|error sending|sending your mail",
    "user unknown|unknown (?:user|recipient|address|host)|no such user|mailbox (?:full|unavail)",
    "(?:malformed|invalid|bad|rejected) (?:recipient|address)|recipient (?:rejected|unknown)",
    "considered (?:unsolicited|spam)|(?:banned|infected|virus|spam).{0,30}from you",
    "bounced? (?:mail|message)|mail bounce|loop (?:alert|back warning|detected)|mail loop",
    "(?:not member|reject mail|ignored not ml|fml system error)|postmaster notify",
    "nicht zugestellt|unzustellbar|zustellung .{0,20}(?:fehlgeschlagen|verzögert)",
    "non (?:recapitabile|remis|délivr|distribu|consegnat)|échec (?:de )?(?:la )?(?:remise|distrib)",
    "mancat[ao] (?:consegna|recapito)|impossibile recapitare|messaggio non recapitato",
    "no se (?:puede|pudo|ha podido) entregar|no entregado|(?:error|fallo) (?:de|en la) entrega",
    "não (?:foi )?(?:possível )?entreg|falha na entrega|onbestelbaar|niet (?:te )?bezorg",
    "niedostarcz|nie doręczon|nedoruč|doručení selhalo|kunde inte levereras|kunne ikke levere",
    "недоставлен|не доставлен|не удалось доставить|сбой доставки|возвращен",
    "メールエラー|エラー通知|配信不能|配信できません|未達|送信できません|配信エラー|送信エラー|送達できません",
    "退信|退回|投递失败|投遞失敗|無法(?:傳遞|遞送|傳送)|无法(?:投递|送达)|未送達|未能送达",
    "배달(?:되지| 실패)|전송 실패|반송|teslim edilemedi|iletilemedi|không gửi được|gagal dikirim",
    "تعذر (?:ال)?تسليم|فشل (?:في )?(?:ال)?تسليم|لم يتم (?:ال)?تسليم|تحویل داده نشد|לא ניתן למסירה",
)
SUBJECT = re.compile("|".join(_SUBJECTS), re.IGNORECASE)
"""The subject tells of a failed or late delivery."""

_FAILED = "failed|failure|error|impossible|unsuccessful|aborted|cancelled|delayed|suspended"
_WHO = "user|recipient|mailbox|address|account|domain|host|alias"
_IS_BAD = (
    "unknown|does not exist|doesn't exist|not (?:found|exist|known|listed|accept|valid|local)"
    "|invalid|rejected|refused|disabled|unavailable|inactive|suspended|full|over ?quota|could not"
)
_TEXTS = (
    "(?:could|can|was|were|would|did) ?(?:not|n't)(?: be)? (?:deliver|transmi|sen[td]|relay|reach)",
    "(?:could|can|was|were|would|did) ?(?:not|n't)(?: be)? (?:accept|process|complet)",
    "(?:failed|unable|impossible|failure)(?: while)? (?:to|in) (?:deliver|send|relay|connect)",
    rf"deliver(?:y|ing|ed)?\b.{{0,60}}\b(?:{_FAILED})|undeliver|non-deliver|not deliver",
    "(?:message|mail).{0,60}(?:returned|bounced|rejected|refused|blocked|discarded|not reach)",
    "permanent (?:fatal )?(?:error|failure)|fatal error|giving up|given up|gave up|final-recipient",
    rf"(?:{_WHO})s?.{{0,40}}(?:{_IS_BAD})",
    f"(?:no such|unknown|invalid|unrout[ea]+ble|bad|illegal|nonexistent) (?:{_WHO}|person|local)",
    "(?:quota|disk ?space|storage|size|mailbox).{0,30}(?:exceed|full|over|limit)",
    r"\b[45]\d\d[ -]#?[45]\.\d{1,2}\.\d{1,3}\b|\b(?:RCPT TO|MAIL FROM|DATA)\b.{0,80}\b[45]\d\d\b",
    r"(?:said|replied|responded|reply|response|remote host|diagnostic).{0,80}\b[45]\d\d\b",
    "transcript of|retry time|too many hops|mail loop|loop(?:ing)? detected|relay(?:ing)? denied",
    "copy of (?:the|your) (?:message|mail)|original message (?:follows|headers|was|is)",
    "considered (?:unsolicited|spam)|duplicated message-?id|(?:spam|content) filter",
    "error sending your|sorry, (?:I|we|your|no|that)|returned message",
    "配信|送信できません|宛先|送れません|受信拒否|エラー|退信|投递|не удалось|не может быть",
    "nicht zugestellt|n'a pas (?:pu|été)|no se (?:pudo|ha podido)|non è stato|niet bezorgd",
)
TEXT = re.compile("|".join(_TEXTS), re.IGNORECASE)
"""The text speaks as reports of failure do; so does much other mail."""

REPLY_CODE = re.compile(r"\b[45]\d\d[ -]")
"""A refusal of RFC 5321 4.2 in the text."""

RETURNED = re.compile(
    r"^[> \t|]*(?:Received: (?:from|by|\(qmail)|Return-Path: ?<|Message-I[Dd]: ?<|X-Mailer: )",
    re.MULTILINE,
)
"""The text holds the headers of another message."""

FORWARDED = re.compile(
    r"^[> \t|]*From: .{0,60}(?:mailer-daemon|postmaster@|mail delivery)", re.I | re.M
)
"""The text holds a report that someone forwarded."""
