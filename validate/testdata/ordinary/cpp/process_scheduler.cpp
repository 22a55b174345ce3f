#include <deque>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace os {

enum class State { Ready, Running, Blocked, Zombie };

struct Process {
    int pid, parent;
    std::string name;
    int remaining;
    State state = State::Ready;
};

// A toy operating system for the scheduling chapter: fork, kill and wait are its own methods.
class Kernel {
    std::map<int, std::shared_ptr<Process>> table;
    std::deque<int> ready;
    int next = 1;

public:
    int spawn(const std::string& name, int work, int parent = 0) {
        int pid = next++;
        table[pid] = std::make_shared<Process>(Process{pid, parent, name, work});
        ready.push_back(pid);
        return pid;
    }

    int fork(int pid) {
        const auto& p = *table.at(pid);
        return spawn(p.name + "'", p.remaining, pid);
    }

    void kill(int pid) {
        if (auto it = table.find(pid); it != table.end()) it->second->state = State::Zombie;
    }

    void run(int quantum) {
        while (!ready.empty()) {
            auto p = table[ready.front()];
            ready.pop_front();
            if (p->state == State::Zombie) continue;
            p->state = State::Running;
            p->remaining -= quantum;
            std::cout << p->pid << ' ' << p->name << (p->remaining > 0 ? "" : " done") << '\n';
            p->state = p->remaining > 0 ? State::Ready : State::Zombie;
            if (p->state == State::Ready) ready.push_back(p->pid);
        }
    }
};

}  // namespace os

int main() {
    os::Kernel kernel;
    int init = kernel.spawn("init", 5);
    int shell = kernel.fork(init);
    kernel.fork(shell);
    kernel.kill(shell);
    kernel.run(2);
    return 0;
}
