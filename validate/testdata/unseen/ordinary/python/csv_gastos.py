import csv
import io
from datetime import datetime

DATOS = """fecha,categoria,importe
2024-01-03,comida,12.50
2024-01-05,transporte,3.20
2024-02-11,comida,45.00
2024-02-14,ocio,20.00
"""


def leer_gastos(archivo):
    for fila in csv.DictReader(archivo):
        yield {
            "fecha": datetime.strptime(fila["fecha"], "%Y-%m-%d"),
            "categoria": fila["categoria"],
            "importe": float(fila["importe"]),
        }


def resumen(gastos):
    totales = {}
    for g in gastos:
        clave = (g["fecha"].strftime("%Y-%m"), g["categoria"])
        totales[clave] = totales.get(clave, 0) + g["importe"]
    return totales


try:
    archivo = open("gastos.csv", newline="")
except FileNotFoundError:
    archivo = io.StringIO(DATOS)

with archivo:
    for (mes, categoria), total in sorted(resumen(leer_gastos(archivo)).items()):
        print("{:8} {:<12} {:>8.2f} EUR".format(mes, categoria, total))
