console.log("Hello from Paddock");
