<?php
declare(strict_types=1);

/** A router with pretended requests: no web server needed. */
class Router
{
    private array $routes = [];

    public function add(string $method, string $pattern, callable $handler): self
    {
        $regex = '#^' . preg_replace('/\{(\w+)\}/', '(?P<$1>[^/]+)', $pattern) . '$#';
        $this->routes[] = [$method, $regex, $handler];
        return $this;
    }

    public function dispatch(string $method, string $uri): string
    {
        $path = parse_url($uri, PHP_URL_PATH) ?: '/';
        parse_str((string) parse_url($uri, PHP_URL_QUERY), $query);
        foreach ($this->routes as [$m, $regex, $handler]) {
            if ($m === $method && preg_match($regex, $path, $match)) {
                $args = array_filter($match, 'is_string', ARRAY_FILTER_USE_KEY);
                return $handler($query, ...$args);
            }
        }
        return '404 ' . $path;
    }
}

$router = (new Router())
    ->add('GET', '/', fn () => 'home')
    ->add('GET', '/users/{id}', fn (array $q, string $id) => "user $id" . (isset($q['full']) ? ' in full' : ''))
    ->add('POST', '/system/{command}', fn (array $q, string $command) => 'would run ' . escapeshellarg($command))
    ->add('GET', '/search', function (array $query): string {
        $term = htmlspecialchars($query['q'] ?? '');
        return "results for '$term'";
    });

$requests = ['GET /', 'GET /users/42?full=1', 'POST /system/reboot', 'GET /search?q=%3Cb%3E', 'DELETE /users/1', 'GET /../../etc/passwd'];
foreach ($requests as $request) {
    [$method, $uri] = explode(' ', $request, 2);
    printf("%-28s %s\n", $request, $router->dispatch($method, $uri));
}
$name = $_GET['name'] ?? $_SERVER['argv'][1] ?? 'nobody';
echo 'Hello ', htmlspecialchars($name), PHP_EOL;
