"""The outside world: photo files, pictures, PDFs, certificates."""
