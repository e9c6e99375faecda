"""Evaluate CloudWatch's metric math, as far as scaling policies use it."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping

from offline.region.process import RegionError

Value = float | None
"""None is a metric without a datapoint."""

_ARITHMETIC: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_COMPARISONS: Mapping[type[ast.cmpop], Callable[[float, float], bool]] = {
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
}


def evaluate(text: str, values: Mapping[str, Value]) -> Value:
    """The value of *text* for one datapoint of each metric id; None where one is missing or divided by 0.

    Its syntax is Python's as well (CloudWatch User Guide, "Using math expressions"). RegionError for what is none of
    IF, FILL, + - * / and comparisons, whatever the values: no part is left out.
    """
    try:
        parsed = ast.parse(text, mode="eval").body
    except SyntaxError as error:
        raise _refused(text, text) from error
    return _value(parsed, values, text)


def _value(node: ast.expr, values: Mapping[str, Value], text: str) -> Value:
    match node:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.Name(id=name) if name in values:
            return values[name]
        case ast.Call(func=ast.Name(id="FILL"), args=[metric, other]):
            found, filled = _value(metric, values, text), _value(other, values, text)
            return filled if found is None else found
        case ast.Call(func=ast.Name(id="IF"), args=[condition, then, other]):
            holds, yes, no = (_value(each, values, text) for each in (condition, then, other))
            return None if holds is None else yes if holds else no
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
            return _apply(_ARITHMETIC[type(op)], _value(left, values, text), _value(right, values, text))
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARISONS:
            return _apply(_COMPARISONS[type(op)], _value(left, values, text), _value(right, values, text))
    raise _refused(text, ast.unparse(node))


def _refused(text: str, part: str) -> RegionError:
    return RegionError(
        f"metric math is {text!r} with {part!r}; allowed offline: IF, FILL, + - * /, < <= > >=, and ids of its metrics."
        " Fix: the scaling policy"
    )


def _apply(function: Callable[[float, float], float], left: Value, right: Value) -> Value:
    if left is None or right is None or (function is operator.truediv and right == 0):
        return None
    return float(function(left, right))
