"""How fields of this package are drawn."""

from typing import Any


def number_box(width: int, unit: object = None) -> dict[str, Any]:
    """Draw a number as a short box with its unit beside it."""
    params: dict[str, Any] = {"classes": f"govuk-input--width-{width}"}
    if unit is not None:
        params["suffix"] = {"text": unit}
    return {"inputmode": "numeric", "autocomplete": "off", "params": params}
