use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

struct TempFile(PathBuf);

impl TempFile {
    fn new(name: &str) -> Self {
        TempFile(std::env::temp_dir().join(format!("{name}-{}", std::process::id())))
    }
}

impl Drop for TempFile {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

fn write_numbers(path: &Path, n: u32) -> io::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    for i in 1..=n {
        writeln!(out, "{i},{}", i * i)?;
    }
    out.flush()
}

fn sum_squares(path: &Path) -> io::Result<u32> {
    let mut sum = 0;
    for line in BufReader::new(File::open(path)?).lines() {
        let line = line?;
        let Some((_, square)) = line.split_once(',') else { continue };
        sum += square.parse::<u32>().map_err(|e| io::Error::new(io::ErrorKind::InvalidData, e))?;
    }
    Ok(sum)
}

fn main() -> io::Result<()> {
    let file = TempFile::new("squares");
    write_numbers(&file.0, 10)?;
    println!("sum {}", sum_squares(&file.0)?);
    let mut log = OpenOptions::new().append(true).read(true).open(&file.0)?;
    log.write_all(b"11,oops\n")?;
    println!("length {}", log.seek(SeekFrom::End(0))?);
    match sum_squares(&file.0) {
        Err(e) if e.kind() == io::ErrorKind::InvalidData => println!("bad data: {e}"),
        other => println!("unexpected: {other:?}"),
    }
    println!("{:?} {}", file.0.extension(), fs::metadata("/no/such/file").is_err());
    Ok(())
}
