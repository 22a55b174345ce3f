package main

import (
	"database/sql"
	"fmt"
	"log"

	_ "github.com/mattn/go-sqlite3"
)

type user struct {
	id    int64
	name  string
	email sql.NullString
}

func main() {
	db, err := sql.Open("sqlite3", ":memory:")
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close()

	if _, err := db.Exec(`CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, email TEXT)`); err != nil {
		log.Fatal(err)
	}
	stmt, err := db.Prepare("INSERT INTO users(name, email) VALUES(?, ?)")
	if err != nil {
		log.Fatal(err)
	}
	for i := 0; i < 3; i++ {
		if _, err := stmt.Exec(fmt.Sprintf("user%d", i), nil); err != nil {
			log.Fatal(err)
		}
	}
	rows, err := db.Query("SELECT id, name, email FROM users WHERE id > ?", 1)
	if err != nil {
		log.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var u user
		if err := rows.Scan(&u.id, &u.name, &u.email); err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%+v\n", u)
	}
}
