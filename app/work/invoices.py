"""Write an invoice: one plain page that a browser shows and prints, with nothing to fetch."""

from collections.abc import Sequence
from html import escape

from app.messages import OrderLine

_STYLE = (
    "body{font:12pt sans-serif;max-width:40em;margin:2em auto}"
    "td,th{padding:.3em 1em .3em 0;text-align:left}td.n,th.n{text-align:right}"
)
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Invoice {order}</title><style>{style}</style></head><body>
<h1>Invoice</h1>
<p>Order {order}<br>{name}</p>
<table><thead><tr><th>Item</th><th class="n">Quantity</th><th class="n">Price</th><th class="n">Sum</th></tr></thead>
<tbody>
{rows}
</tbody><tfoot><tr><th colspan="3">Total</th><th class="n">{total}</th></tr></tfoot></table>
</body></html>
"""
_ROW = '<tr><td>{title}</td><td class="n">{quantity}</td><td class="n">{price}</td><td class="n">{sum}</td></tr>'


def invoice(order_id: str, name: str, lines: Sequence[OrderLine]) -> str:
    """The page; the same order makes the same bytes, so that writing it twice changes nothing."""
    rows = [
        _ROW.format(
            title=escape(line.title),
            quantity=line.quantity,
            price=amount(line.price_cents),
            sum=amount(line.quantity * line.price_cents),
        )
        for line in lines
    ]
    return _PAGE.format(
        order=escape(order_id), style=_STYLE, name=escape(name), rows="\n".join(rows), total=amount(total(lines))
    )


def total(lines: Sequence[OrderLine]) -> int:
    """What the lines cost together, in cents."""
    return sum(line.quantity * line.price_cents for line in lines)


def amount(cents: int) -> str:
    """Cents as people write them: 12345 is 123.45."""
    return f"{cents // 100}.{cents % 100:02}"
