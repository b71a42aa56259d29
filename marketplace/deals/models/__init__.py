from marketplace.deals.models.expressions import ExpressionOfInterest, ExpressionQuerySet

__all__ = ["ExpressionOfInterest", "ExpressionQuerySet"]
