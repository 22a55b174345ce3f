#include <fstream>
#include <iostream>
#include <string>
#include <vector>
using namespace std;

class Book {
public:
    Book(string t, string a, int c) : title(t), author(a), copies(c) {}
    void display() const {
        cout << title << " by " << author << " (" << copies << " copies)" << endl;
    }
    string title, author;
    int copies;
};

int main() {
    vector<Book> books;
    int choice;
    while (true) {
        cout << "\n*** Library ***\n1. Add book\n2. Show all\n3. Save\n4. Quit\nYour choice: ";
        if (!(cin >> choice)) return 0;
        cin.ignore();
        if (choice == 1) {
            string t, a;
            int c;
            cout << "Title: ";
            getline(cin, t);
            cout << "Author: ";
            getline(cin, a);
            cout << "Copies: ";
            cin >> c;
            books.push_back(Book(t, a, c));
        } else if (choice == 2) {
            for (size_t i = 0; i < books.size(); i++) books[i].display();
        } else if (choice == 3) {
            ofstream out("books.txt", ios::app);
            for (const auto &b : books) out << b.title << ";" << b.author << ";" << b.copies << "\n";
        } else if (choice == 4) {
            break;
        } else {
            cout << "Invalid choice" << endl;
        }
    }
}
