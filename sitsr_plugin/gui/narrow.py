"""Choices that leave the panel narrow: a list with long entries must not widen it."""

from __future__ import annotations

import re

from qgis.PyQt.QtWidgets import QComboBox, QFormLayout

LETTERS = 12  # that fit in any case; the choice grows with the panel


def narrow(choice: QComboBox) -> None:
    """As wide as there is room, not as its longest entry."""
    choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    choice.setMinimumContentsLength(LETTERS)


def narrow_form(form: QFormLayout) -> None:
    """Fields take the room there is, below their labels where it is not enough."""
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)


def with_breaks(text: str) -> str:
    """The text with places to break its lines within names of products, which would make a narrow panel as wide as they are."""
    return re.sub(r"S2[A-Z]_\w{30,}", lambda name: name.group(0).replace("_", "_\u200b"), text)
