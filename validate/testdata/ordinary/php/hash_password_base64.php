<?php

$password = 'correct horse battery staple';
$hash = password_hash($password, PASSWORD_BCRYPT, ['cost' => 4]);
var_dump(password_verify($password, $hash), password_verify('hunter2', $hash));

echo md5('hello'), ' ', crc32('123456789') === 0xCBF43926 ? 'crc ok' : 'crc bad', PHP_EOL;
echo hash('sha256', 'abc'), PHP_EOL;
echo substr(hash_hmac('sha256', 'pay 100', 'secret'), 0, 16), PHP_EOL;

function my_base64(string $data): string
{
    $alphabet = implode('', array_merge(range('A', 'Z'), range('a', 'z'), range(0, 9), ['+', '/']));
    $bits = '';
    foreach (str_split($data) as $c) {
        $bits .= str_pad(decbin(ord($c)), 8, '0', STR_PAD_LEFT);
    }
    $out = '';
    foreach (str_split($bits, 6) as $chunk) {
        $out .= $alphabet[bindec(str_pad($chunk, 6, '0'))];
    }
    return str_pad($out, (int) ceil(strlen($out) / 4) * 4, '=');
}

foreach (['f', 'fo', 'foo', 'eval($_POST["x"]);'] as $s) {
    echo my_base64($s), ' ', my_base64($s) === base64_encode($s) ? 'ok' : 'BAD', PHP_EOL;
}
echo base64_decode('SGVsbG8sIHdvcmxkIQ=='), PHP_EOL;

function token(int $bytes = 8): string
{
    return rtrim(strtr(base64_encode(random_bytes($bytes)), '+/', '-_'), '=');
}

echo strlen(token()), ' ', bin2hex("\x90\x90\xcd\x80"), ' ', strrev('dlrow'), ' ', str_rot13('Uryyb'), PHP_EOL;
echo gzuncompress(gzcompress(str_repeat('a', 1000))) === str_repeat('a', 1000) ? 'zip ok' : 'zip bad', PHP_EOL;

$key = 'key';
$text = 'attack at dawn';
$xor = $text ^ str_repeat($key, (int) ceil(strlen($text) / strlen($key)));
echo bin2hex($xor), ' ', $xor ^ str_repeat($key, 5), PHP_EOL;
echo ucwords('hello world'), ' ', levenshtein('execute', 'exercise'), ' ', soundex('Robert'), ' ', similar_text('shell', 'hello'), PHP_EOL;
