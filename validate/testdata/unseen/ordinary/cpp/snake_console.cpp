#include <chrono>
#include <cstdlib>
#include <ctime>
#include <deque>
#include <iostream>
#include <thread>

enum Dir { UP, RIGHT, DOWN, LEFT };
struct P { int x, y; bool operator==(const P& o) const { return x == o.x && y == o.y; } };

const int W = 20, H = 10;

void draw(const std::deque<P>& snake, P food) {
    std::cout << "\x1b[2J\x1b[H";
    for (int y = 0; y < H; y++) {
        for (int x = 0; x < W; x++) {
            char c = '.';
            if (food == P{x, y}) c = '*';
            for (auto& s : snake) if (s == P{x, y}) c = 'o';
            std::cout << c;
        }
        std::cout << '\n';
    }
}

int main() {
    std::srand(std::time(nullptr));
    std::deque<P> snake{{5, 5}, {4, 5}, {3, 5}};
    P food{10, 5};
    Dir d = RIGHT;
    for (int step = 0; step < 100; step++) {
        P h = snake.front();
        if (h.x < food.x) d = RIGHT;
        else if (h.x > food.x) d = LEFT;
        else d = h.y < food.y ? DOWN : UP;
        switch (d) {
            case UP: h.y--; break;
            case DOWN: h.y++; break;
            case LEFT: h.x--; break;
            case RIGHT: h.x++; break;
        }
        snake.push_front(h);
        if (h == food) food = {std::rand() % W, std::rand() % H};
        else snake.pop_back();
        draw(snake, food);
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
}
