"""Files of banks: CSV, XLSX, MT940 and camt.053, read into lines of money that came in."""

from marketplace.payments.statements.lines import Line, StatementProblem
from marketplace.payments.statements.reading import FORMS, read_statement

__all__ = ["FORMS", "Line", "StatementProblem", "read_statement"]
