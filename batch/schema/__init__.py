"""JSON Schema files: the request schema as fields, the keywords that are covered, and where the files lie."""

from batch.schema.documents import schemas_folder
from batch.schema.fields import Field, JsonType, Schema, label, spelled
from batch.schema.load import load_schema, parse_schema

__all__ = ["Field", "JsonType", "Schema", "label", "load_schema", "parse_schema", "schemas_folder", "spelled"]
