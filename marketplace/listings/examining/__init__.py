"""What a machine can see of a submission before people decide: copies of what is posted already,
prohibited and restricted technology, marks of secrecy, personal data, what it claims to stand on.

Nothing here decides. A check that cannot be made says so; it is never “nothing found”.
"""
