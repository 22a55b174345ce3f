<?php

class Template
{
    private $vars = [];

    public function __set($name, $value)
    {
        $this->vars[$name] = $value;
    }

    public function __get($name)
    {
        return $this->vars[$name] ?? null;
    }

    public function render(string $text): string
    {
        return preg_replace_callback('/\{\{\s*(\w+)(?:\|(\w+))?\s*\}\}/', function (array $m) {
            $value = (string) $this->{$m[1]};
            $filters = ['upper' => 'strtoupper', 'lower' => 'strtolower', 'trim' => 'trim'];
            if (isset($m[2], $filters[$m[2]])) {
                $value = call_user_func($filters[$m[2]], $value);
            }
            return htmlspecialchars($value, ENT_QUOTES);
        }, $text);
    }
}

$t = new Template;
$t->name = 'Welt';
$t->punctuation = '!';
echo $t->render("Hallo {{ name|upper }}{{ punctuation }}\n");
