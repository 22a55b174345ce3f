<?php
// A template with output buffering, the classic PHP way.

class View
{
    private array $helpers = [];

    public function helper(string $name, callable $fn): void
    {
        $this->helpers[$name] = $fn;
    }

    public function __call(string $name, array $args)
    {
        return call_user_func_array($this->helpers[$name], $args);
    }

    public function capture(callable $template, array $data): string
    {
        ob_start();
        $template->call($this, $data);
        return trim(ob_get_clean());
    }
}

$view = new View();
$view->helper('e', fn ($s) => htmlspecialchars((string) $s, ENT_QUOTES));
$view->helper('money', fn (float $x) => number_format($x, 2, ',', '.') . ' €');

$page = function (array $data) {
    extract($data, EXTR_SKIP);
?>
<h1><?= $this->e($title) ?></h1>
<?php if (count($items) > 0): ?>
<ul>
<?php foreach ($items as $name => $price): ?>
  <li><?= $this->e($name) ?>: <?= $this->money($price) ?></li>
<?php endforeach; ?>
</ul>
<?php else: ?>
<p>Nothing here.</p>
<?php endif;
};

echo $view->capture($page, [
    'title' => 'Tools & <script>eval("x")</script>',
    'items' => ['fork' => 2.5, 'shell' => 1234.5, '`pipe`' => 7],
]), "\n";
echo $view->capture($page, ['title' => 'Empty', 'items' => []]), "\n";

$text = 'Dear {name}, your {thing} is ready. {unknown}';
echo strtr($text, ['{name}' => 'Ann', '{thing}' => 'system']), "\n";
echo preg_replace_callback('/\{(\w+)\}/', fn ($m) => ['name' => 'Bob'][$m[1]] ?? "[$m[1]]", $text), "\n";
