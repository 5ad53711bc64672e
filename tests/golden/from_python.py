"""Call one function of `sim` with the baseline, and print its tables as CSV, with their types and what they carry."""

import json
import sys
from typing import Any

import sim


def main(function: str, given: dict[str, Any]) -> None:
    scenarios = (
        ["october-2023", "restraint-doctrine"]
        if function == "compare"
        else [sim.load_scenario("october-2023")]
    )
    found = getattr(sim, function)(*scenarios, **given)
    for name, table in (found if isinstance(found, dict) else {function: found}).items():
        print(f"{name}: {json.dumps(table.attrs, default=str)}")
        print(", ".join(f"{column} {kind}" for column, kind in table.dtypes.items()))
        print(table.to_csv(index=False))


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
