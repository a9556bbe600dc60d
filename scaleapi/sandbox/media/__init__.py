"""Image sizes, PNG files and MIME types."""
