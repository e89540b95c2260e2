"""A changed schema file changes validation, bodies and docs, with no code edit."""

import json
from pathlib import Path

import pandas as pd

from batch.field_docs import fields_markdown
from batch.schema import load_schema, schemas_folder
from batch.validate import bodies, validate

ROW = {
    "phone_number_type": "local",
    "name": "Groep",
    "business_name": "Voorbeeld B.V.",
    "contact_person_first_name": "Jo",
    "contact_person_last_name": "Verzonnen",
    "contact_person_phone": "+31201234567",
    "street_name": "Nergensstraat",
    "house_number": "1",
    "postal_code": "1234 AB",
    "city": "Nergenshuizen",
    "province": "Utrecht",
}


def test_a_field_and_a_pattern_added_to_the_file_are_followed(tmp_path: Path) -> None:
    document = json.loads((schemas_folder() / "verification-group.request.json").read_text())
    document["properties"]["postal_code"]["pattern"] = "^[1-9][0-9]{3} [A-Z]{2}$"
    document["properties"]["kvk_number"] = {"type": "string", "pattern": "^[0-9]{8}$", "description": "Trade register"}
    document["required"].append("kvk_number")
    path = tmp_path / "changed.json"
    path.write_text(json.dumps(document))
    schema = load_schema(path)
    rows = [
        {**ROW, "kvk_number": "12345678"},
        {**ROW, "kvk_number": "1234567"},
        {**ROW, "kvk_number": "", "postal_code": "AB 1234"},
    ]
    frame = pd.DataFrame(rows, dtype="str")
    verdict = validate(frame, [2, 3, 4], {}, schema)
    assert [(error.row, error.field, error.code) for error in verdict.errors] == [
        (3, "kvk_number", "pattern"),
        (4, "postal_code", "pattern"),
        (4, "kvk_number", "required"),
    ]
    assert [json.loads(body) for body in bodies(frame[verdict.valid], schema)] == [rows[0]]
    table = fields_markdown(schema)
    assert r"| `kvk_number` | Kvk number | yes | text; by the pattern ^\[0-9\]\{8\}$ | Trade register |" in table
    assert r"text; not empty; by the pattern ^\[1-9\]" in table
