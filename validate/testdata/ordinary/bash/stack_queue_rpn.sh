#!/bin/bash
# A stack, a queue, and a calculator for reverse Polish notation.

stack=()
push() { stack+=("$@"); }
pop() {
    (( ${#stack[@]} )) || { echo "stack is empty" >&2; return 1; }
    REPLY=${stack[-1]}
    unset 'stack[-1]'
}

eval_rpn() {
    local token a b
    stack=()
    set -f
    for token in $1; do
        case $token in
            [-+/x^%])
                pop || return 1; b=$REPLY
                pop || return 1; a=$REPLY
                case $token in
                    +) push $(( a + b )) ;;
                    -) push $(( a - b )) ;;
                    x) push $(( a * b )) ;;
                    /) (( b )) || return 1; push $(( a / b )) ;;
                    %) push $(( a % b )) ;;
                    ^) push $(( a ** b )) ;;
                esac
                ;;
            *) push "$token" ;;
        esac
    done
    set +f
    pop
}

for expr in "3 4 +" "5 1 2 + 4 x + 3 -" "2 10 ^" "1 0 /" "+"; do
    if eval_rpn "$expr" 2>/dev/null; then
        echo "$expr = $REPLY"
    else
        echo "$expr: error"
    fi
done

queue=()
for customer in ann bob cid; do queue+=("$customer"); done
while (( ${#queue[@]} )); do
    echo "serving ${queue[0]}, ${#queue[@]} in line"
    queue=("${queue[@]:1}")
done
