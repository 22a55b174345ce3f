using System;
using Microsoft.Data.Sqlite;

class SqliteProducts
{
    static void Main()
    {
        using (var connection = new SqliteConnection("Data Source=:memory:"))
        {
            connection.Open();
            var command = connection.CreateCommand();
            command.CommandText = @"
                CREATE TABLE product (id INTEGER PRIMARY KEY, name TEXT NOT NULL, price REAL);
                INSERT INTO product (name, price) VALUES ('pen', 1.5), ('book', 12);";
            command.ExecuteNonQuery();

            command = connection.CreateCommand();
            command.CommandText = "SELECT name, price FROM product WHERE price > $min ORDER BY price";
            command.Parameters.AddWithValue("$min", 1);
            using (var reader = command.ExecuteReader())
            {
                while (reader.Read())
                {
                    Console.WriteLine($"{reader.GetString(0)}: {reader.GetDouble(1):C}");
                }
            }

            command.CommandText = "SELECT COUNT(*) FROM product";
            Console.WriteLine(command.ExecuteScalar());
        }
    }
}
