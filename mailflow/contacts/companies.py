"""Pure: which company an address belongs to, and which addresses are nobody's."""

import re

from mailflow.lib.addresses import address_of

# Providers where anybody has an address: the domain says nothing of a company.
FREE_MAIL = frozenset(
    """
    aol.com att.net bellsouth.net btinternet.com comcast.net cox.net duck.com earthlink.net
    fastmail.com fastmail.fm free.fr freenet.de gmail.com googlemail.com gmx.at gmx.ch gmx.com
    gmx.de gmx.net hey.com hotmail.co.uk hotmail.com hotmail.de hotmail.fr hotmail.it
    hushmail.com icloud.com inbox.ru laposte.net libero.it list.ru live.co.uk live.com live.de
    live.fr mac.com mail.com mail.de mail.ru maktoob.com me.com msn.com naver.com orange.fr
    outlook.com outlook.de outlook.fr outlook.sa pm.me posteo.de proton.me protonmail.com qq.com
    rambler.ru rediffmail.com rocketmail.com sbcglobal.net seznam.cz sfr.fr sky.com t-online.de
    talktalk.net tuta.com tutanota.com ukr.net uol.com.br verizon.net virginmedia.com wanadoo.fr
    web.de wp.pl ya.ru yahoo.ca yahoo.co.in yahoo.co.jp yahoo.co.uk yahoo.com yahoo.com.br
    yahoo.de yahoo.es yahoo.fr yahoo.it yandex.com yandex.ru ymail.com zoho.com 126.com 163.com
    """.split()
)
# Second labels under which names are sold: example.co.uk is a company, co.uk is not.
_SOLD_UNDER = frozenset({"ac", "co", "com", "edu", "gov", "net", "nhs", "or", "org", "sch"})
# A return path that names its recipient (VERP), a signed one (BATV, SRS): never a person.
_RETURN_PATH = re.compile(
    r"prvs=|srs[01][=+-]|msprvs1=|btv1==|bounces?[+-]|.*[+-][^@]*=[^@]*\.[^@]*@", re.IGNORECASE
)


def contact_address(address: str) -> str | None:
    """The address a contact is known by; None for an empty, malformed or return-path address."""
    plain = address_of(address)
    return None if plain is None or _RETURN_PATH.match(plain) else plain


def company_of(address: str) -> str:
    """A name for the company behind an address, by its domain; "" for free mail."""
    domain = address.rpartition("@")[2].lower()
    if not domain or domain in FREE_MAIL or "." not in domain:
        return ""
    labels = domain.split(".")
    if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SOLD_UNDER:
        return ".".join(labels[-3:])
    return ".".join(labels[-2:])
