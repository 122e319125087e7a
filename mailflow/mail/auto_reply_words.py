"""The words by which automatic replies are known, in many languages. Pure."""

import re

from mailflow.lib.phrases import phrases

AUTO_REPLY_SUBJECTS = phrases(
    """
# English
automatic reply: | automatic response: | automatic reply from | automated reply:
automated response: | automatically generated response | auto reply: | auto-reply:
autoreply: | auto response: | auto-response: | autorespons | auto-réponse
auto respond | [auto-reply] | [auto reply] | [autoreply] | (auto-reply) | out of office:
out of office re: | out of office - | out of office autoreply | out-of-office:
out of the office: | out of the office re: | ooo: | ooto:
vacation reply | vacation response | holiday reply
this is a recorded message | canned reply
# German, Dutch, Scandinavian, Finnish
abwesenheitsnotiz | automatische antwort | automatische rückantwort
abwesenheitsnachricht | abwesenheitsmeldung | automatisch antwoord
automatisch bericht | afwezigheidsbericht | autosvar | automatiskt svar
automatisk svar | fraværsmelding | frånvaromeddelande
automaattinen vastaus | poissaoloilmoitus | automatvastus
# French, Spanish, Portuguese, Italian, Catalan, Romanian
réponse automatique | reponse automatique | réponse d'absence | message d'absence
respuesta automática
respuesta automatica | fuera de la oficina: | fuera de oficina: | resposta automática
resposta automàtica | resposta automatica
risposta automatica | messaggio di assenza | răspuns automat
raspuns automat
# Slavic, Baltic, Hungarian, Greek, Turkish
автоответ | автоматический ответ | автоматическое уведомление
автоматична відповідь | автовідповідь | автоматичен отговор | аутоматски одговор
odpowiedź automatyczna | autoodpowiedź | automatyczna odpowiedź
automatická odpověď | automatická odpoveď | automatski odgovor
samodejni odgovor | automātiskā atbilde | automatinis atsakymas | automatikus válasz
αυτόματη απάντηση | otomatik yanıt | otomatik cevap
# Arabic, Persian, Urdu, Hebrew
رد تلقائي | الرد التلقائي | رد آلي | الرد الآلي | رد تلقائى
پاسخ خودکار | پاسخ اتوماتیک | جواب خودکار
خودکار جواب | מענה אוטומטי | תשובה אוטומטית
# Chinese, Japanese, Korean, Vietnamese, Thai, Indonesian, Hindi
自动回复 | 自動回覆 | 自动答复 | 自動答覆 | 自動応答 | 自動返信
자동 회신 | 자동회신
자동 응답 | 자동응답 | trả lời tự động | thư trả lời tự động | ตอบกลับอัตโนมัติ
การตอบกลับอัตโนมัติ | balasan otomatis | jawaban otomatis | balasan automatik | स्वचालित उत्तर
স্বয়ংক্রিয় উত্তর
"""
)
"""How the subjects of automatic replies begin."""

ABSENCE = re.compile(
    r"out\s+of\s+(?:the\s+)?office|(?:annual|maternity|parental|sick|on)\s+(?:leave|vacation|holiday)"
    r"|away\s+from\s+(?:my|the)\s+(?:desk|office|mail|email)|\bvacation\b|^(?:away|auto)\s*:"
    r"|auto-?\s?(?:reply|response|responder)|(?:automatic|automated)\s+(?:reply|response|message)"
    r"|no\s+longer\s+(?:with|works?|employed|in\s+use)|limited\s+access\s+to\s+(?:my\s+)?e-?mail"
    r"|received\s+your\s+(?:e-?mail|message|request|inquiry)"
    r"|nicht\s+im\s+(?:büro|hause)|abwesen|im\s+urlaub|außer\s+haus|afwezig|vakantie|ikke\s+til\s+stede"
    r"|fravær|frånvar|på\s+semester|poissa|lomalla|\babsent\b|mon\s+absence|absence\s+du|en\s+congé|fuera\s+de\s+(?:la\s+)?oficina|\bausente\b"
    r"|de\s+vacaciones|fora\s+do\s+escrit|de\s+férias|fuori\s+(?:sede|ufficio)|in\s+ferie|assente|assenza"
    r"|отпуск|отсутств|вне\s+офиса|відпуст|urlop|nieobecn|poza\s+biurem|dovolen|mimo\s+kancel|szabadság"
    r"|házon\s+kívül|εκτός\s+γραφείου|izinde|ofis\s+dışında|خارج\s+(?:ال)?مكتب|إجازة|اجازة|مرخصی"
    r"|خارج\s+از\s+(?:دفتر|محل)|מחוץ\s+למשרד|חופשה|休假|外出|不在|休暇|부재|휴가",
    re.IGNORECASE | re.MULTILINE,
)
"""Words of absence, looked for only where the headers already say that a program wrote."""
