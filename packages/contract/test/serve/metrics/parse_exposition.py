"""Prints the metrics of a page as Prometheus's own client reads them: JSON of name, type and samples."""
import json
import pathlib
import sys

from prometheus_client.parser import text_string_to_metric_families

page = pathlib.Path(sys.argv[1]).read_text()
families = [
    {
        "name": family.name,
        "type": family.type,
        "help": family.documentation,
        "samples": [[sample.name, sample.labels, sample.value] for sample in family.samples],
    }
    for family in text_string_to_metric_families(page)
]
print(json.dumps(families))
