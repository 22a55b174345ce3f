<?php
session_start();
$file = __DIR__ . '/guestbook.txt';
$errors = [];

if ($_SERVER['REQUEST_METHOD'] === 'POST') {
    $name = trim($_POST['name'] ?? '');
    $message = trim($_POST['message'] ?? '');
    if ($name === '') {
        $errors[] = 'Name is required';
    }
    if (strlen($message) > 500) {
        $errors[] = 'Message is too long';
    }
    if (!$errors) {
        $line = json_encode(['name' => $name, 'message' => $message, 'time' => time()]);
        file_put_contents($file, $line . PHP_EOL, FILE_APPEND | LOCK_EX);
        header('Location: guestbook.php');
        exit;
    }
}
$entries = file_exists($file) ? array_map('json_decode', file($file)) : [];
?>
<!DOCTYPE html>
<html>
<body>
<?php foreach ($errors as $e): ?>
  <p class="error"><?= htmlspecialchars($e) ?></p>
<?php endforeach; ?>
<form method="post">
  <input name="name"> <textarea name="message"></textarea> <button>Send</button>
</form>
<?php foreach (array_reverse($entries) as $entry): ?>
  <p><b><?= htmlspecialchars($entry->name) ?></b> <?= date('d.m.Y', $entry->time) ?><br>
  <?= nl2br(htmlspecialchars($entry->message)) ?></p>
<?php endforeach; ?>
</body>
</html>
