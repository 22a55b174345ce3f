import socket
import threading

HOST = "127.0.0.1"
PORT = 5050

clients = {}
lock = threading.Lock()


def broadcast(message, sender=None):
    with lock:
        for conn in list(clients):
            if conn is not sender:
                try:
                    conn.sendall(message.encode("utf-8"))
                except OSError:
                    clients.pop(conn, None)


def handle(conn, addr):
    conn.sendall(b"Your name? ")
    name = conn.recv(64).decode("utf-8").strip()
    with lock:
        clients[conn] = name
    broadcast(f"* {name} joined\n", conn)
    while True:
        data = conn.recv(1024)
        if not data or data.strip() == b"/quit":
            break
        broadcast(f"{name}: {data.decode('utf-8')}", conn)
    with lock:
        clients.pop(conn, None)
    broadcast(f"* {name} left\n")
    conn.close()


def main():
    server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind((HOST, PORT))
    server.listen(5)
    print(f"Listening on {HOST}:{PORT}")
    try:
        while True:
            conn, addr = server.accept()
            threading.Thread(target=handle, args=(conn, addr), daemon=True).start()
    except KeyboardInterrupt:
        print("bye")
    finally:
        server.close()


if __name__ == "__main__":
    main()
