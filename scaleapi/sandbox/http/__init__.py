"""HTTP/1.1: from sockets to WSGI."""
