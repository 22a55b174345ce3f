<?php
declare(strict_types=1);

namespace Bank;

use InvalidArgumentException;
use RuntimeException;

interface Printable
{
    public function __toString(): string;
}

class InsufficientFunds extends RuntimeException
{
}

abstract class Account implements Printable
{
    protected float $balance = 0.0;
    private static int $count = 0;

    public function __construct(public readonly string $owner)
    {
        self::$count++;
    }

    public function deposit(float $amount): static
    {
        if ($amount <= 0) {
            throw new InvalidArgumentException('amount must be positive');
        }
        $this->balance += $amount;
        return $this;
    }

    public function withdraw(float $amount): static
    {
        if ($amount > $this->limit()) {
            throw new InsufficientFunds(sprintf('%s may take at most %.2f', $this->owner, $this->limit()));
        }
        $this->balance -= $amount;
        return $this;
    }

    abstract protected function limit(): float;

    public static function count(): int
    {
        return self::$count;
    }

    public function __toString(): string
    {
        return sprintf('%s %s: %.2f', (new \ReflectionClass($this))->getShortName(), $this->owner, $this->balance);
    }
}

class Savings extends Account { protected function limit(): float { return $this->balance; } }
class Checking extends Account { protected function limit(): float { return $this->balance + 100; } }

$accounts = [(new Savings('Ann'))->deposit(50), (new Checking('Bob'))->deposit(20)];
foreach ($accounts as $account) {
    try {
        echo $account->withdraw(80), PHP_EOL;
    } catch (InsufficientFunds $e) {
        echo get_class($e), ': ', $e->getMessage(), PHP_EOL;
    }
}
echo Account::count(), ' accounts', PHP_EOL;
