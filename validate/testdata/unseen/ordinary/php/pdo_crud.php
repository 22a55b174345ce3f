<?php
declare(strict_types=1);

class UserRepository
{
    public function __construct(private PDO $pdo)
    {
        $this->pdo->setAttribute(PDO::ATTR_ERRMODE, PDO::ERRMODE_EXCEPTION);
        $this->pdo->exec('CREATE TABLE IF NOT EXISTS users (id INTEGER PRIMARY KEY, name TEXT, email TEXT UNIQUE)');
    }

    public function add(string $name, string $email): int
    {
        $stmt = $this->pdo->prepare('INSERT INTO users (name, email) VALUES (:name, :email)');
        $stmt->execute(['name' => $name, 'email' => $email]);
        return (int) $this->pdo->lastInsertId();
    }

    public function find(int $id): ?array
    {
        $stmt = $this->pdo->prepare('SELECT * FROM users WHERE id = ?');
        $stmt->execute([$id]);
        return $stmt->fetch(PDO::FETCH_ASSOC) ?: null;
    }

    public function delete(int $id): bool
    {
        return $this->pdo->prepare('DELETE FROM users WHERE id = ?')->execute([$id]);
    }
}

$repo = new UserRepository(new PDO('sqlite::memory:'));
$id = $repo->add('Ada', 'ada@example.com');
print_r($repo->find($id));
$repo->delete($id);
var_dump($repo->find($id));
