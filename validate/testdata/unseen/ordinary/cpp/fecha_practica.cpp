// Practica 3 - Programacion I
#include <iostream>
#include <limits>
using namespace std;

bool esBisiesto(int anio) {
    return (anio % 4 == 0 && anio % 100 != 0) || anio % 400 == 0;
}

int diasDelMes(int mes, int anio) {
    static const int dias[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return mes == 2 && esBisiesto(anio) ? 29 : dias[mes - 1];
}

int leerEntero(const char* mensaje, int minimo, int maximo) {
    int valor;
    do {
        cout << mensaje;
        cin >> valor;
        if (cin.eof()) exit(0);
        if (cin.fail()) {
            cin.clear();
            cin.ignore(numeric_limits<streamsize>::max(), '\n');
            valor = minimo - 1;
        }
    } while (valor < minimo || valor > maximo);
    return valor;
}

int main() {
    int anio = leerEntero("Año: ", 1583, 9999);
    int mes = leerEntero("Mes: ", 1, 12);
    int dia = leerEntero("Día: ", 1, diasDelMes(mes, anio));
    int n = dia;
    for (int m = 1; m < mes; m++) n += diasDelMes(m, anio);
    cout << "Es el día número " << n << " del año." << endl;
    return 0;
}
