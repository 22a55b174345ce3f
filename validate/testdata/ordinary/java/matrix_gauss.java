public class Main {
    static double[] solve(double[][] a, double[] b) {
        int n = b.length;
        for (int p = 0; p < n; p++) {
            int max = p;
            for (int i = p + 1; i < n; i++) if (Math.abs(a[i][p]) > Math.abs(a[max][p])) max = i;
            double[] t = a[p]; a[p] = a[max]; a[max] = t;
            double s = b[p]; b[p] = b[max]; b[max] = s;
            if (Math.abs(a[p][p]) <= 1e-10) throw new ArithmeticException("Matrix is singular");
            for (int i = p + 1; i < n; i++) {
                double alpha = a[i][p] / a[p][p];
                b[i] -= alpha * b[p];
                for (int j = p; j < n; j++) a[i][j] -= alpha * a[p][j];
            }
        }
        double[] x = new double[n];
        for (int i = n - 1; i >= 0; i--) {
            double sum = 0;
            for (int j = i + 1; j < n; j++) sum += a[i][j] * x[j];
            x[i] = (b[i] - sum) / a[i][i];
        }
        return x;
    }

    static void print(double[][] m) {
        for (double[] row : m) {
            for (double v : row) System.out.printf("%7.2f", v);
            System.out.println();
        }
    }

    public static void main(String[] args) {
        double[][] a = {{0, 1, 1}, {2, 4, -2}, {0, 3, 15}};
        double[] b = {4, 2, 36};
        print(a);
        for (double v : solve(a, b)) System.out.printf("%.3f ", v);
        System.out.println();
        long start = System.nanoTime();
        try {
            solve(new double[][]{{1, 2}, {2, 4}}, new double[]{1, 2});
        } catch (ArithmeticException e) {
            System.out.println(e.getMessage());
        }
        System.out.println(System.nanoTime() - start > 0);
    }
}
