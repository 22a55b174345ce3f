"""Read marks from CSV, write a JSON report, read it back."""
import csv
import io
import json
import os
import statistics
import tempfile
from pathlib import Path

CSV_TEXT = """name,subject,mark
Ada,maths,95
Ada,physics,88
Linus,maths,70
Linus,physics,64
Grace,maths,91
"""


def load(text):
    marks = {}
    for row in csv.DictReader(io.StringIO(text)):
        marks.setdefault(row["name"], {})[row["subject"]] = int(row["mark"])
    return marks


def report(marks):
    return {
        name: {"mean": statistics.mean(by.values()), "subjects": sorted(by)}
        for name, by in sorted(marks.items())
    }


def main():
    data = report(load(CSV_TEXT))
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "report.json"
        target.write_text(json.dumps(data, indent=2))
        print(os.path.getsize(target), "bytes")
        again = json.loads(target.read_text())
        assert again == data
        os.remove(target)
        print("files left:", os.listdir(folder))
    for name, entry in data.items():
        print(f"{name:<6} {entry['mean']:5.1f} {', '.join(entry['subjects'])}")


main()
