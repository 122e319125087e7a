"""Rules by language: the language of a help desk's mail is told, and a doubtful one is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailflow.mail.language import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hello, where is my order? I have been waiting for it.", "en"),
        ("Wo ist meine Bestellung? Ich warte noch auf das Paket.", "de"),
        ("Bonjour, où est ma commande ? Merci pour votre aide.", "fr"),
        ("Hola, ¿dónde está mi pedido? Gracias por su ayuda.", "es"),
        ("Buongiorno, dove è il mio ordine? Grazie.", "it"),
        ("Olá, onde está a minha encomenda? Não tenho notícias.", "pt"),
        ("Hallo, waar is mijn bestelling? Ik heb het niet gekregen.", "nl"),
        ("Hej, var är mitt paket? Jag har inte fått det.", "sv"),
        ("Dzień dobry, gdzie jest mój pakiet? Nie mam go.", "pl"),
        ("Merhaba, siparişim nerede? Çok teşekkürler.", "tr"),
        ("أين طلبي من فضلك؟", "ar"),
        ("سفارش من کجاست لطفا؟", "fa"),
        ("میرا آرڈر کہاں ہے؟", "ur"),
        ("איפה ההזמנה שלי?", "he"),
        ("Где мой заказ? Вы обещали.", "ru"),
        ("Де моє замовлення? Ви обіцяли.", "uk"),
        ("Πού είναι η παραγγελία μου;", "el"),
        ("订单在哪里？", "zh"),
        ("注文はどこですか？", "ja"),
        ("제 주문은 어디에 있나요?", "ko"),
        ("", ""),
        ("OK", ""),
        ("12345 :-) https://example.org", ""),
    ],
)
def test_the_language_of_a_text(text: str, language: str) -> None:
    assert language_of(text) == language


@given(st.text())
def test_any_text_has_a_language_or_none(text: str) -> None:
    assert len(language_of(text)) in (0, 2)
