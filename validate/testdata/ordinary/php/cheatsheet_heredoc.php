<?php
/**
 * Prints a security lesson about functions that start programs. All of it is text.
 *
 * exec(), shell_exec(), system(), passthru(), popen(), proc_open() and `backticks` run commands;
 * eval(), assert('string') and create_function() run PHP; include $_GET['page'] runs a file.
 */

$lesson = <<<'LESSON'
  1. Never:    system("ping " . $_GET['host']);
  2. Better:   filter_var($host, FILTER_VALIDATE_IP)
  3. Never:    eval('$x = ' . $input . ';');
  4. Never:    unserialize($_COOKIE['cart'])
  5. In php.ini: disable_functions = exec,passthru,shell_exec,system
LESSON;

$dangerous = ['exec' => 3, 'system' => 3, 'eval' => 3, 'unlink' => 2, 'fsockopen' => 1, 'phpinfo' => 1];

echo "Lesson 7\n========\n$lesson\n\n";
foreach ($dangerous as $function => $risk) {
    printf("%-10s %s\n", $function . '()', str_repeat('!', $risk));
}

// A scanner for homework: which of these words occur in a text?
function scan(string $code, array $words): array
{
    $pattern = '/\b(' . implode('|', array_map('preg_quote', $words)) . ')\s*\(/i';
    return preg_match_all($pattern, $code, $m) ? array_unique($m[1]) : [];
}

$samples = [
    'safe' => 'echo strlen($name);',
    'unsafe' => '$out = shell_exec("ls"); system($cmd); eval ($code);',
];
foreach ($samples as $name => $code) {
    echo $name, ': ', implode(', ', scan($code, ['system', 'shell_exec', 'eval'])) ?: 'nothing found', PHP_EOL;
}
echo "PHP ", PHP_MAJOR_VERSION >= 7 ? 'is new enough' : 'is old', " on ", PHP_OS_FAMILY !== '' ? 'some system' : '?', PHP_EOL;
$sql = 'SELECT `name`, `group` FROM `users` WHERE `deleted` = 0';
echo substr_count($sql, '`'), " backticks in the SQL\n", ini_get('memory_limit') !== false ? '' : 'no limit', getenv('HOME') ? '' : "no home\n";
