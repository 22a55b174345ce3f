<?php
namespace App\Collections;

use ArrayAccess;
use Countable;
use IteratorAggregate;
use Traversable;

final class Collection implements IteratorAggregate, Countable, ArrayAccess
{
    private array $items;

    public function __construct(iterable $items = [])
    {
        $this->items = is_array($items) ? $items : iterator_to_array($items);
    }

    public static function range(int $a, int $b): self
    {
        return new self((function () use ($a, $b) {
            for ($i = $a; $i <= $b; $i++) {
                yield $i;
            }
        })());
    }

    public function map(callable $f): self { return new self(array_map($f, $this->items)); }
    public function filter(callable $f): self { return new self(array_values(array_filter($this->items, $f))); }
    public function reduce(callable $f, mixed $init = null): mixed { return array_reduce($this->items, $f, $init); }
    public function getIterator(): Traversable { yield from $this->items; }
    public function count(): int { return count($this->items); }
    public function offsetExists(mixed $o): bool { return isset($this->items[$o]); }
    public function offsetGet(mixed $o): mixed { return $this->items[$o]; }
    public function offsetSet(mixed $o, mixed $v): void { $o === null ? $this->items[] = $v : $this->items[$o] = $v; }
    public function offsetUnset(mixed $o): void { unset($this->items[$o]); }
}

$c = Collection::range(1, 10)->filter(fn($n) => $n % 2)->map(fn($n) => $n ** 2);
foreach ($c as $n) echo $n, ' ';
echo count($c), ' ', $c->reduce(fn($s, $n) => $s + $n, 0), "\n";
