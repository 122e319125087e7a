"""Processing: what was accepted is understood, decided on and stored, many messages at a time.

Reading, the DNS, blobs and deciding come first, outside any transaction. Then everything that a
message means to the database is one transaction, which several messages may share.
"""
