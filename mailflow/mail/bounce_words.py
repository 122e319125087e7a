"""The words by which the delivery reports of mail systems are known, in many languages. Pure.

All in lower case, as they begin. Whoever adds one adds the system's name where it has one.
"""

import re

from mailflow.lib.phrases import phrases

DAEMONS = phrases(
    """
mailerdaemon | maildaemon | mailerdeamon | mdaemon | mailsystem | maildeliver | mmdf | smtpdaemon
"""
)
"""How the mailbox and display names begin, letters only, of nothing but mail systems."""

POSTMASTERS = phrases(
    """
postmaster | poostmaster | systemadministrator | administrator | mailadmin | mailgateway
mailserver | microsoftexchange | microsoftoutlook | internetmaildelivery | interscan | mailmarshal
"""
)
"""How the names begin under which mail systems write, but people too."""

ROBOTS = ("noreply", "donotreply", "nepasrepondre", "nichtantworten", "noresponder", "notify")
"""How the mailbox names of programs begin, letters only."""

BOUNCE_SUBJECTS = phrases(
    """
# English
undeliver | undelievered | unable to deliver | could not deliver | delivery status
delivery failure | delivery failed | delivery has failed | delivery notification | delivery report
delivery problem | delivery error | delivery delay | delivery unsuccessful | delayed mail
delayed: | permanent delivery failure | mail delivery | mail delivered | mail failure | mail error
mail system error | mail status report | mail could not be | mail not delivered
mail undeliverable | mail returned | mail delayed | mail rejected | email delivery failure
email could not be | [postmaster] email delivery | message delivery | message undeliverable
message not delivered | message delayed | message status
message could not be delivered | message you sent blocked
**message you sent blocked | warning: could not send | warning--could not send | warning: message
warning - delayed mail | returned mail | returned email | returned to sender | return to sender
return receipt | rejected mail | rejected: | failure notice | failure delivery
failure to deliver | failed mail | failed delivery | nondeliverable | non-delivery | non delivery
nondelivery | not delivered | postmaster notify | postfix smtp server: errors
considered unsolicited bulk | there was an error sending your mail
sorry, your message could not be delivered | your message was not delivered
your message wasn't delivered | your message could not be delivered
your message couldn't be delivered | your email could not be delivered
your mail could not be delivered | address not found | user unknown | unknown user
unknown recipient | notification d'état de remise | dsn: | ndn: | ndr:
successful mail delivery report | loop alert | wrong email address | mail failed, returning
error sending message | (work) failed mail
problem delivering | cannot deliver | can't deliver | email not delivered
# German
unzustellbar | nicht zustellbar | nachricht unzustellbar | fehler bei der zustellung
zustellung fehlgeschlagen | zustellung verzögert | fehlgeschlagene zustellung
übermittlung fehlgeschlagen | rückläufer | unzustellbare nachricht | mail konnte nicht
warnung: nachricht
# French
non remis | non distribu | non délivr | échec de la remise | échec de remise | echec de la remise
échec de distribution | message non distribu | message non remis | message non délivr
courrier non | notification d'échec | remise différée | retour de courrier | avis de non remise
# Spanish, Catalan, Portuguese, Italian, Romanian
no se puede entregar | no se ha podido entregar | no entregad | no se entreg | correo no entregado
correo devuelto | devolución de correo | error de entrega | fallo en la entrega | fallo de entrega
mensaje no entregado | entrega fallida | entrega retrasada | notificación de estado de entrega
notificació de l'estat | no es pot lliurar | não entregue | não foi possível entregar
falha na entrega | falha de entrega | erro na entrega | mensagem não entregue
não é possível entregar | notificação de status de entrega | notificação de estado de entrega
devolução de | non recapitabile | non consegnat | impossibile recapitare | mancata consegna
mancato recapito | messaggio non recapitabile | errore di consegna | avviso di mancata consegna
avviso: mancata consegna | anomalia messaggio | notifica sullo stato di consegna | nelivrabil
mesaj nelivrat | netransmis
# Dutch, Scandinavian, Finnish
onbestelbaar | niet te bezorgen | niet bezorgd | kan niet worden bezorgd | bezorging mislukt
melding van mislukte | mislukte bezorging | kan ikke leveres | kunne ikke leveres
kan inte levereras | går inte att leverera | gick inte att leverera | olevererbart | ikke leveret
ikke levert | kunne ikke levere | leveringsfejl | leveransfel | leveringsfeil | ej levererbart
viestiä ei voi toimittaa | ei voida toimittaa | toimitus epäonnistui | toimittamaton
# Slavic, Baltic, Hungarian, Greek, Turkish
недоставлен | не доставлено | не удалось доставить | не удается доставить | невозможно доставить
ваше сообщение не доставлено | ошибка доставки | сбой доставки | возврат письма
уведомление о недоставке | отчет о доставке | не вдалося доставити | неможливо доставити
не доставлен | niedostarczon | nie dostarczono | niedostarczalne | nie można dostarczyć
zwrot poczty | zwrot wiadomości | nieudane dostarczenie | błąd dostarcz | nedoručiteln | nedoručen
nelze doručit | nie je možné doručiť | nedoručiteľn | neisporuč | nije moguće isporučiti
nedostavljiv | ni mogoče dostaviti | kézbesíthetetlen | nem kézbesíthető | sikertelen kézbesítés
αδυναμία παράδοσης | δεν είναι δυνατή η παράδοση | μη παραδοτέο | αποτυχία παράδοσης
teslim edilemedi | teslim edilemeyen | teslim edilemez | iletilemedi | iletilemeyen
teslimat hatası
# Arabic, Persian, Hebrew
تعذر التسليم | تعذّر التسليم | تعذر تسليم | غير قابل للتسليم | لم يتم التسليم | لم يتم تسليم
فشل التسليم | فشل تسليم | فشل في تسليم | إشعار حالة التسليم | إخطار بحالة التسليم | رسالة مرتجعة
غیرقابل تحویل | غیر قابل تحویل | تحویل ناموفق | تحویل داده نشد | عدم تحویل | اعلان وضعیت تحویل
לא ניתן למסור | לא נמסר | הודעה שלא נמסרה | כשל במסירה
# Chinese, Japanese, Korean, Vietnamese, Thai, Indonesian, Hindi
无法送达 | 無法傳遞 | 无法投递 | 無法投遞 | 無法傳送 | 未送达 | 未送達 | 未传递 | 未傳遞
邮件退回 | 郵件退回 | 系统退信 | 系統退信 | 退信 | 投递失败
投遞失敗 | 发送失败 | 傳送失敗 | 邮件投递失败 | 邮件无法 | 配信不能 | 配信できません
配信エラー | 配送エラー | 配達不能 | メールエラー
送信エラー | 送信できません | エラーメール | メール配信 | 未配信 | 不達 | 배달되지 | 배달하지 못
배달할 수 없 | 전송 실패 | 반송 | 배달 실패 | 발송 실패
không gửi được | không thể gửi | không thể phân phối | ส่งไม่สำเร็จ | ไม่สามารถส่ง
tidak terkirim | gagal mengirim | tidak dapat dikirim | tak dapat dihantar | वितरण विफल
"""
)
"""How the subjects of delivery reports begin."""

DELAY_SUBJECT = re.compile(
    r"\bdelay|\bwarning\b|still being retried|verzögert|différé|retras|atras|vertraag"
    r"|задерж|遅|延",
    re.IGNORECASE,
)

BOUNCE_TEXT = re.compile(
    # A message that did not arrive, not a parcel.
    r"(?:e-?mail|message|delivery)\b[^.!?]{0,120}\b(?:not|n.t)\s+(?:yet\s+)?(?:be(?:en)?\s+)?(?:able\s+to\s+)?"
    r"(?:successfully\s+)?(?:sent|deliver|accept|distribut)"
    r"|not\s+(?:be\s+)?(?:delivered\s+to|reach)\b[^.\n]{0,40}(?:recipient|address|:)"
    r"|(?:e-?mail|message)s?\b[^.!?]{0,60}(?:undeliver|non-?deliver|is\s+delayed|has\s+been\s+delayed)"
    r"|undeliverable\s+(?:e?-?mail|message|to)|delivery\s+status\s+notification"
    r"|deliver(?:y|ing)\b[^.!?]{0,60}(?:recipient|address|message|mail)[^.!?]{0,60}(?:fail|delay|error)"
    r"|(?:error|unable|trouble|failed|problem|fail(?:ed)?)\s+(?:to\s+)?(?:in\s+)?(?:deliver|send)\w*\s[^.]{0,30}"
    r"(?:mail|message)"
    r"|following\s+(?:recipient|address)(?:e?s)?\b[^.\n]{0,30}(?:error|problem|rejected|fail"
    r"|not\s+re(?:ceive|ach))"
    r"|(?:mailbox|quota)\s+(?:is\s+)?(?:full|exceed)|delivery\s+failure|could\s+not\s+be\s+delivered\b[^.]{0,20}:"
    r"|transcript\s+of\s+(?:the\s+)?session|permanent\s+fatal\s+error|returned\s+mail"
    r"|(?:qmail-send|mail\s+system|mailer|mail\s+delivery\s+software)\b[^.]{0,40}\bat\b"
    r"|final-recipient\s*:|duplicated\s+message-id|mail\s?loop"
    # What a server said: 550 5.1.1, 554 Service currently unavailable, (#5.1.1)
    r"|(?:^|[\s:<(])[45]\d\d[ -](?:#?[45]\.\d{1,3}\.\d{1,3}\b|[^\n]{0,60}\b(?:user|mailbox"
    r"|recipient|relay|address|account|service|host|sender|domain)\b)|#[45]\.\d{1,3}\.\d{1,3}"
    r"|unzustellbar|nicht\s+(?:zugestellt|zustellbar)|non\s+(?:remis|distribu|délivr)|n.a\s+pas\s+pu\s+être\s+"
    r"(?:remis|distribu|délivr|envoy|transmis)|no\s+se\s+(?:ha\s+)?(?:pudo|podido|puede)\s+entregar"
    r"|não\s+(?:foi\s+possível|pôde\s+ser|pode\s+ser)\s+entreg|non\s+(?:è\s+stato\s+)?(?:recapitabil|consegnat)"
    r"|niet\s+(?:worden\s+)?(?:bezorgd|afgeleverd)|onbestelbaar|kunde\s+inte\s+levereras|kunne\s+ikke\s+leveres"
    r"|не\s*доставлен|не\s+(?:удалось|удается)\s+доставить|не\s+может\s+быть\s+доставлен|не\s+вдалося\s+доставити"
    r"|nie\s+(?:została|można)\s+dostarcz|nelze\s+doručit|teslim\s+edilem|kézbesíthet|αδυναμία\s+παράδοσης"
    r"|تعذ.?ر\s+(?:ال)?تسليم|لم\s+يتم\s+تسليم|فشل\s+(?:ال)?تسليم|تحویل\s+داده\s+نشد|לא\s+ניתן\s+למסור"
    r"|无法(?:送达|投递)|無法(?:傳遞|投遞|送達)|退信|配信(?:でき|不能|されま)|送信でき|届けられ|배달(?:되지|하지|할\s*수)",
    re.IGNORECASE | re.MULTILINE,
)
"""What the text of a delivery report says somewhere near its beginning."""

RETURNED_HEADERS = re.compile(
    r"^[\s>]{0,8}(?:received|return-path|message-id|rcpt\s+to|mail\s+from)\s?:",
    re.IGNORECASE | re.MULTILINE,
)
"""Headers of the message that came back, or the words of the session that was refused."""
