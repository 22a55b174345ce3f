use std::fmt;
use std::ops::{Add, Index, IndexMut, Mul, Neg};

#[derive(Debug, Clone, Copy, PartialEq)]
struct Matrix<const R: usize, const C: usize>([[f64; C]; R]);

impl<const R: usize, const C: usize, const K: usize> Mul<Matrix<C, K>> for Matrix<R, C> {
    type Output = Matrix<R, K>;

    fn mul(self, rhs: Matrix<C, K>) -> Matrix<R, K> {
        let mut out = Matrix([[0.0; K]; R]);
        for i in 0..R {
            for j in 0..K {
                out[(i, j)] = (0..C).map(|k| self[(i, k)] * rhs[(k, j)]).sum();
            }
        }
        out
    }
}

impl<const R: usize, const C: usize> Add for Matrix<R, C> {
    type Output = Self;
    fn add(mut self, rhs: Self) -> Self {
        for (a, b) in self.0.iter_mut().flatten().zip(rhs.0.iter().flatten()) {
            *a += b;
        }
        self
    }
}

impl<const R: usize, const C: usize> Neg for Matrix<R, C> {
    type Output = Self;
    fn neg(self) -> Self { Matrix(self.0.map(|row| row.map(|x| -x))) }
}

impl<const R: usize, const C: usize> Index<(usize, usize)> for Matrix<R, C> {
    type Output = f64;
    fn index(&self, (r, c): (usize, usize)) -> &f64 { &self.0[r][c] }
}

impl<const R: usize, const C: usize> IndexMut<(usize, usize)> for Matrix<R, C> {
    fn index_mut(&mut self, (r, c): (usize, usize)) -> &mut f64 { &mut self.0[r][c] }
}

impl<const R: usize, const C: usize> fmt::Display for Matrix<R, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for row in &self.0 {
            writeln!(f, "{}", row.iter().map(|x| format!("{x:6.1}")).collect::<String>())?;
        }
        Ok(())
    }
}

fn main() {
    let a = Matrix([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    let b = Matrix([[7.0, 8.0], [9.0, 10.0], [11.0, 12.0]]);
    print!("{}", a * b);
    print!("{}", a + -a);
}
