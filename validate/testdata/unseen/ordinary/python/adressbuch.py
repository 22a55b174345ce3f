# -*- coding: utf-8 -*-
# Uebungsblatt 4, Aufgabe 2: Adressbuch mit Dateispeicherung
import json
import os

DATEINAME = "adressbuch.json"


def laden():
    if not os.path.exists(DATEINAME):
        return []
    with open(DATEINAME, encoding="utf-8") as datei:
        return json.load(datei)


def speichern(eintraege):
    with open(DATEINAME, "w", encoding="utf-8") as datei:
        json.dump(eintraege, datei, indent=2, ensure_ascii=False)


def suchen(eintraege, begriff):
    return [e for e in eintraege if begriff.lower() in e["name"].lower()]


def hauptmenue():
    eintraege = laden()
    while True:
        print("\n(n)eu  (s)uchen  (l)iste  (e)nde")
        auswahl = input("> ").lower()
        if auswahl == "n":
            eintraege.append({"name": input("Name: "), "telefon": input("Telefon: ")})
            speichern(eintraege)
        elif auswahl == "s":
            for e in suchen(eintraege, input("Suchbegriff: ")):
                print(e["name"], "-", e["telefon"])
        elif auswahl == "l":
            for nr, e in enumerate(sorted(eintraege, key=lambda x: x["name"]), 1):
                print(f"{nr:3}. {e['name']:<25} {e['telefon']}")
        elif auswahl == "e":
            print("Auf Wiedersehen!")
            break
        else:
            print("Unbekannte Eingabe")


if __name__ == "__main__":
    hauptmenue()
