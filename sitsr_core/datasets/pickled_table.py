"""A pandas table in a pickle, read without unpickling: its instructions are followed on data alone, and nothing named in them is called.

A pickle is a program for a stack machine whose dangerous instructions import a name and call it. Here they only note the name and its
arguments; a name that pandas does not need for a table of texts, numbers, dates, lists and dictionaries (``ALLOWED``) is refused as soon
as it is read, whatever would be done with it. What is noted is then looked through for the table's blocks of columns (pandas 1.1 to 3,
protocols 2 to 5, numpy 1 and 2).
"""

import datetime
import pickletools  # nosec B403 - names the opcodes of a file; nothing of it is ever executed
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from sitsr_core.errors import InputError

NUMPY_CORE = ("numpy.core", "numpy._core")
ARRAY_MAKERS = tuple(f"{core}.multiarray._reconstruct" for core in NUMPY_CORE)
BUFFER_MAKERS = tuple(f"{core}.numeric._frombuffer" for core in NUMPY_CORE)
SCALARS = tuple(f"{core}.multiarray.scalar" for core in NUMPY_CORE)
FRAME = "pandas.core.frame.DataFrame"
MANAGERS = ("pandas.core.internals.managers.BlockManager", "pandas._libs.internals.BlockManager")
BLOCKS = ("pandas._libs.internals._unpickle_block", "pandas.core.internals.blocks.new_block")
INDEX = "pandas.core.indexes.base._new_Index"
DATES = ("datetime.date", "datetime.datetime")
TIMESTAMPS = ("pandas._libs.tslibs.timestamps._unpickle_timestamp", "pandas._libs.tslibs.timestamps.Timestamp")
BACKED = "pandas._libs.arrays.__pyx_unpickle_NDArrayBacked"
SLICES = ("builtins.slice", "__builtin__.slice")
ALLOWED = {
    *ARRAY_MAKERS, *BUFFER_MAKERS, *SCALARS, FRAME, *MANAGERS, *BLOCKS, INDEX, *DATES, *TIMESTAMPS, BACKED, *SLICES,
    "numpy.ndarray", "numpy.dtype", "collections.OrderedDict", "_codecs.encode", "pandas._libs.internals.BlockPlacement",
    "pandas.core.indexes.base.Index", "pandas.core.indexes.range.RangeIndex", "pandas.core.indexes.numeric.Int64Index",
    "pandas.core.arrays.datetimes.DatetimeArray", "pandas.core.dtypes.dtypes.DatetimeTZDtype",
}  # fmt: skip
KINDS = "iufbMO"  # of arrays: whole numbers, fractions, truth values, times, objects
DAY_NS = 86_400 * 10**9


@dataclass
class Name:
    """Something that the pickle would import."""

    text: str


@dataclass
class Note:
    """Something that the pickle would make: what of, from what, and with what set into it."""

    name: str
    arguments: tuple
    state: Any = None
    items: dict = field(default_factory=dict)


def read_pickled_table(path: Path) -> dict[str, list[Any]]:
    """Column -> one value a row: texts, numbers, None, dates (``datetime.date``), lists and dictionaries of these.

    Raises:
        InputError: a file that cannot be read, is no pickle of a table, or asks for anything that a table does not need.
    """
    try:
        data = path.read_bytes()
        return _table(_followed(data, path))
    except OSError as error:
        raise InputError(f"The table '{path}' cannot be read.", "Fetch it again.", repr(error)) from error
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError, RecursionError) as error:
        raise InputError(f"The table '{path}' is damaged, or no table of pandas.", "Fetch it again.", repr(error)) from error


def _followed(data: bytes, path: Path) -> Any:
    """What the pickle would leave on the stack, as plain values and notes."""
    stack: list[Any] = []
    marks: list[int] = []
    memo: dict[int, Any] = {}

    def since_mark() -> list[Any]:
        start = marks.pop()
        taken = stack[start:]
        del stack[start:]
        return taken

    def named(text: str) -> Name:
        if text not in ALLOWED:
            raise InputError(
                f"The table '{path}' asks for '{text}', which no table needs.", "Do not trust this file: fetch it again from its source."
            )
        return Name(text)

    argument: Any
    for opcode, argument, _ in pickletools.genops(data):
        match opcode.name:
            case "PROTO" | "FRAME":
                pass
            case "STOP":
                return stack.pop()
            case "MARK":
                marks.append(len(stack))
            case "POP":
                stack.pop()
            case "POP_MARK":
                since_mark()
            case "DUP":
                stack.append(stack[-1])
            case "NONE" | "NEWTRUE" | "NEWFALSE":
                stack.append({"NONE": None, "NEWTRUE": True, "NEWFALSE": False}[opcode.name])
            case "EMPTY_LIST" | "EMPTY_DICT" | "EMPTY_TUPLE":
                stack.append({"EMPTY_LIST": list, "EMPTY_DICT": dict, "EMPTY_TUPLE": tuple}[opcode.name]())
            case "LIST":
                stack.append(since_mark())
            case "TUPLE":
                stack.append(tuple(since_mark()))
            case "TUPLE1" | "TUPLE2" | "TUPLE3":
                count = int(opcode.name[-1])
                together = tuple(stack[-count:])
                del stack[-count:]
                stack.append(together)
            case "DICT":
                taken = since_mark()
                stack.append(dict(zip(taken[::2], taken[1::2], strict=True)))
            case "APPEND":
                value = stack.pop()
                stack[-1].append(value)
            case "APPENDS":
                taken = since_mark()
                stack[-1].extend(taken)
            case "SETITEM":
                value, key = stack.pop(), stack.pop()
                _items(stack[-1])[key] = value
            case "SETITEMS":
                taken = since_mark()
                _items(stack[-1]).update(zip(taken[::2], taken[1::2], strict=True))
            case "GLOBAL":
                stack.append(named(argument.replace(" ", ".")))
            case "STACK_GLOBAL":
                name, module = stack.pop(), stack.pop()
                stack.append(named(f"{module}.{name}"))
            case "REDUCE" | "NEWOBJ":
                arguments, callee = stack.pop(), stack.pop()
                stack.append(Note(callee.text, tuple(arguments)))
            case "BUILD":
                state = stack.pop()
                stack[-1].state = state
            case "MEMOIZE":
                memo[len(memo)] = stack[-1]
            case "PUT" | "BINPUT" | "LONG_BINPUT":
                memo[int(argument)] = stack[-1]
            case "GET" | "BINGET" | "LONG_BINGET":
                stack.append(memo[int(argument)])
            case text if text.startswith(("BININT", "INT", "LONG", "FLOAT", "BINFLOAT", "BINUNICODE", "UNICODE", "SHORT_BINUNICODE")):
                stack.append(argument)
            case text if text.endswith(("STRING", "BYTES", "BYTES8", "BYTEARRAY8")):
                stack.append(argument)
            case other:
                raise ValueError(f"the instruction {other}")
    raise ValueError("the end is missing")


def _items(target: Any) -> dict:
    return target.items if isinstance(target, Note) else target


def _table(frame: Any) -> dict[str, list[Any]]:
    if not isinstance(frame, Note) or frame.name != FRAME:
        raise ValueError("no table")
    manager = frame.state.get("_mgr", frame.state.get("_data"))
    if manager.name not in MANAGERS:
        raise ValueError(f"the manager {manager.name}")
    if len(manager.arguments) == 2:
        blocks = [(block.arguments[0], block.arguments[1]) for block in manager.arguments[0]]
        axes = manager.arguments[1]
    else:
        state = manager.state[3]["0.14.1"]
        blocks, axes = [(block["values"], block["mgr_locs"]) for block in state["blocks"]], state["axes"]
    names = _labels(axes[0])
    table: dict[str, list[Any]] = {}
    for values, placement in blocks:
        rows = _array(values)
        for row, position in zip(rows, _positions(placement), strict=True):
            table[str(names[position])] = [_plain(value) for value in row]
    if len({len(column) for column in table.values()}) > 1 or set(table) != {str(name) for name in names}:
        raise ValueError("columns are missing")
    return {str(name): table[str(name)] for name in names}


def _labels(index: Note) -> list[Any]:
    facts = index.arguments[1]
    if "data" in facts:
        return _array(facts["data"]).tolist()
    return list(range(facts["start"], facts["stop"], facts["step"]))


def _positions(placement: Any) -> list[int]:
    """Columns of a block: a slice, an array of positions, or either wrapped."""
    if placement.name in SLICES:
        return list(range(*slice(*placement.arguments).indices(placement.arguments[1])))
    return _positions(placement.arguments[0]) if placement.name.endswith("BlockPlacement") else _array(placement).tolist()


def _array(note: Note) -> np.ndarray:
    """A noted array of numbers, times or, as values and notes, objects."""
    if note.name == BACKED:
        parts = (*note.arguments, *(note.state or ()))
        return _array(next(part for part in parts if isinstance(part, Note) and part.name in (*ARRAY_MAKERS, *BUFFER_MAKERS)))
    if note.name in BUFFER_MAKERS:
        data, kind, shape, order = note.arguments
        fortran = order == "F"
    elif note.name in ARRAY_MAKERS:
        _, shape, kind, fortran, data = note.state
    else:
        raise ValueError(f"the array {note.name}")
    if isinstance(data, list):
        objects = np.empty(len(data), object)
        objects[:] = data
        return objects.reshape(shape, order="F" if fortran else "C")
    dtype = _dtype(kind)
    if dtype.kind == "O":
        raise ValueError("objects without a list")
    return np.frombuffer(_bytes(data), dtype).reshape(shape, order="F" if fortran else "C")


def _dtype(note: Note) -> np.dtype:
    text = str(note.arguments[0])
    order = note.state[1] if note.state else "|"
    if text[:1] not in KINDS or not (text[1:] or "0").isdigit():
        raise ValueError(f"the type {text}")
    unit = f"[{note.state[8][1][0].decode()}]" if text[0] == "M" else ""
    return np.dtype(f"{order if order in '<>' else '='}{text}{unit}")


def _bytes(data: Any) -> bytes:
    """Bytes, or a text that protocol 2 keeps them in."""
    if isinstance(data, Note) and data.name == "_codecs.encode":
        return str(data.arguments[0]).encode("latin1")
    return bytes(data) if isinstance(data, bytes | bytearray) else str(data).encode("latin1")


def _plain(value: Any) -> Any:
    """A cell: dates of all kinds become ``datetime.date``; lists and dictionaries are looked into, one level."""
    if isinstance(value, list | tuple):
        return [_single(one) for one in value]
    if isinstance(value, Note) and value.name in (*ARRAY_MAKERS, *BUFFER_MAKERS, BACKED):
        return [_single(one) for one in _array(value).reshape(-1)]
    if isinstance(value, Note) and value.name == "collections.OrderedDict":
        value = value.items
    if isinstance(value, dict):
        return {_single(key): _single(one) for key, one in value.items()}
    return _single(value)


def _single(value: Any) -> Any:
    if isinstance(value, np.datetime64):
        return value.astype("datetime64[D]").item()
    if isinstance(value, np.generic):
        return value.item()
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, Note) and value.name in DATES:
        stored = _bytes(value.arguments[0])
        return datetime.date(256 * stored[0] + stored[1], stored[2], stored[3])
    if isinstance(value, Note) and value.name in TIMESTAMPS:
        per_day = {7: 86_400, 8: 86_400 * 10**3, 9: 86_400 * 10**6, 10: DAY_NS}[value.arguments[3] if len(value.arguments) > 3 else 10]
        return datetime.date(1970, 1, 1) + datetime.timedelta(days=value.arguments[0] // per_day)
    if isinstance(value, Note) and value.name in SCALARS:
        return _single(np.frombuffer(_bytes(value.arguments[1]), _dtype(value.arguments[0]))[0])
    raise ValueError(f"a cell of {type(value).__name__}")
