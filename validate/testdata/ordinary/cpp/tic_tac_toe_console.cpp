#include <cstdlib>
#include <ctime>
#include <iostream>
#include <string>

using namespace std;

char square[10] = {'o', '1', '2', '3', '4', '5', '6', '7', '8', '9'};

int checkwin() {
    const int lines[8][3] = {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}, {1, 4, 7}, {2, 5, 8}, {3, 6, 9}, {1, 5, 9}, {3, 5, 7}};
    for (auto& l : lines)
        if (square[l[0]] == square[l[1]] && square[l[1]] == square[l[2]]) return 1;
    for (int i = 1; i <= 9; i++)
        if (square[i] == '0' + i) return -1;
    return 0;
}

void board() {
    // system("cls") on Windows, system("clear") on Linux
    cout << "\033[2J\033[1;1H";
    cout << "\n\tTic Tac Toe\n\nPlayer 1 (X)  -  Player 2 (O)\n\n";
    for (int r = 0; r < 3; r++) {
        cout << "     |     |     \n";
        cout << "  " << square[3 * r + 1] << "  |  " << square[3 * r + 2] << "  |  " << square[3 * r + 3] << "\n";
        cout << (r < 2 ? "_____|_____|_____\n" : "     |     |     \n\n");
    }
}

int main() {
    int player = 1, i, choice;
    char mark;
    srand(static_cast<unsigned>(time(0)));
    do {
        board();
        player = (player % 2) ? 1 : 2;
        cout << "Player " << player << ", enter a number (0 for a random one):  ";
        if (!(cin >> choice)) return 0;
        while (choice == 0 || (choice > 0 && choice < 10 && square[choice] != '0' + choice)) choice = rand() % 9 + 1;
        mark = (player == 1) ? 'X' : 'O';
        if (choice >= 1 && choice <= 9) {
            square[choice] = mark;
        } else {
            cout << "Invalid move ";
            player--;
        }
        i = checkwin();
        player++;
    } while (i == -1);
    board();
    if (i == 1) cout << "==>\aPlayer " << --player << " wins\n";
    else cout << "==>\aGame draw\n";
    return 0;
}
