<?php
function get_json($url, array $params = [])
{
    $ch = curl_init($url . '?' . http_build_query($params));
    curl_setopt($ch, CURLOPT_RETURNTRANSFER, true);
    curl_setopt($ch, CURLOPT_TIMEOUT, 10);
    $body = curl_exec($ch);
    if ($body === false) {
        throw new RuntimeException(curl_error($ch));
    }
    $status = curl_getinfo($ch, CURLINFO_HTTP_CODE);
    curl_close($ch);
    if ($status !== 200) {
        throw new RuntimeException("HTTP $status");
    }
    return json_decode($body, true);
}

try {
    $weather = get_json('https://api.example.com/weather', ['q' => 'Wien', 'units' => 'metric']);
    printf("%s: %.1f °C, %s\n", $weather['name'], $weather['main']['temp'], $weather['weather'][0]['description']);
} catch (RuntimeException $e) {
    fwrite(STDERR, 'Error: ' . $e->getMessage() . PHP_EOL);
    exit(1);
}
