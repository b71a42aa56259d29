"""What the text of a page is made of. One kind of block a file, none inside another."""

from typing import Final

from wagtail.blocks import Block

from cms.blocks.document import DocumentLinkBlock
from cms.blocks.figures import FiguresBlock
from cms.blocks.heading import HeadingBlock
from cms.blocks.image import ImageBlock
from cms.blocks.paragraph import ParagraphBlock
from cms.blocks.question import QuestionBlock
from cms.blocks.quotation import QuotationBlock
from cms.blocks.step import StepBlock
from cms.blocks.table import TableBlock

BLOCKS: Final[list[tuple[str, Block]]] = [
    ("heading", HeadingBlock()),
    ("paragraph", ParagraphBlock()),
    ("image", ImageBlock()),
    ("quotation", QuotationBlock()),
    ("document", DocumentLinkBlock()),
    ("table", TableBlock()),
    ("figures", FiguresBlock()),
    ("step", StepBlock()),
    ("question", QuestionBlock()),
]
