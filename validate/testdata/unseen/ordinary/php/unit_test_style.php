<?php

use PHPUnit\Framework\TestCase;

class Stack
{
    private $items = [];

    public function push($item): void { $this->items[] = $item; }
    public function pop()
    {
        if ($this->isEmpty()) {
            throw new UnderflowException('stack is empty');
        }
        return array_pop($this->items);
    }
    public function isEmpty(): bool { return $this->items === []; }
}

class StackTest extends TestCase
{
    private Stack $stack;

    protected function setUp(): void
    {
        $this->stack = new Stack();
    }

    public function testPopReturnsLast(): void
    {
        $this->stack->push(1);
        $this->stack->push('two');
        $this->assertSame('two', $this->stack->pop());
        $this->assertFalse($this->stack->isEmpty());
    }

    public function testPopOfEmptyThrows(): void
    {
        $this->expectException(UnderflowException::class);
        $this->stack->pop();
    }
}
