<?php
declare(strict_types=1);

/** A library catalogue in SQLite, with prepared statements. */
final class Library
{
    private PDO $db;

    public function __construct(string $dsn = 'sqlite::memory:')
    {
        $this->db = new PDO($dsn);
        $this->db->setAttribute(PDO::ATTR_ERRMODE, PDO::ERRMODE_EXCEPTION);
        $this->db->exec('CREATE TABLE IF NOT EXISTS `book` (id INTEGER PRIMARY KEY, `title` TEXT UNIQUE, `pages` INTEGER)');
    }

    public function add(string $title, int $pages): int
    {
        $stmt = $this->db->prepare('INSERT INTO book (title, pages) VALUES (:title, :pages)');
        $stmt->execute(['title' => $title, 'pages' => $pages]);
        return (int) $this->db->lastInsertId();
    }

    public function remove(int $id): bool
    {
        $stmt = $this->db->prepare('DELETE FROM book WHERE id = ?');
        $stmt->execute([$id]);
        return $stmt->rowCount() === 1;
    }

    /** @return iterable<string, int> */
    public function all(): iterable
    {
        foreach ($this->db->query('SELECT title, pages FROM book ORDER BY pages DESC', PDO::FETCH_ASSOC) as $row) {
            yield $row['title'] => (int) $row['pages'];
        }
    }
}

$library = new Library();
$library->add('Solaris', 204);
$id = $library->add("Robert'); DROP TABLE book;--", 1);
$library->add('Dune', 612);
try {
    $library->add('Dune', 1);
} catch (PDOException $e) {
    echo "duplicate: ", $e->getCode(), PHP_EOL;
}
var_dump($library->remove($id), $library->remove($id));
foreach ($library->all() as $title => $pages) {
    echo str_pad($title, 12, '.'), ' ', $pages, PHP_EOL;
}
