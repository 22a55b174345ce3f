#!/usr/bin/env python3
"""Count words of a file, or of standard input when no file is given.

Equivalent shell pipeline:
    tr -cs 'A-Za-z' '\\n' < book.txt | sort | uniq -c | sort -rn | head
"""
import argparse
import os
import re
import sys
from collections import Counter


def words(stream):
    for line in stream:
        yield from re.findall(r"[a-z']+", line.lower())


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", nargs="?")
    parser.add_argument("-n", "--top", type=int, default=10)
    args = parser.parse_args(argv)
    if args.file:
        if not os.path.isfile(args.file):
            parser.error(f"no such file: {os.path.basename(args.file)}")
        with open(args.file, encoding="utf-8") as stream:
            counts = Counter(words(stream))
    else:
        counts = Counter(words(sys.stdin))
    width = max(map(len, counts), default=0)
    for word, n in counts.most_common(args.top):
        print(f"{word:<{width}} {n:>6}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
