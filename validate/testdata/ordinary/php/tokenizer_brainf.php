<?php
declare(strict_types=1);

final class Machine
{
    /** @var array<int, int> */
    private array $jump = [];
    private array $tape = [0];

    public function __construct(private string $code)
    {
        $stack = [];
        foreach (str_split($code) as $i => $c) {
            if ($c === '[') {
                $stack[] = $i;
            } elseif ($c === ']') {
                $open = array_pop($stack) ?? throw new ParseError("unexpected ] at $i");
                $this->jump[$open] = $i;
                $this->jump[$i] = $open;
            }
        }
        if ($stack) {
            throw new ParseError('missing ]');
        }
    }

    public function execute(string $input = ''): string
    {
        $out = '';
        $p = $in = 0;
        for ($i = 0; $i < strlen($this->code); $i++) {
            match ($this->code[$i]) {
                '+' => $this->tape[$p] = ($this->tape[$p] + 1) % 256,
                '-' => $this->tape[$p] = ($this->tape[$p] + 255) % 256,
                '>' => $this->tape[++$p] ??= 0,
                '<' => $p--,
                '.' => $out .= chr($this->tape[$p]),
                ',' => $this->tape[$p] = ord($input[$in++] ?? "\0"),
                '[' => $i = $this->tape[$p] ? $i : $this->jump[$i],
                ']' => $i = $this->tape[$p] ? $this->jump[$i] : $i,
                default => null,
            };
        }
        return $out;
    }
}

$hello = '++++++++[>++++[>++>+++>+++>+<<<<-]>+>+>->>+[<]<-]>>.>---.+++++++..+++.>>.<-.<.+++.------.--------.>>+.>++.';
echo (new Machine($hello))->execute();
echo (new Machine(',[.,]'))->execute("system('ls')"), PHP_EOL;
try {
    new Machine('[[]');
} catch (ParseError $e) {
    echo get_debug_type($e), ': ', $e->getMessage(), PHP_EOL;
}
