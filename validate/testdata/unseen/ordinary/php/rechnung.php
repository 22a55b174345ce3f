<?php
// Rechnungsformular, Kurs Webprogrammierung

abstract class Artikel
{
    protected $bezeichnung;
    protected $netto;

    public function __construct($bezeichnung, $netto)
    {
        $this->bezeichnung = $bezeichnung;
        $this->netto = $netto;
    }

    abstract public function steuersatz();

    public function brutto()
    {
        return round($this->netto * (1 + $this->steuersatz()), 2);
    }

    public function __toString()
    {
        return str_pad($this->bezeichnung, 20) . number_format($this->brutto(), 2, ',', '.') . ' EUR';
    }
}

class Buch extends Artikel
{
    public function steuersatz() { return 0.07; }
}

class Geraet extends Artikel
{
    public function steuersatz() { return 0.19; }
}

$positionen = array(new Buch('PHP lernen', 29.9), new Geraet('Tastatur', 49));
$summe = 0;
foreach ($positionen as $nr => $p) {
    echo ($nr + 1) . '. ' . $p . "\n";
    $summe += $p->brutto();
}
echo str_repeat('-', 35) . "\nSumme: " . number_format($summe, 2, ',', '.') . " EUR\n";
