"""The contract on paper: PDF for printing, DOCX for lawyers who go on writing."""

import io

import docx
from django.template.loader import render_to_string
from django.utils import translation

from marketplace.core.printing import pdf_of
from marketplace.deals.models import ContractRecord

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def contract_pdf(contract: ContractRecord) -> bytes:
    """
    Raises:
        PrintingUnavailable: this machine makes no PDF.
    """
    confirmations = contract.confirmations.select_related("organization", "confirmed_by")
    with translation.override("vi"):
        html = render_to_string(
            "deals/contract_paper.html", {"contract": contract, "confirmations": confirmations}
        )
    return pdf_of(html, stylesheet="css/letter.css")


def contract_docx(contract: ContractRecord) -> bytes:
    paper = docx.Document()
    for number, (heading, text) in enumerate(contract.sections):
        if heading:
            paper.add_heading(heading, level=1 if number == 0 else 2)
        for line in text.splitlines():
            paper.add_paragraph(line)
    paper.add_paragraph(f"SHA-256: {contract.sha256}")
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()
