// Old-style prototypes, from a course of 2010
function Node(value) {
    this.value = value;
    this.next = null;
}

function LinkedList() {
    this.head = null;
    this.length = 0;
}

LinkedList.prototype.add = function (value) {
    var node = new Node(value), current;
    if (this.head === null) {
        this.head = node;
    } else {
        current = this.head;
        while (current.next) {
            current = current.next;
        }
        current.next = node;
    }
    this.length++;
    return this;
};

LinkedList.prototype.reverse = function () {
    var prev = null, cur = this.head, next;
    while (cur) {
        next = cur.next;
        cur.next = prev;
        prev = cur;
        cur = next;
    }
    this.head = prev;
};

LinkedList.prototype.toString = function () {
    var out = [];
    for (var n = this.head; n; n = n.next) out.push(n.value);
    return out.join(' -> ');
};

var list = new LinkedList();
list.add(1).add(2).add(3);
console.log(list.toString());
list.reverse();
console.log(list.toString(), list.constructor === LinkedList);
