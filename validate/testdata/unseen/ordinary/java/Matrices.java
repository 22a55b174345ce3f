import java.util.Scanner;

public class Matrices {

    static int[][] leer(Scanner teclado, int filas, int columnas) {
        int[][] m = new int[filas][columnas];
        for (int i = 0; i < filas; i++)
            for (int j = 0; j < columnas; j++) {
                System.out.print("Elemento [" + i + "][" + j + "]: ");
                m[i][j] = teclado.nextInt();
            }
        return m;
    }

    static int[][] multiplicar(int[][] a, int[][] b) {
        int[][] c = new int[a.length][b[0].length];
        for (int i = 0; i < a.length; i++)
            for (int j = 0; j < b[0].length; j++)
                for (int k = 0; k < b.length; k++)
                    c[i][j] += a[i][k] * b[k][j];
        return c;
    }

    static void mostrar(int[][] m) {
        for (int[] fila : m) {
            for (int v : fila) System.out.print(v + "\t");
            System.out.println();
        }
    }

    public static void main(String[] args) {
        Scanner teclado = new Scanner(System.in);
        System.out.print("Filas de A, columnas de A, columnas de B: ");
        int f = teclado.nextInt(), c = teclado.nextInt(), d = teclado.nextInt();
        mostrar(multiplicar(leer(teclado, f, c), leer(teclado, c, d)));
    }
}
