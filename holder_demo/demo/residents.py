"""Where the demo's exports and its people come from."""

import hashlib
from importlib import resources
from pathlib import Path

from holder_demo.persons import Person, others, residents_of
from vckit import strict_json
from vckit.errors import ConfigurationError, ParsingError

EXPORTS = (
    ("boxtel", "belastingen", "Belastingen", "boxtel/belastingen.csv"),
    ("boxtel", "sociaal-domein", "Sociaal domein", "boxtel/sociaal-domein.xlsx"),
    ("sint-michielsgestel", "parkeren", "Parkeren", "sint-michielsgestel/parkeren.csv"),
    ("sint-michielsgestel", "vorderingen", "Vorderingen", "sint-michielsgestel/vorderingen.sqlite"),
)


def packaged(folder: str) -> Path:
    """Give the path of a folder that is shipped with the demo: sample or dialects."""
    return Path(str(resources.files("holder_demo"))) / folder


def people(data: Path) -> list[Person]:
    """Give everybody: the residents of the data's expected.json, or else of the sample's."""
    expected = data / "expected.json"
    if not expected.is_file():
        expected = packaged("sample") / "expected.json"
    try:
        residents = residents_of(strict_json.loads_object(expected.read_bytes()))
        return [*residents, *others(residents)]
    except (ParsingError, KeyError, TypeError, AttributeError, IndexError):
        raise ConfigurationError(f"in {expected} staan geen bewoners (residents)") from None


def fingerprint(data: Path) -> str:
    """Give a digest over the four exports and the list of residents, to see that they changed."""
    if not data.is_dir():
        raise ConfigurationError(f"{data} is geen map met exports")
    digest = hashlib.sha256()
    names = [export[3] for export in EXPORTS]
    for name in [*names, "expected.json"]:
        path = data / name
        if path.is_file():
            digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
        elif name in names:
            raise ConfigurationError(
                f"in de map {data} ontbreekt {name} (de indeling is die van {packaged('sample')})"
            )
    return digest.hexdigest()
