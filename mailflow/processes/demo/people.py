"""Pure: what people write to the demonstration."""

import base64

from mailflow.processes.demo.compose import BILLING, ORDERS, SUPPORT, Story, compose


def question() -> Story:
    """A customer asks."""
    return compose(
        "nora@rivermill.example",
        "Nora Lind",
        [SUPPORT],
        "Order 48213 has not arrived",
        """
        Hello,

        I ordered a desk lamp nine days ago (order 48213) and the tracking page has not moved
        since Thursday. Could you find out where it is?

        Kind regards
        Nora
        """,
        id="demo-order-48213",
    )


def reply() -> Story:
    """The customer adds to the question: it joins the same ticket."""
    return compose(
        "nora@rivermill.example",
        "Nora Lind",
        [SUPPORT],
        "Re: Order 48213 has not arrived",
        """
        One more thing: I am away from Friday on, so a neighbour would have to take it.

        Nora

        On Tuesday, Nora Lind wrote:
        > I ordered a desk lamp nine days ago (order 48213) and the tracking page has not moved
        > since Thursday. Could you find out where it is?
        """,
        headers="In-Reply-To: <demo-order-48213@rivermill.example>\n"
        "References: <demo-order-48213@rivermill.example>\n",
        id="demo-order-48213-reply",
    )


def stranger_in_the_thread() -> Story:
    """Points at Nora's conversation without taking part in it: held for a person."""
    return compose(
        "parcels@quickcourier.example",
        "Quick Courier",
        [SUPPORT],
        "Re: Order 48213 has not arrived",
        """
        Good afternoon, the parcel is in our depot. Please tell us the new address.
        """,
        headers="References: <demo-order-48213@rivermill.example>\n",
        id="demo-courier",
    )


def arabic() -> Story:
    """A question in Arabic, written from right to left."""
    return compose(
        "layla@alnoor.example",
        "ليلى منصور",
        [SUPPORT],
        "استفسار عن فاتورة شهر أكتوبر",
        """
        السلام عليكم،

        وصلتني فاتورة شهر أكتوبر مرتين بالمبلغ نفسه. هل يمكنكم التحقق من ذلك وإلغاء إحداهما؟
        رقم العميل: 7741

        مع الشكر،
        ليلى منصور
        """,
        id="demo-invoice-ar",
    )


def german() -> Story:
    """To a plus-address of the inbox."""
    return compose(
        "jörg.weiß@bäckerei-weiß.example".replace("ö", "oe").replace("ß", "ss").replace("ä", "ae"),
        "Jörg Weiß",
        [f"{SUPPORT.replace('@', '+rechnung@')}"],
        "Rückfrage zur Lieferung nächste Woche",
        """
        Guten Tag,

        können Sie die Lieferung von Montag auf Mittwoch verschieben? Am Montag ist bei uns
        geschlossen.

        Viele Grüße
        Jörg Weiß
        """,
        id="demo-delivery-de",
    )


def statement() -> Story:
    """With a file."""
    boundary = "=_demo_attachment"
    table = "date;order;amount\n2026-10-01;48190;129.00\n2026-10-03;48213;59.90\n"
    return compose(
        "accounts@northwind-books.example",
        "Northwind Books, Accounts",
        [BILLING],
        "Statement for October",
        f"""
        --{boundary}
        Content-Type: text/plain; charset=utf-8

        Please find the statement for October attached.

        --{boundary}
        Content-Type: text/csv; name="statement-2026-10.csv"
        Content-Disposition: attachment; filename="statement-2026-10.csv"
        Content-Transfer-Encoding: base64

        {base64.b64encode(table.encode()).decode()}

        --{boundary}--
        """,
        type=f'multipart/mixed; boundary="{boundary}"',
        id="demo-statement",
    )


def two_recipients() -> Story:
    """To two of our addresses: one message, two arrivals."""
    return compose(
        "amélie@atelier-bleu.example".replace("é", "e"),
        "Amélie Laurent",
        [SUPPORT, BILLING],
        "Changement d'adresse de facturation",
        """
        Bonjour,

        nous avons déménagé. Merci d'envoyer les factures au 12, rue des Lilas, 31000 Toulouse.

        Amélie Laurent
        """,
        id="demo-address-fr",
    )


def shop_order() -> Story:
    """To an address that only a catch-all serves."""
    return compose(
        "hana@kissaten.example",
        "佐藤 花",
        [ORDERS],
        "注文番号 5512 の領収書について",
        """
        お世話になっております。

        注文番号5512の領収書を会社名義で再発行していただけますか。

        佐藤
        """,
        id="demo-receipt-ja",
    )


def spoofed_bank() -> Story:
    """The header From names a bank, the envelope somebody else; no domain stands behind it."""
    _sender, recipients, content = compose(
        "security@first-national-bank.example",
        "First National Bank",
        [SUPPORT],
        "Your account will be closed today",
        """
        Dear customer,

        confirm your details within 24 hours: http://first-national-bank.example.login.bad.example/
        """,
        headers="Reply-To: <claims@bad.example>\n"
        "Authentication-Results: mx.bad.example; dmarc=pass header.from="
        "first-national-bank.example\n",
        id="demo-phishing",
    )
    return "x7@bad.example", recipients, content
