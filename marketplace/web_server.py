"""Settings of gunicorn that hold wherever the site is served: `--config python:marketplace.web_server`.

How many workers there are and where they listen is the caller's business.
"""

#: A search for 600 letters with marks, the most its box takes, beside every filter; gunicorn's own
#: limit of 4094 would answer it with an error page.
limit_request_line = 8190
