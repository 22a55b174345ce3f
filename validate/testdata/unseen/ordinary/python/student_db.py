import sqlite3


def create_table(conn):
    cur = conn.cursor()
    cur.execute("DROP TABLE IF EXISTS students")
    cur.execute(
        """CREATE TABLE students (
               id INTEGER PRIMARY KEY AUTOINCREMENT,
               name TEXT NOT NULL,
               grade REAL
           )"""
    )
    conn.commit()


def add_student(conn, name, grade):
    conn.execute("INSERT INTO students (name, grade) VALUES (?, ?)", (name, grade))
    conn.commit()


def delete_student(conn, name):
    conn.execute("DELETE FROM students WHERE name = ?", (name,))
    conn.commit()


def menu():
    print("""
    1. Add student
    2. List students
    3. Delete student
    4. Exit""")
    return input("Choice: ")


def main():
    conn = sqlite3.connect(":memory:")
    create_table(conn)
    while True:
        choice = menu()
        if choice == "1":
            add_student(conn, input("Name: "), float(input("Grade: ")))
        elif choice == "2":
            for row in conn.execute("SELECT id, name, grade FROM students ORDER BY grade DESC"):
                print("%3d %-20s %.1f" % row)
        elif choice == "3":
            delete_student(conn, input("Name: "))
        elif choice == "4":
            break
        else:
            print("Invalid choice!")
    conn.close()


if __name__ == "__main__":
    main()
