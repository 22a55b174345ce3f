echo "Hello from Paddock"
