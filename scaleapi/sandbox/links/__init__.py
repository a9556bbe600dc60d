"""URLs: signed links, attachments, and fetching from other servers."""
