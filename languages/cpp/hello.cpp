#include <iostream>

int main() {
    std::cout << "Hello from Paddock" << std::endl;
}
