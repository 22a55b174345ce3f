use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};

const ARCHIVO: &str = "inventario.txt";

fn cargar() -> BTreeMap<String, u32> {
    let mut inv = BTreeMap::new();
    if let Ok(f) = File::open(ARCHIVO) {
        for linea in BufReader::new(f).lines().map_while(Result::ok) {
            if let Some((nombre, n)) = linea.split_once('=') {
                inv.insert(nombre.to_string(), n.parse().unwrap_or(0));
            }
        }
    }
    inv
}

fn guardar(inv: &BTreeMap<String, u32>) -> io::Result<()> {
    let mut f = OpenOptions::new().write(true).create(true).truncate(true).open(ARCHIVO)?;
    for (nombre, n) in inv {
        writeln!(f, "{nombre}={n}")?;
    }
    Ok(())
}

fn main() -> io::Result<()> {
    let mut inv = cargar();
    loop {
        print!("a NOMBRE CANTIDAD | l | s > ");
        io::stdout().flush()?;
        let mut orden = String::new();
        if io::stdin().read_line(&mut orden)? == 0 {
            return Ok(());
        }
        match orden.split_whitespace().collect::<Vec<_>>()[..] {
            ["a", nombre, n] => *inv.entry(nombre.into()).or_insert(0) += n.parse().unwrap_or(1),
            ["l"] => inv.iter().for_each(|(k, v)| println!("{k:<20}{v:>5}")),
            ["s"] => return guardar(&inv),
            _ => println!("orden desconocida"),
        }
    }
}
