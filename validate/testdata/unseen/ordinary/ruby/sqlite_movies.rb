require 'sqlite3'

db = SQLite3::Database.new(':memory:')
db.results_as_hash = true

db.execute <<~SQL
  CREATE TABLE movies (
    id INTEGER PRIMARY KEY,
    title TEXT NOT NULL,
    year INTEGER
  );
SQL

[['Alien', 1979], ['Heat', 1995], ['Up', 2009]].each do |movie|
  db.execute('INSERT INTO movies (title, year) VALUES (?, ?)', movie)
end

db.execute('SELECT * FROM movies WHERE year > ? ORDER BY title', [1990]) do |row|
  puts "#{row['title'].ljust(20)} #{row['year']}"
end

db.execute('DELETE FROM movies WHERE id = ?', 1)
puts db.get_first_value('SELECT COUNT(*) FROM movies')
