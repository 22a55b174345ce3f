import java.sql.*;

public class JdbcStudents {
    private static final String URL = "jdbc:sqlite:school.db";

    public static void main(String[] args) {
        try (Connection con = DriverManager.getConnection(URL)) {
            try (Statement st = con.createStatement()) {
                st.executeUpdate("CREATE TABLE IF NOT EXISTS student (id INTEGER PRIMARY KEY, name TEXT, age INT)");
            }
            insert(con, "Anna", 21);
            insert(con, "Bela", 23);
            list(con, 20);
        } catch (SQLException e) {
            e.printStackTrace();
        }
    }

    static void insert(Connection con, String name, int age) throws SQLException {
        String sql = "INSERT INTO student(name, age) VALUES(?, ?)";
        try (PreparedStatement ps = con.prepareStatement(sql)) {
            ps.setString(1, name);
            ps.setInt(2, age);
            ps.execute();
        }
    }

    static void list(Connection con, int minAge) throws SQLException {
        try (PreparedStatement ps = con.prepareStatement("SELECT * FROM student WHERE age > ?")) {
            ps.setInt(1, minAge);
            ResultSet rs = ps.executeQuery();
            while (rs.next()) {
                System.out.println(rs.getInt("id") + "\t" + rs.getString("name") + "\t" + rs.getInt("age"));
            }
        }
    }
}
