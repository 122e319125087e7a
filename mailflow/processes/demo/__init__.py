"""The demonstration: a dozen varied messages of our own, sent through the SMTP port."""
