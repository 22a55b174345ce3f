#include <algorithm>
#include <iostream>
#include <map>
#include <regex>
#include <sstream>
#include <string>
#include <vector>
using namespace std;

vector<int> zFunction(const string& s) {
    vector<int> z(s.size());
    for (int i = 1, l = 0, r = 0; i < (int)s.size(); i++) {
        if (i < r) z[i] = min(r - i, z[i - l]);
        while (i + z[i] < (int)s.size() && s[z[i]] == s[i + z[i]]) z[i]++;
        if (i + z[i] > r) l = i, r = i + z[i];
    }
    return z;
}

int levenshtein(const string& a, const string& b) {
    vector<int> row(b.size() + 1);
    for (size_t j = 0; j <= b.size(); j++) row[j] = j;
    for (size_t i = 1; i <= a.size(); i++) {
        int diagonal = row[0]++;
        for (size_t j = 1; j <= b.size(); j++) {
            int above = row[j];
            row[j] = min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1])});
            diagonal = above;
        }
    }
    return row.back();
}

string caesar(string s, int k) {
    for (char& c : s)
        if (isalpha(c)) {
            char base = isupper(c) ? 'A' : 'a';
            c = base + (c - base + k + 26) % 26;
        }
    return s;
}

int main() {
    for (int z : zFunction("abacabadabacaba")) cout << z << ' ';
    cout << '\n' << levenshtein("execve", "exercise") << '\n';
    cout << caesar(caesar("Attack at dawn!", 3), -3) << ' ' << caesar("rkrp(flf)", 13) << '\n';
    map<string, int> words;
    istringstream in("to be or not to be that is the question");
    for (string w; in >> w;) words[w]++;
    for (auto& [w, n] : words) if (n > 1) cout << w << ':' << n << ' ';
    const regex mail(R"((\w+)@(\w+\.\w+))");
    const string text = "write to ann@example.com or bob@test.org";
    for (sregex_iterator it(text.begin(), text.end(), mail), end; it != end; ++it) cout << '\n' << (*it)[1] << " at " << (*it)[2];
    cout << '\n' << regex_replace(text, mail, "<$1>") << endl;
}
