<?php

interface Command
{
    public function exec(Editor $editor): void;
    public function undo(Editor $editor): void;
}

final class Insert implements Command
{
    public function __construct(private int $at, private string $text) {}

    public function exec(Editor $editor): void
    {
        $editor->text = substr_replace($editor->text, $this->text, $this->at, 0);
    }

    public function undo(Editor $editor): void
    {
        $editor->text = substr_replace($editor->text, '', $this->at, strlen($this->text));
    }
}

final class Replace implements Command
{
    private string $before = '';

    public function __construct(private string $search, private string $with) {}

    public function exec(Editor $editor): void
    {
        $this->before = $editor->text;
        $editor->text = str_replace($this->search, $this->with, $editor->text);
    }

    public function undo(Editor $editor): void
    {
        $editor->text = $this->before;
    }
}

class Editor
{
    public string $text = '';
    private SplStack $done;

    public function __construct() { $this->done = new SplStack(); }

    public function run(Command ...$commands): void
    {
        foreach ($commands as $command) {
            $command->exec($this);
            $this->done->push($command);
        }
    }

    public function undo(): void
    {
        if (!$this->done->isEmpty()) {
            $this->done->pop()->undo($this);
        }
    }
}
$editor = new Editor();
$editor->run(new Insert(0, 'shell_exec and system are functions'), new Insert(0, '// '), new Replace('shell_exec', 'passthru'));
echo $editor->text, "\n";
for ($i = 0; $i < 4; $i++) {
    $editor->undo();
    echo $i, ': ', var_export($editor->text, true), "\n";
}
