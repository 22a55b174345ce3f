#include <functional>
#include <iomanip>
#include <iostream>
#include <queue>
#include <random>
#include <string>
#include <vector>

// A bank with two clerks: discrete events in a priority queue.
class Simulation {
    struct Event {
        double time;
        long order;
        std::function<void()> action;
        bool operator>(const Event& o) const { return time != o.time ? time > o.time : order > o.order; }
    };
    std::priority_queue<Event, std::vector<Event>, std::greater<>> events;
    long order = 0;

public:
    double now = 0;
    void after(double delay, std::function<void()> action) { events.push({now + delay, order++, std::move(action)}); }
    void run(double until) {
        while (!events.empty() && events.top().time <= until) {
            auto event = events.top();
            events.pop();
            now = event.time;
            event.action();
        }
    }
};

int main() {
    Simulation sim;
    std::mt19937 rng(1);
    std::exponential_distribution<double> arrive(1.0 / 2), serve(1.0 / 3);
    int free_clerks = 2, served = 0;
    double waited = 0;
    std::queue<double> line;

    std::function<void()> work = [&] {
        while (free_clerks > 0 && !line.empty()) {
            waited += sim.now - line.front();
            line.pop();
            --free_clerks;
            sim.after(serve(rng), [&] {
                ++free_clerks;
                ++served;
                work();
            });
        }
    };
    std::function<void()> customer = [&] {
        line.push(sim.now);
        work();
        sim.after(arrive(rng), customer);
    };
    sim.after(0, customer);
    sim.run(480);
    std::cout << std::fixed << std::setprecision(1) << served << " served, mean wait " << waited / served << " min, " << line.size() << " still in line\n";
}
