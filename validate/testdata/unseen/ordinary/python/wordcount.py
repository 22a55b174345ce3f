#!/usr/bin/env python3
"""Count the most frequent words of a text file.

Usage: wordcount.py [-n N] [FILE]
"""
import argparse
import collections
import re
import sys


def count(stream):
    counter = collections.Counter()
    for line in stream:
        counter.update(re.findall(r"[a-z']+", line.lower()))
    return counter


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=argparse.FileType("r"), default=sys.stdin)
    parser.add_argument("-n", type=int, default=10, help="how many words to print")
    args = parser.parse_args()

    for word, times in count(args.file).most_common(args.n):
        print(f"{times:6d} {word}")


if __name__ == "__main__":
    main()
