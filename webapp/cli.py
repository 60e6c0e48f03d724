"""What whoever runs the server types: `flask …`."""
