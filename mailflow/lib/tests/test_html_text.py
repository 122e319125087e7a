"""HTML as a reader sees it: lines, lists, quotes; and nothing of what is hidden."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailflow.lib.html_text import text_of_html
from mailflow.lib.tests.effort import cpu_seconds_under


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Hi <b>there</b>\n  you<p>Two", "Hi there you\n\nTwo\n"),
        ("a<br>b<div>c</div>d", "a\nb\nc\nd\n"),
        ("<ul><li>a<li>b</ul><ol><li>x<li>y</ol>", "- a\n- b\n\n1. x\n2. y\n"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</table>", "a \tb\nc\n"),
        ("<pre>a\n  b</pre>c", "a\n  b\n\nc\n"),
        ("x<blockquote>y<blockquote>z</blockquote></blockquote>", "x\n\n> y\n>\n> > z\n"),
        ("&lt;b&gt; &amp;amp; &eacute;", "<b> &amp; é\n"),
        ("<img alt=Logo src=x>y", "[Logo]y\n"),
        ("<title>t</title><style>s</style><script>x</script>y", "y\n"),
        ("", ""),
        ("<p> </p>", ""),
    ],
)
def test_text_reads_as_the_page_does(html: str, text: str) -> None:
    made = text_of_html(html)
    assert (made.text, made.hidden) == (text, False)


@pytest.mark.parametrize(
    "html",
    [
        "<div style='display:none'>SECRET</div>seen",
        "<div style='DISPLAY : NONE !important'>SECRET</div>seen",
        "<div style='dis\\70lay:none'>SECRET</div>seen",
        "<div style='display:/**/none'>SECRET</div>seen",
        "<div hidden>SECRET</div>seen",
        "<div style='display:none'><p>a <b>SECRET</b></p></div>seen",
        "<span style='visibility:hidden'>SECRET</span>seen",
        "<span style='opacity:0'>SECRET</span>seen",
        "<span style='opacity:.01'>SECRET</span>seen",
        "<span style='font-size:0'>SECRET</span>seen",
        "<span style='font-size:1px'>SECRET</span>seen",
        "<span style='font:0/0 a'>SECRET</span>seen",
        "<span style='font-size:0.01em'>SECRET</span>seen",
        "<span style='color:#fff'>SECRET</span>seen",
        "<span style='color:#fefefe'>SECRET</span>seen",
        "<span style='color:rgb(255,255,255)'>SECRET</span>seen",
        "<span style='color:transparent'>SECRET</span>seen",
        "<span style='color:rgba(0,0,0,0)'>SECRET</span>seen",
        "<font color=white>SECRET</font>seen",
        "<font color=ffffff>SECRET</font>seen",
        "<div style='background:#000;color:black'>SECRET</div>seen",
        "<table bgcolor=black><td><font color=black>SECRET</font></table>seen",
        "<div style='max-height:0;overflow:hidden'>SECRET</div>seen",
        "<div style='width:1px;height:1px;overflow:hidden'>SECRET</div>seen",
        "<div style='position:absolute;left:-9999px'>SECRET</div>seen",
        "<div style='text-indent:-9999px'>SECRET</div>seen",
        "<div style='mso-hide:all'>SECRET</div>seen",
        "<div style='clip-path:inset(100%)'>SECRET</div>seen",
        "<div style='transform:scale(0)'>SECRET</div>seen",
        "<style>.x{display:none}</style><div class='y x'>SECRET</div>seen",
        "<style>p.x, #y{font-size:0px}</style><div id=y>SECRET</div>seen",
        "<img style='display:none' alt=SECRET>seen<i hidden>x</i>",
    ],
)
def test_hidden_text_is_left_out_and_told(html: str) -> None:
    made = text_of_html(html)
    assert made.text.strip() == "seen"
    assert made.hidden


@pytest.mark.parametrize(
    "html",
    [
        "<td style='font-size:0'><div style='font-size:14px'>seen</div></td>",
        "<div style='visibility:hidden'><b style='visibility:visible'>seen</b></div>",
        "<body bgcolor=black><font color=white>seen</font></body>",
        "<body style='background-color:#000'><p style='color:#fff'>seen</p></body>",
        "<div style='background:#004;color:#fff'>seen</div>",
        "<div style='background:url(x.png)'><span style='color:#fff'>seen</span></div>",
        "<table background=x.png><td><font color=white>seen</font></table>",
        "<style>@media print{.x{display:none}}</style><p class=x>seen</p>",
        "<style>.x .y{display:none}</style><p class=y>seen</p>",
        "<div style='overflow:hidden'>seen</div>",
        "<div style='overflow:hidden;height:20px'>seen</div>",
        "<div style='font-size:90%'>seen</div>",
        "<div style='opacity:0.9'>seen</div>",
        "<div style='display:none'></div>seen<!-- hidden -->",
    ],
)
def test_visible_text_is_not_taken_for_hidden(html: str) -> None:
    made = text_of_html(html)
    assert (made.text.strip(), made.hidden) == ("seen", False)


def test_long_html_is_cut_and_told() -> None:
    made = text_of_html("x" * 100, max_chars=10)
    assert (made.text, made.cut) == ("x" * 10 + "\n", True)


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000 + "text",
        "<blockquote>x" * 390,
        "<b>x" * 1000,
        "<style>" + "a{" * 200_000,
        "<style>" + "@a{" * 150_000,
        "<style>" * 70_000,
        "<style" * 80_000,
        "<style>" + "a" * 500_000,
        "<style>" + "@" * 500_000,
        "<style>" + "/*" * 250_000,
        "<body " + "a=" * 250_000,
        "<body" * 100_000,
        "\n" * 500_000,
        "<br>" * 120_000,
        "<pre>" + "\n" * 500_000,
        "<p style='font:" + "a " * 250_000 + "'>x",
        "<p style='background:" + "(" * 500_000 + "'>x",
        "<td>x" * 100_000,
    ],
    ids=lambda html: html[:30],
)
@pytest.mark.timed
def test_hostile_html_costs_linear_time(html: str) -> None:
    with cpu_seconds_under(5):
        text_of_html(html)


@given(st.text(alphabet="<>/ab \"'=&;p#x!-\n\0", max_size=200))
def test_any_html_is_read(html: str) -> None:
    text_of_html(html)
