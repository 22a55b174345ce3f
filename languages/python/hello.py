print("Hello from Paddock")
