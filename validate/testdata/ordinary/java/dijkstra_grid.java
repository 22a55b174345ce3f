import java.util.*;

public class Main {
    private static final int[][] DIRS = {{0, 1}, {1, 0}, {0, -1}, {-1, 0}};

    record Cell(int row, int col, int cost) implements Comparable<Cell> {
        @Override public int compareTo(Cell other) { return Integer.compare(cost, other.cost); }
    }

    static int shortest(int[][] grid) {
        int n = grid.length, m = grid[0].length;
        int[][] dist = new int[n][m];
        for (int[] row : dist) Arrays.fill(row, Integer.MAX_VALUE);
        PriorityQueue<Cell> pq = new PriorityQueue<>();
        dist[0][0] = grid[0][0];
        pq.add(new Cell(0, 0, grid[0][0]));
        while (!pq.isEmpty()) {
            Cell cell = pq.poll();
            if (cell.cost() > dist[cell.row()][cell.col()]) continue;
            if (cell.row() == n - 1 && cell.col() == m - 1) return cell.cost();
            for (int[] d : DIRS) {
                int r = cell.row() + d[0], c = cell.col() + d[1];
                if (r < 0 || c < 0 || r >= n || c >= m) continue;
                int cost = cell.cost() + grid[r][c];
                if (cost < dist[r][c]) {
                    dist[r][c] = cost;
                    pq.offer(new Cell(r, c, cost));
                }
            }
        }
        return -1;
    }

    public static void main(String[] args) {
        int[][] grid = {
            {1, 1, 6, 3, 7},
            {1, 3, 8, 1, 3},
            {2, 1, 3, 6, 5},
            {3, 6, 9, 4, 9},
            {7, 4, 6, 3, 1},
        };
        System.out.println("cheapest path: " + shortest(grid));
        System.out.println("single cell: " + shortest(new int[][]{{5}}));
    }
}
