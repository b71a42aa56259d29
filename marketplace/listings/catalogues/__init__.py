"""An organisation's own catalogue as one sheet: a row a listing, a column a field of the ordinary forms."""
