import sys

for arg in sys.argv[1:]:
    print(f"arg: {arg}")
for line in sys.stdin:
    print("stdin:", line.rstrip("\n"))
sys.exit(3)
