<?php
declare(strict_types=1);

enum State: string
{
    case Draft = 'draft';
    case Review = 'review';
    case Published = 'published';
    case Killed = 'killed';

    public function next(Action $action): self
    {
        return match ([$this, $action]) {
            [self::Draft, Action::Submit] => self::Review,
            [self::Review, Action::Approve] => self::Published,
            [self::Review, Action::Reject] => self::Draft,
            [self::Draft, Action::Kill], [self::Review, Action::Kill] => self::Killed,
            default => throw new LogicException("cannot {$action->name} in {$this->value}"),
        };
    }
}

enum Action
{
    case Submit;
    case Approve;
    case Reject;
    case Kill;

    public static function parse(string $word): ?self
    {
        foreach (self::cases() as $case) {
            if (strcasecmp($case->name, $word) === 0) {
                return $case;
            }
        }
        return null;
    }
}

class Article
{
    private array $history = [];
    private State $state = State::Draft;

    public function execute(string $command): void
    {
        $action = Action::parse($command);
        if ($action === null) {
            echo "unknown command: $command\n";
            return;
        }
        try {
            $this->history[] = $this->state;
            $this->state = $this->state->next($action);
            echo "$command -> {$this->state->value}\n";
        } catch (LogicException $e) {
            array_pop($this->history);
            echo "error: {$e->getMessage()}\n";
        }
    }

    public function history(): string
    {
        return implode(',', array_map(static fn (State $s) => $s->value, $this->history));
    }
}
$article = new Article();
array_map([$article, 'execute'], ['submit', 'reject', 'approve', 'exec', 'submit', 'approve', 'kill']);
echo $article->history(), ' ', State::tryFrom('review')?->name, ' ', State::tryFrom('x')?->name ?? 'none', "\n";
