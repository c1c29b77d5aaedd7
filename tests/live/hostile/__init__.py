"""A server that answers as the worst of the web does, and logs every byte of both directions."""
