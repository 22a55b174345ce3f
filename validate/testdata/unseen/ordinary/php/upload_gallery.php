<?php
const DIR = 'uploads/';
const TYPES = ['image/jpeg' => 'jpg', 'image/png' => 'png'];

$note = '';
if (isset($_FILES['picture'])) {
    $f = $_FILES['picture'];
    $type = mime_content_type($f['tmp_name']);
    if ($f['error'] !== UPLOAD_ERR_OK) {
        $note = 'Upload failed with code ' . $f['error'];
    } elseif (!array_key_exists($type, TYPES)) {
        $note = 'Only JPEG and PNG';
    } elseif ($f['size'] > 2 * 1024 * 1024) {
        $note = 'Too big';
    } else {
        $name = bin2hex(random_bytes(8)) . '.' . TYPES[$type];
        move_uploaded_file($f['tmp_name'], DIR . $name);
        $note = 'Saved as ' . $name;
    }
}
if (!empty($_GET['delete']) && preg_match('/^[0-9a-f]{16}\.(jpg|png)$/', $_GET['delete'])) {
    @unlink(DIR . $_GET['delete']);
}
echo '<p>' . $note . '</p>';
echo '<form method="post" enctype="multipart/form-data"><input type="file" name="picture"><button>Upload</button></form>';
foreach (glob(DIR . '*.{jpg,png}', GLOB_BRACE) as $path) {
    $b = basename($path);
    echo "<img src=\"$path\" width=\"200\"> <a href=\"?delete=$b\">x</a>";
}
