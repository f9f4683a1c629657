"""What the CSL-JSON specification allows of an item, written down from its list of fields, to check ours against."""

from jsonschema import Draft202012Validator

_TYPES = """
article article-journal article-magazine article-newspaper bill book broadcast chapter classic collection dataset
document entry entry-dictionary entry-encyclopedia event figure graphic hearing interview legal_case legislation
manuscript map motion_picture musical_score pamphlet paper-conference patent performance periodical
personal_communication post post-weblog regulation report review review-book software song speech standard thesis
treaty webpage
""".split()
_TEXTS = """
citation-key language journalAbbreviation shortTitle abstract annote archive archive_collection archive_location
archive-place authority call-number citation-label collection-title container-title container-title-short dimensions
division DOI event event-title event-place genre ISBN ISSN jurisdiction keyword medium note original-publisher
original-publisher-place original-title part-title PMCID PMID publisher publisher-place references reviewed-genre
reviewed-title scale source status title title-short URL volume-title year-suffix
""".split()
_NUMBERS = """
chapter-number citation-number collection-number edition first-reference-note-number issue locator number
number-of-pages number-of-volumes page page-first part printing section supplement version volume
""".split()
_NAMES = """
author chair collection-editor compiler composer container-author contributor curator director editor
editorial-director executive-producer guest host illustrator interviewer narrator organizer original-author performer
producer recipient reviewed-author script-writer series-creator translator
""".split()
_DATES = "accessed available-date event-date issued original-date submitted".split()

_name = {
    "type": "object",
    "properties": {
        part: {"type": "string", "minLength": 1}
        for part in ("family", "given", "dropping-particle", "non-dropping-particle", "suffix", "literal")
    },
    "additionalProperties": False,
    "anyOf": [{"required": ["family"]}, {"required": ["given"]}, {"required": ["literal"]}],
}
_part = {"type": ["integer", "string"]}
_date = {
    "type": "object",
    "properties": {
        "date-parts": {
            "type": "array",
            "minItems": 1,
            "maxItems": 2,  # a day, or the first and the last of several
            "items": {"type": "array", "minItems": 1, "maxItems": 3, "items": _part},
        },
        "season": _part,
        "circa": {"type": ["boolean", "integer", "string"]},
        "literal": {"type": "string"},
        "raw": {"type": "string"},
    },
    "additionalProperties": False,
}

_SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "id": {"type": ["string", "integer"]},
            "type": {"enum": _TYPES},
            "categories": {"type": "array", "items": {"type": "string"}},
            "custom": {"type": "object"},
            **{field: {"type": "string"} for field in _TEXTS},
            **{field: {"type": ["string", "integer"]} for field in _NUMBERS},
            **{field: {"type": "array", "items": _name} for field in _NAMES},
            **dict.fromkeys(_DATES, _date),
        },
        "required": ["id", "type"],
        "additionalProperties": False,
    },
}

VALIDATOR = Draft202012Validator(_SCHEMA)
